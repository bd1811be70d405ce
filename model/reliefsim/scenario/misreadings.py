"""A number or a date as people write it becomes what it may have meant, to be advised and never to be used."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

DIGITS = "Write digits, as in 25000"
A_DATE = "Write a date, as in 2025-07-01"
_LONGEST = 60  # characters that are looked at: longer ones are no number that anybody means
_MINUS, _APOSTROPHES = "\u2212\u2012\u2013", "_\u2019\u02bc\u2032`\u00b4"
_SEPARATORS = {"\u066b": ".", "\u066c": ",", "\u060c": ",", "\uff0c": ",", "\uff0e": "."}
_FACTORS = {
    **dict.fromkeys(["k", "thousand", "thousands", "mille"], 1_000),
    **dict.fromkeys(["m", "mn", "mln", "mio", "million", "millions"], 1_000_000),
    **dict.fromkeys(["bn", "billion", "billions", "milliard", "milliards"], 1_000_000_000),
}
# Words beside a number that leave its size as it is: keys say their unit, and these are the units of most of them.
_UNITS = frozenset([
    "usd", "us$", "$", "dollar", "dollars", "eur", "€", "euro", "euros", "£", "xof", "fcfa", "people", "persons", "personnes",
    "households", "ménages", "day", "days", "jour", "jours", "kit", "kits", "cases", "about", "environ", "ca", "~",
])  # fmt: skip
_NUMBER = re.compile(r"[+-]?[0-9](?:[0-9.,' ]{0,60}[0-9])?")
_YEAR, _MONTH, _PART = "(?:19|20|21)[0-9]{2}", "(?:0?[1-9]|1[0-2])", "(?:fy|w[0-9]{1,2}|[qhst][1-4])"
_NAMED = "(?:jan|fe[bv]|fév|ma[riy]|a[pv]r|jui?[nl]|au?g|ao[uû]|sep|oct|nov|d[eé]c)[a-zéû]{0,9}[. ]{1,2}"
_PART_OF_DATE = re.compile(
    rf"{_PART}[ /-]?(?:[0-9]{{2}}|{_YEAR})(?:[/-][0-9]{{2,4}})?|{_YEAR}[ /-]?{_PART}|{_NAMED}{_YEAR}"
    rf"|{_YEAR}[/-]{_MONTH}|{_MONTH}[/-]{_YEAR}|{_YEAR}[/-](?:[0-9]{{2}}|{_YEAR})"
)


def plain(text: str) -> str:
    """A text with the digits, signs and spaces of any script as ASCII has them."""
    found = []
    for one in text.strip()[: _LONGEST + 1]:
        digit = unicodedata.decimal(one, None)
        if digit is not None:
            found.append(str(digit))
        elif unicodedata.category(one) == "Zs":
            found.append(" ")
        else:
            found.append("-" if one in _MINUS else "'" if one in _APOSTROPHES else _SEPARATORS.get(one, one))
    return "".join(found)


def is_part_of_date(text: str) -> bool:
    """Whether a text is a month, a year or a quarter, as in 2025-07, FY2025 or July 2025."""
    return _PART_OF_DATE.fullmatch(plain(text).strip("\"'").lower()) is not None


def numbers_meant(text: str) -> list[str]:
    """The numbers that a text may mean, as TOML writes them; none where its size is not known."""
    bare = plain(text)
    found = list(_NUMBER.finditer(bare))
    if len(bare) > _LONGEST or len(found) != 1 or is_part_of_date(text):
        return []
    number = found[0]
    words = f"{bare[: number.start()]} {bare[number.end() :]}".lower().split()
    factors = [_FACTORS[word] for word in words if word in _FACTORS]
    percent = words.count("%")
    if any(word not in _FACTORS and word not in _UNITS and word != "%" for word in words) or len(factors) + percent > 1:
        return []
    sign = "-" if number[0].startswith("-") else ""
    meant = [sign + one for one in _readings(number[0].lstrip("+-"))]
    scale = Decimal(factors[0]) if factors else Decimal("0.01") if percent else None
    return meant if scale is None else list(dict.fromkeys(_figure(Decimal(one) * scale) for one in meant))


def _readings(body: str) -> list[str]:
    """The numbers that digits with points, commas, spaces and apostrophes between them may be."""
    body = body.replace(" ", "'")
    points, commas = body.count("."), body.count(",")
    if points and commas:
        last = "." if body.rindex(".") > body.rindex(",") else ","
        whole, _, part = body.partition(last)
        return _decimal(whole, ",'" if last == "." else ".'", part) if body.count(last) == 1 else []
    mark = "." if points else ","
    if points + commas != 1:
        return _decimal(body, "'" if not points + commas else f"{mark}'", "")
    whole, _, part = body.partition(mark)
    small = _decimal(whole, "'", part)
    large = _decimal(f"{whole}{part}", "'", "") if small else []
    if "'" in body or whole.strip("0") == "":
        return small  # what separates thousands is another mark, or nothing is before this one
    is_group = len(part) == 3 and len(whole) <= 3
    if mark == ",":
        return large if is_group else small + large
    return small + large if is_group else small


def _decimal(whole: str, separators: str, part: str) -> list[str]:
    """Whole digits in groups, a point, and a part; nothing where the groups are none."""
    groups = re.split(f"[{separators}]", whole)
    used = {one for one in whole if one in separators}
    is_western = all(len(one) == 3 for one in groups[1:])
    is_indian = used == {","} and len(groups[-1]) == 3 and all(len(one) == 2 for one in groups[1:-1])
    grouped = len(groups) == 1 or (len(used) == 1 and 1 <= len(groups[0]) <= 3 and (is_western or is_indian))
    if not grouped or not (part.isdecimal() or not part):
        return []
    digits = "".join(groups).lstrip("0") or "0"
    return [f"{digits}.{part}" if part.strip("0") else digits]


def _figure(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def hint(text: str) -> str:
    """What to write instead of a number given as text."""
    if is_part_of_date(text):
        return f"{A_DATE}, or digits"
    meant = numbers_meant(text)
    return f"Write {' or '.join(meant)}" if meant else DIGITS
