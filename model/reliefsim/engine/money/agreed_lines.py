"""What a donor agrees to becomes budget lines: cents of direct cost of each grant for each service and running costs.

A line is kept over all decisions: what it still has is the line less what was committed or spent of it. It changes in
two ways: the manager may move a part of the award from lines that will not be used to lines that are short, and the
donor may grant an amendment.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...units import largest_remainder

if TYPE_CHECKING:
    from ...scenario.schema_grants import BudgetLine

Lines = list[int]  # cents by service, running costs last


def stated_lines(lines: dict[str, BudgetLine], names: Sequence[str], direct: int) -> Lines:
    """The lines that a grant states, of ``direct`` cents; ``names``: services, running costs last.

    Without a line of their own, running costs have what the others leave.
    """
    mine = [lines.get(name) for name in names]
    shares = [float(line.share.value) if line and line.share else 0.0 for line in mine]
    amounts = [round(line.amount_usd.value * 100) if line and line.amount_usd else 0 for line in mine]
    if any(shares):
        found = largest_remainder(direct, [*shares, max(0.0, 1 - sum(shares))])[:-1]
    else:
        found = amounts if sum(amounts) <= direct else largest_remainder(direct, amounts)
    if names[-1] not in lines:
        found[-1] = direct - sum(found)
    return found


def moved(lines: Sequence[int], spare: Sequence[int], short: Sequence[int], most: int) -> Lines:
    """The lines after up to ``most`` cents went from those that can spare some to those that are short of some."""
    amount = min(most, sum(spare), sum(short))
    taken, given = largest_remainder(amount, spare), largest_remainder(amount, short)
    return [line - less + more for line, less, more in zip(lines, taken, given, strict=True)]
