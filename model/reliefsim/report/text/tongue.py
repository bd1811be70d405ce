"""Texts, numbers and dates become those of one language, English or French."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from ...results.estimate_rows import Estimate
from .spread import MOST_DECIMALS, places_to_show

LANGUAGES = {"en": "en_GB", "fr": "fr"}
NONE = "–"
_MINUS = "\u2212"


def mark(text: str) -> str:
    """Mark a text for the catalogues that is translated later, where it is shown."""
    return text


class Tongue:
    """One language. A text stands in its catalogue by its English words; labels of the data that do not, stay as stated."""

    def __init__(self, language: str) -> None:
        """``language``: a key of LANGUAGES."""
        self.language = language
        self.locale = Locale.parse(LANGUAGES[language])
        self._texts = catalogue(language)

    def say(self, text: str, **values: object) -> str:
        """A text in this language, with values in the place of their names in braces."""
        found = self._texts.get(text, text)
        return found.format(**values) if values else found

    def number(self, value: float, decimals: int = 0) -> str:
        """A number with the groups and the decimal sign of the language, and a true minus sign."""
        if math.isnan(value):
            return NONE
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        text = str(format_decimal(value, format=pattern, locale=self.locale, decimal_quantization=True))
        return self._minus(text)

    def percent(self, share: float, decimals: int = 1) -> str:
        """A share in per cent."""
        return NONE if math.isnan(share) else self.of_percent(self.number(100 * share, decimals))

    def of_percent(self, number: str) -> str:
        """A number already written, with the sign for per cent as the language sets it."""
        pattern = str(self.locale.percent_formats[None].pattern)
        return number + pattern[pattern.rindex("0") + 1 :]

    def chance(self, share: float) -> str:
        """A share of runs in whole per cent; neither 0 nor 100 unless it is."""
        if math.isnan(share):
            return NONE
        number = 100 * share
        if 0 < number < 1:
            return self.of_percent("<\u00a01")
        return self.of_percent(">\u00a099") if 99 < number < 100 else self.percent(share, 0)

    def usd(self, value: float) -> str:
        """US dollars, whole."""
        return NONE if math.isnan(value) else self.of_usd(self.number(value))

    def of_usd(self, number: str) -> str:
        """An amount already written, with its unit where the language has it."""
        return self.say("USD\u00a0{amount}", amount=number)

    def value(self, value: float, kind: str) -> str:
        """A value of a kind: ``people``, ``cases``, ``usd``, ``share``, ``days``, ``person-days``, ``number``; ``amount`` is
        in US dollars and ``points`` in per cent, both with the unit told elsewhere."""
        if math.isnan(value):
            return NONE
        return self._of_kind(self.number(value * _scale(kind), _decimals(value, kind)), kind)

    def _of_kind(self, number: str, kind: str) -> str:
        """A number already written, with the unit of its kind."""
        return self.of_usd(number) if kind == "usd" else self.of_percent(number) if kind == "share" else number

    def signed(self, value: float, kind: str) -> str:
        """A difference with its sign, which is written as 0 only if it is 0: with more decimals, at last as ``+<0.001``."""
        if value == 0 or math.isnan(value):
            return self.value(value, kind)
        size = abs(value) * _scale(kind)
        places = places_to_show(size, _decimals(value, kind))
        least = self.number(10.0**-MOST_DECIMALS, MOST_DECIMALS)
        number = f"<{least}" if places is None else self.number(size, places)
        return ("+" if value > 0 else _MINUS) + self._of_kind(number, kind)

    def between(self, low: float, high: float, kind: str, signed: bool = False) -> str:
        """From one value to another; empty where there is none."""
        if math.isnan(low) or math.isnan(high):
            return ""
        write = self.signed if signed else self.value
        ends = [write(end, kind) for end in (low, high)]
        return ends[0] if ends[0] == ends[1] else self.say("{low} to {high}", low=ends[0], high=ends[1])

    def spread(self, one: Estimate, kind: str, band: bool) -> str:
        """What stands beside a mean: its interval, or with ``band`` what eight of ten runs lie between; empty if none."""
        low, high = (one.p10, one.p90) if band else (one.low, one.high)
        text = self.between(low, high, kind)
        return "" if text == self.value(one.mean, kind) else text

    def date(self, day: datetime.date | str, form: str = "medium") -> str:
        """A date; empty text stays empty."""
        if isinstance(day, str):
            if not day:
                return ""
            day = datetime.date.fromisoformat(day)
        text = str(format_date(day, format=form, locale=self.locale))
        return f"1er{text[1:]}" if self.language == "fr" and text.startswith("1 ") else text

    def month(self, period: str, form: str = "LLL yyyy") -> str:
        """A month such as ``2013-03`` in words."""
        return str(format_date(datetime.date.fromisoformat(f"{period}-01"), format=form, locale=self.locale))

    def listed(self, words: list[str]) -> str:
        """Words as an enumeration."""
        if len(words) < 2:
            return "".join(words)
        return self.say("{words} and {last}", words=", ".join(words[:-1]), last=words[-1])

    @staticmethod
    def _minus(text: str) -> str:
        bare = text.lstrip("-")
        return bare if not any(digit in bare for digit in "123456789") else text.replace("-", _MINUS)


def _scale(kind: str) -> float:
    """What a value is multiplied by before it is written."""
    return 100.0 if kind in ("share", "points") else 1.0


def _decimals(value: float, kind: str) -> int:
    """With how many decimals a value is written."""
    return 1 if kind in ("share", "points") or (kind == "days" and abs(value) < 1000) else 0


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """The texts of a language by their English words; none for English, whose words they are."""
    if language == "en":
        return {}
    with (files(__package__) / "catalogues" / f"{language}.po").open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file, locale=language) if one.id and one.string}
