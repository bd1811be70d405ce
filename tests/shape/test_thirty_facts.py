"""Thirty facts that a newcomer looks for, each in the file whose name suggests it.

1. Which grant pays, and whose turn is it?  ledger: payer
2. Where do several grants pay together?  cofunding: can_pay
3. What is the indirect cost of a payment?  units: indirect_due
4. What may a line of an award still spend?  budget_lines: Budget
5. How does a rule divide money?  rules: RULES
6. What is known at a decision?  planner: Planner
7. When is it decided that a convoy leaves?  convoys: convoy_ready
8. When does a group of sessions begin?  sessions: start_sessions
9. How much is ordered, and when not?  orders: orderable
10. Who stands first in a queue?  queues: head
11. Which team takes a case on?  teams: take_pool
12. What becomes of open cases when a team ends?  handover: team_ends
13. Why is a case unserved?  unserved: reason_unserved
14. When does a service stand still?  breaks: note_break
15. Which laws must every run keep?  audit: BROKEN
16. When does a donor stop work or pay late?  donors: donors_change
17. What does a shock do to a grant?  shock_hits: stops_work
18. On which days is a DTM round held?  dtm_rounds: planned_rounds
19. When is a place closed?  closures: closed_times
20. How many people are displaced on a day?  displacement: displaced
21. How large are households?  size_shares: size_shares
22. How long does something take?  durations: draw_seconds
23. From which stream is a number drawn?  streams: stream_key
24. Which columns has a table?  layout: CASE
25. How wide is an interval?  intervals: intervals
26. When is a difference real?  differences: difference
27. When are there runs enough?  precision: Precision
28. How does a stopped study go on?  checkpoints: check_identity
29. What does a child scenario take from its parent?  resolve: resolve
30. What is the story of one household?  story: story
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "model" / "reliefsim"
FACTS = re.findall(r"^\d+\. .+\?  (\w+): (\w+)$", __doc__ or "", re.MULTILINE)


def _defined(path: Path) -> set[str]:
    """What a file defines at its top."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def test_there_are_thirty() -> None:
    assert len(FACTS) == 30


@pytest.mark.parametrize(("file", "name"), FACTS)
def test_the_file_that_the_name_suggests_is_the_file(file: str, name: str) -> None:
    (path,) = PACKAGE.rglob(f"{file}.py")
    assert name in _defined(path)
