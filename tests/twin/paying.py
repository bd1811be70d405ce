"""What was paid together in the twin: the parts of one payment, which are met or fall away together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reliefsim.units import MISSING

from .money import Grant, Parts

if TYPE_CHECKING:
    from .happenings import Happenings


@dataclass(slots=True, eq=False)
class Payment:
    """What was committed for a case or a group: grant, direct and indirect cents of each who pays."""

    service: int
    reference: int
    parts: list[tuple[Grant, int, int]]
    rows: list[list[int]]  # of those who pay together: each one's part as a fact

    @property
    def grant(self) -> int:
        """Who pays most; of equals, who pays first."""
        return max(self.parts, key=lambda part: part[1] + part[2])[0].number

    @property
    def indirect(self) -> int:
        """All indirect cents."""
        return sum(indirect for _, _, indirect in self.parts)

    def is_by(self, number: int) -> bool:
        """Whether a grant pays any of it."""
        return any(grant.number == number for grant, _, _ in self.parts)

    def spend(self, delivery: Happenings) -> None:
        """It is met."""
        for grant, direct, indirect in self.parts:
            delivery.books.spend(grant, self.service, direct, indirect, self.reference)

    def release(self, delivery: Happenings) -> None:
        """It falls away."""
        for grant, direct, indirect in self.parts:
            delivery.books.release(grant, self.service, direct, indirect, self.reference)
        for row in self.rows:
            row[1] = delivery.now


def commit_all(delivery: Happenings, service: int, who: Parts, reference: int) -> Payment:
    """Everybody's part is committed."""
    commit = delivery.books.commit
    parts = [(grant, direct, commit(grant, service, direct, reference)) for grant, direct in who]
    return Payment(service, reference, parts, [])


def keep_parts(delivery: Happenings, payment: Payment, group: int) -> None:
    """What several pay together is a fact of its own."""
    if len(payment.parts) < 2:
        return
    for grant, direct, indirect in payment.parts:
        payment.rows.append(
            [delivery.now, MISSING, payment.reference, direct + indirect, indirect, group, payment.service, grant.number]
        )
    delivery.paid_together += payment.rows
