"""Codes that other systems give: countries by their form, sectors by OCHA's list."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from .faults import nearest
from .stated_texts import fault

# As HAPI serves them: the coordination groups of OCHA (https://data.humdata.org/dataset/global-coordination-groups-beta,
# a public copy of 2018 to 2026), and four of HAPI's own.
SECTORS = {
    "CCM": "Camp Coordination / Management", "EDU": "Education", "ERY": "Early Recovery", "FSC": "Food Security",
    "HEA": "Health", "LOG": "Logistics", "NUT": "Nutrition", "PRO": "Protection", "PRO-CPN": "Child Protection",
    "PRO-GBV": "Gender Based Violence", "PRO-HLP": "Housing, Land and Property", "PRO-MIN": "Mine Action",
    "SHL": "Emergency Shelter and NFI", "TEL": "Emergency Telecommunications", "WSH": "Water Sanitation Hygiene",
    "Cash": "Cash programming", "Hum": "Humanitarian assistance (unspecified)",
    "Multi": "Multi-sector (unspecified)", "Intersectoral": "Intersectoral",
}  # fmt: skip
_COUNTRY = "^[A-Z]{3}$"


def _fit_country(code: str) -> str:
    if not re.fullmatch(_COUNTRY[1:-1], code):
        meant = f'"{code.upper()}"' if re.fullmatch("[A-Za-z]{3}", code) else ""
        raise fault("country", "is not a country's code", "Three capital letters (ISO 3166-1 alpha-3), as in MLI", meant)
    return code


def _fit_sector(code: str) -> str:
    if code not in SECTORS:
        codes = {name: one for one, name in SECTORS.items()} | {one: one for one in SECTORS}
        near = codes.get(nearest(code, codes), "")
        meant = f'"{near}" ({SECTORS[near]})' if near else ""
        raise fault("sector", "is not a sector of OCHA's", f"One of: {', '.join(SECTORS)}", meant)
    return code


Country = Annotated[str, AfterValidator(_fit_country), Field(json_schema_extra={"pattern": _COUNTRY})]
Sector = Annotated[str, AfterValidator(_fit_sector), Field(json_schema_extra={"enum": list(SECTORS)})]
