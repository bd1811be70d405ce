"""Texts, numbers and dates become those of one language, English or French."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from ...results.estimate_rows import Estimate
from .said import Capital, Date, Days, Ends, Listed, Number, Said, Text, Title, capital
from .spread import MOST_DECIMALS, grouped, places_to_show

LANGUAGES = {"en": "en_GB", "fr": "fr"}
NONE = "–"
_MINUS = "\u2212"
_NO_SPACE = re.compile(r"(\d)%")


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

    def told(self, one: Text) -> str:
        """What a view says, in this language."""
        match one:
            case Said(text, values):
                return self.say(text, **{name: self.told(value) for name, value in values.items()})
            case Number(value, kind, is_signed):
                return self.signed(value, kind) if is_signed else self.value(value, kind)
            case Ends(low, high, kind):
                return self.between(low, high, kind) or self.value(math.nan, kind)
            case Date(day):
                return self.date(day)
            case Days(first, last):
                return self.days(first, last)
            case Listed(parts):
                return self.listed([self.told(part) for part in parts])
            case Capital(text):
                return capital(self.told(text))
            case Title(text, is_cut, rule):
                title = self.say(text)
                title = capital(title.split(": ", 1)[1]) if is_cut and ": " in title else title
                return f"{title} ({rule})" if rule else title
        return self.say(one)

    def days(self, first: str, last: str) -> str:
        """Within which days eight of ten runs lie."""
        if first == last:
            return self.date(first)
        if not last:
            return self.say("{low} or later (eight of ten runs)", low=self.date(first))
        return self.say("{low} to {high} (eight of ten runs)", low=self.date(first), high=self.date(last))

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
        in US dollars, ``thousands`` in thousands of them and ``points`` in per cent, with the unit told elsewhere;
        ``chance`` is a share of runs and ``wanted`` a share as it was asked for: 80%, not 80.0%."""
        if math.isnan(value):
            return NONE
        if kind == "chance":
            return self.chance(value)
        if kind == "wanted":
            enough = (places for places in range(3) if math.isclose(round(100 * value, places), 100 * value))
            return self.percent(value, next(enough, 3))
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
        if kind == "usd" and not signed and self.number(low) != self.number(high):
            return self.of_usd(self.between(low, high, "amount"))
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


class Plain(Tongue):
    """English for a text to paste: a space before per cent, days and months in full, as few decimals as will do."""

    def __init__(self) -> None:
        super().__init__("en")

    def say(self, text: str, **values: object) -> str:
        """A text with values in the place of their names in braces."""
        return super().say(_NO_SPACE.sub(r"\1 %", text), **values)

    def of_percent(self, number: str) -> str:
        """A number already written, with the sign for per cent."""
        return f"{number} %"

    def of_usd(self, number: str) -> str:
        """An amount already written, with its unit."""
        return f"USD {number}"

    def chance(self, share: float) -> str:
        """A share of runs; never 0 or 100 of what is not none or all."""
        return f"{100 * share:.0f} %" if share in (0, 1) or 0.01 <= share <= 0.99 else f"{100 * share:.1f} %"

    def value(self, value: float, kind: str) -> str:
        """A value of a kind: a decimal where it has one and is small."""
        if math.isnan(value):
            return "not defined"
        if kind == "chance":
            return self.chance(value)
        if kind in ("share", "wanted"):
            return self.of_percent(f"{100 * value:.1f}".removesuffix(".0"))
        if kind == "points":
            return f"{100 * value:.1f}"
        whole = kind in ("people", "usd", "amount") or value >= 10 or value == round(value)
        return self._of_kind(grouped(value) if whole else f"{value:.1f}", kind)

    def date(self, day: datetime.date | str, form: str = "medium") -> str:
        """``1 November 2012``; empty text stays empty."""
        return super().date(day, "long")

    def days(self, first: str, last: str) -> str:
        """``3 to 20 December 2012 (eight of ten runs)``."""
        one, other = self.date(first), self.date(last)
        if not last or one == other:
            return super().days(first, last)
        begins, ends = one.split(), other.split()
        shared = 2 if begins[1:] == ends[1:] else 1 if begins[2] == ends[2] else 0
        return f"{' '.join(begins[: 3 - shared])} to {other} (eight of ten runs)"


def _scale(kind: str) -> float:
    """What a value is multiplied by before it is written."""
    return {"share": 100.0, "points": 100.0, "thousands": 0.001}.get(kind, 1.0)


def _decimals(value: float, kind: str) -> int:
    """With how many decimals a value is written."""
    return 1 if kind in ("share", "points", "thousands") or (kind == "days" and abs(value) < 1000) else 0


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """The texts of a language by their English words; none for English, whose words they are."""
    if language == "en":
        return {}
    with (files(__package__) / "catalogues" / f"{language}.po").open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file, locale=language) if one.id and one.string}
