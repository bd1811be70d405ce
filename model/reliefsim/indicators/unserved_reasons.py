"""Why cases are unserved, reason by reason: its name, its meaning and its words, each once.

``MONEY_PARTS`` says the same of why there was no money; ``UNMET_PARTS`` are the parts of the gap as readers see them.
"""

from __future__ import annotations

from typing import NamedTuple

from ..layout import REASON_NAMES, Reason


class Unserved(NamedTuple):
    """One reason, or one part of the want of money.

    ``name``: in the names of indicators; ``meaning``: its definition; ``cases``: said of cases; of its part of the gap,
    ``words``: of a row, ``clause``: how a sentence ends with it, ``told``: on a terminal; ``lacking``: why people go without,
    told of a service; in the catalogues.
    """

    name: str
    meaning: str
    words: str = ""
    clause: str = ""
    told: str = ""
    cases: str = ""
    lacking: str = ""

    @property
    def indicator(self) -> str:
        """Its part of the gap."""
        return f"gap_{self.name}_usd"


def _reason(
    reason: Reason, cases: str, meaning: str, clause: str = "", words: str = "", lacking: str = ""
) -> Unserved:
    return Unserved(REASON_NAMES[reason].replace("-", "_"), meaning, words, clause, words, cases, lacking)


REASONS = {
    Reason.NOT_FOUND: _reason(
        Reason.NOT_FOUND, "never found", "nobody knew of the need", "of people never found", "Never found"
    ),
    Reason.PREREQUISITE: _reason(
        Reason.PREREQUISITE, "what must come first was not served", "what must come first was not served",
        "behind a first service not served", "First service unserved",
        "{service}: the service that must come first is lacking for {people}",
    ),
    Reason.ACCESS: _reason(
        Reason.ACCESS, "place closed", "the place was closed", "in places that were closed", "Place closed",
        "{service}: places are closed to {people}",
    ),
    Reason.MONEY: _reason(
        Reason.MONEY, "no money", "no money that may pay for it, or for what its service must pay next as a whole",
        lacking="{service}: money that may pay for it (windows, earmarks, shares) is lacking for {people}",
    ),
    Reason.GOODS: _reason(
        Reason.GOODS, "no goods", "no goods", "without goods", "No goods", "{service}: goods are lacking for {people}"
    ),
    Reason.TEAM: _reason(
        Reason.TEAM, "no free team", "no free team", "without a free team", "No free team",
        "{service}: a free team is lacking for {people}"
    ),
    Reason.TURNED_AWAY: _reason(
        Reason.TURNED_AWAY, "turned away", "turned away: too many waited, or no goods for a service that does not wait",
        "turned away", "Turned away", "{service}: the queue was too long for {people}",
    ),
}  # fmt: skip
# In the order of gap_passes.MONEY_PARTS.
MONEY_PARTS = (
    Unserved(
        "money_earmarked",
        "of gap_money_usd: cash was in hand, but lay elsewhere: in another service's envelope or the running one, "
        "undivided, or in a grant that may not pay for this service",
        "No money: it lay elsewhere", "for which money lay elsewhere", "Money: lay elsewhere",
    ),
    Unserved(
        "money_lapsed", "of gap_money_usd: had gone back to a donor who might have paid for it",
        "No money: it had lapsed", "for which money had lapsed", "Money: had lapsed",
    ),
    Unserved(
        "money_late",
        "of gap_money_usd: came later from one who may pay for it, or is due at the horizon or after (an award; of a pledge, "
        "only what comes counts)",
        "No money: it came later", "for which money came later", "Money: came later",
    ),
    Unserved(
        "money_split",
        "of gap_money_usd: lay in envelopes of this very service, but in no grant was it enough (or it was too near its "
        "end) for what had to be paid at once",
        "No money: too little in each grant", "for which each grant had too little", "Money: too little in each",
    ),
    Unserved(
        "money_absent", "the rest of gap_money_usd: it was never there",
        "No money: there was none", "for which there was no money", "Money: was never there",
    ),
)  # fmt: skip
OTHERS = tuple(
    REASONS[one]
    for one in (
        Reason.NOT_FOUND, Reason.ACCESS, Reason.GOODS, Reason.TEAM, Reason.PREREQUISITE, Reason.TURNED_AWAY,
    )
)  # fmt: skip
UNMET_PARTS = (*MONEY_PARTS, *OTHERS)
REASON_WORDS = {REASON_NAMES[reason]: one.cases for reason, one in REASONS.items()}
