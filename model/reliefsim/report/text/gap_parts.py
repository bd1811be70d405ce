"""What is not met and why, part by part, in the words of tables, pictures, page and terminal: said once, here."""

from __future__ import annotations

from typing import NamedTuple

from ...indicators.gap_passes import MONEY_PARTS


class GapPart(NamedTuple):
    """One part of the gap. ``words``: of a row; ``clause``: how a sentence ends with it; ``told``: on a terminal."""

    indicator: str
    words: str
    clause: str
    told: str


_MONEY = {
    "earmarked": (
        "No money: it lay elsewhere", "for which money lay elsewhere", "Money: lay elsewhere",
        ("of gap_money_usd: cash was in hand, but lay elsewhere: in another service's envelope or the running one, "
        "undivided, or in a grant that may not pay for this service"),
    ),
    "lapsed": (
        "No money: it had lapsed", "for which money had lapsed", "Money: had lapsed",
        "of gap_money_usd: had gone back to a donor who might have paid for it",
    ),
    "late": (
        "No money: it came later", "for which money came later", "Money: came later",
        ("of gap_money_usd: came later from one who may pay for it, or is due at the horizon or after (an award; of"
        " a pledge, only what comes counts)"),
    ),
    "split": (
        "No money: too little in each grant", "for which each grant had too little", "Money: too little in each",
        ("of gap_money_usd: lay in envelopes of this very service, but in no grant was it enough (or it was too near its "
        "end) for what had to be paid at once"),
    ),
    "absent": (
        "No money: there was none", "for which there was no money", "Money: was never there",
        "the rest of gap_money_usd: it was never there",
    ),
}  # fmt: skip
MONEY = tuple(GapPart(f"gap_money_{name}_usd", *_MONEY[name][:3]) for name in MONEY_PARTS)
MEANINGS = {f"gap_money_{name}_usd": _MONEY[name][3] for name in MONEY_PARTS}
OTHERS = (
    GapPart("gap_not_found_usd", "Never found", "of people never found", "Never found"),
    GapPart("gap_access_usd", "Place closed", "in places that were closed", "Place closed"),
    GapPart("gap_goods_usd", "No goods", "without goods", "No goods"),
    GapPart("gap_team_usd", "No free team", "without a free team", "No free team"),
    GapPart(
        "gap_prerequisite_usd", "First service unserved", "behind a first service not served", "First service unserved"
    ),
    GapPart("gap_turned_away_usd", "Turned away", "turned away", "Turned away"),
)
UNMET = (*MONEY, *OTHERS)


REASON_WORDS = {
    "not-found": "never found",
    "prerequisite": "what must come first was not served",
    "access": "place closed",
    "money": "no money",
    "goods": "no goods",
    "team": "no free team",
    "turned-away": "turned away",
}
