"""Who pays what in the twin: one grant, or, where they may, several that put in what their envelopes have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reliefsim.engine.money.ledger import commit, payer, release, spend
from reliefsim.units import MISSING

if TYPE_CHECKING:
    from .happenings import Happenings


def who_pays(delivery: Happenings, service: int, direct: int, ends: int) -> list[tuple[int, int]]:
    """Grants and the direct cents of each, in the order in which they pay; none: the price cannot be whole."""
    alone = payer(delivery.state, service, direct, ends)
    if alone != MISSING:
        return [(alone, direct)]
    if not delivery.plan.scenario.plan.cofund:
        return []
    found, missing = [], direct
    for g in _in_turn(delivery, service, ends):
        part = min(missing, int(delivery.lines[service, g]["left"]))
        missing -= part
        found += [(g, part)] if part else []
    return [] if missing else found


def _in_turn(delivery: Happenings, service: int, ends: int) -> list[int]:
    """The grants that may pay: who ends first, or who has used the smallest part of its envelope."""
    turns = []
    for place, g in enumerate(delivery.pay_order.tolist()):
        grant, line = delivery.grants[g], delivery.lines[service, g]
        in_time = not grant["spent_and_done"] or ends < grant["ends"]
        if line["may_pay"] and grant["is_open"] and in_time:
            used, left = int(line["direct"]), int(line["left"])
            by_shares = delivery.plan.scenario.plan.pay_order == "shares"
            turns.append((used / (used + left) if by_shares and used else 0.0, place, g))
    return [g for _, _, g in sorted(turns)]


@dataclass(slots=True, eq=False)
class Payment:
    """What was committed for a case or a group: grant, direct and indirect cents of each who pays."""

    service: int
    reference: int
    parts: list[tuple[int, int, int]]
    first_row: int = MISSING

    @property
    def grant(self) -> int:
        """Who pays most; of equals, who pays first."""
        return max(self.parts, key=lambda part: part[1] + part[2])[0]

    @property
    def indirect(self) -> int:
        """All indirect cents."""
        return sum(indirect for _, _, indirect in self.parts)

    def is_by(self, grant: int) -> bool:
        """Whether a grant pays any of it."""
        return any(g == grant for g, _, _ in self.parts)

    def spend(self, delivery: Happenings) -> None:
        """It is met."""
        for g, direct, indirect in self.parts:
            spend(delivery.state, self.service, g, direct, indirect, self.reference)

    def release(self, delivery: Happenings) -> None:
        """It falls away."""
        for n, (g, direct, indirect) in enumerate(self.parts):
            release(delivery.state, self.service, g, direct, indirect, self.reference)
            if self.first_row != MISSING:
                delivery.cofunded["released"][self.first_row + n] = delivery.now


def commit_all(delivery: Happenings, service: int, who: list[tuple[int, int]], reference: int) -> Payment:
    """Everybody's part is committed."""
    parts = [(g, direct, commit(delivery.state, service, g, direct, reference)) for g, direct in who]
    return Payment(service, reference, parts)


def keep_parts(delivery: Happenings, payment: Payment, group: int) -> None:
    """What several pay together is a fact of its own."""
    if len(payment.parts) < 2:
        return
    clock: Any = delivery.clock[0]
    payment.first_row = int(clock["cofunded"])
    for g, direct, indirect in payment.parts:
        row: Any = delivery.cofunded[clock["cofunded"]]
        row["time"], row["released"], row["reference"] = delivery.now, MISSING, payment.reference
        row["cents"], row["indirect_cents"] = direct + indirect, indirect
        row["group"], row["service"], row["grant"] = group, payment.service, g
        clock["cofunded"] += 1
