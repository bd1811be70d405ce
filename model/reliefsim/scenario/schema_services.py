"""The kinds of service a scenario may have: each in a file of its own with its checks, which this one alone names."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .kind_casework import Casework
from .kind_convoy import Convoy
from .kind_goods import Goods, Stock
from .kind_sessions import Sessions
from .service_base import DURATIONS, Duration, PriceList, ServiceBase

KINDS: dict[str, type[ServiceBase]] = {"casework": Casework, "convoy": Convoy, "goods": Goods, "sessions": Sessions}
Service = Annotated[Casework | Goods | Convoy | Sessions, Field(discriminator="kind")]

__all__ = [
    "DURATIONS", "KINDS", "Casework", "Convoy", "Duration", "Goods", "PriceList", "Service", "ServiceBase", "Sessions", "Stock",
]
