"""SimPy's calendar with the phases of one second: what the kernel may do before the next event, and in which order."""

from __future__ import annotations

from typing import Any

import simpy

from ..delivery.kernel import (
    ACCESS,
    ARRIVING,
    DAY_BEGINS,
    GOODS_IN,
    LEAVING,
    MONEY_IN,
    PAYING,
    PLANNING,
    SERVICE_ENDS,
    STARTING,
    WINDOW_ENDS,
)

__all__ = [
    "ACCESS", "ARRIVING", "DAY_BEGINS", "GOODS_IN", "LEAVING", "MONEY_IN", "PAYING", "PLANNING", "SERVICE_ENDS",
    "STARTING", "WINDOW_ENDS", "Calendar", "Moment",
]  # fmt: skip


class Calendar(simpy.Environment):
    """An environment whose clock counts whole seconds and whose priorities are phases."""

    def next_key(self) -> tuple[float, int]:
        """Second and phase of the next event.

        ``peek`` tells the second alone; the phase is the other half of the key that SimPy sorts its events by.
        """
        if not self._queue:
            return float("inf"), 0
        second, phase, _, _ = self._queue[0]
        return second, phase

    def put(self, event: simpy.Event, phase: int, second: int) -> None:
        """Let ``event`` happen in ``phase`` of ``second``."""
        # SimPy sorts by any whole number; its type knows only its own two priorities.
        self.schedule(event, phase, second - self._now)  # type: ignore[arg-type]

    def call(self, event: simpy.Event, phase: int, second: int) -> None:
        """Trigger a waiting ``event``, to happen in ``phase`` of ``second``."""
        event._ok, event._value = True, None
        self.put(event, phase, second)

    def at(self, second: int, phase: int, value: Any = None) -> Moment:
        """An event in ``phase`` of ``second``, which must not have passed."""
        return Moment(self, second, phase, value)


class Moment(simpy.Event):
    """An event that is triggered from the start, like a timeout, but in a stated phase."""

    def __init__(self, calendar: Calendar, second: int, phase: int, value: Any = None) -> None:
        super().__init__(calendar)
        self._ok = True
        self._value = value
        calendar.put(self, phase, second)

