"""The twin's breaks: when a service stands still, for want of money or goods, while people wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reliefsim.layout import Reason
from reliefsim.units import MISSING

if TYPE_CHECKING:
    from .services import Service


class Stillness:
    """One service's breaks. It is looked at when something has happened to the service and all that could start has."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.has_started = False  # something, since it was looked at last
        self.short_since = MISSING
        self._reason, self._since = Reason.NONE, MISSING

    def look(self) -> None:
        """What starts ends a break, if only to begin another."""
        lacks = self._lacks()
        self._note_short(lacks)
        reason = lacks if lacks in (Reason.MONEY, Reason.GOODS) else Reason.NONE
        now = self._service.delivery.now
        if self.has_started or reason != self._reason:
            self.end(now)
            self._reason, self._since = reason, now
        self.has_started = False

    def end(self, second: int) -> None:
        """A break lasts until then (MISSING: beyond the horizon), if there is one and it is no moment."""
        if self._reason and second != self._since:
            self._service.delivery.broken.append((self._since, second, self._service.number, int(self._reason)))
        self._reason = Reason.NONE

    def _lacks(self) -> Reason:
        """What those who wait in open places lack; a team, if nothing else. Nobody waits: nothing."""
        service = self._service
        if service.queue.first() is None:
            return Reason.NONE
        if service.is_unpaid() or not service.can_pay_next():
            return Reason.MONEY
        return Reason(service.is_short() or Reason.TEAM)

    def _note_short(self, lacks: Reason) -> None:
        """Since when nothing but money keeps it from starting: also while nobody waits who would find out."""
        is_over = self.has_started or lacks in (Reason.TEAM, Reason.GOODS)
        if is_over or (lacks == Reason.NONE and self.short_since != MISSING and self._service.could_pay()):
            self.short_since = MISSING
        if lacks == Reason.MONEY and self.short_since == MISSING:
            self.short_since = self._service.delivery.now
