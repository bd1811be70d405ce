"""The delivery kernel: all services together, case by case, up to the next event of the calendar.

Within one second the phases have one order (design: one instant, one order); the numbers are the priorities of the
SimPy events, so that kernel and calendar interleave exactly.
"""

from __future__ import annotations

from ...compiled import compiled, fetch_ahead, inlined
from ...layout import CASEWORK, CONVOY, DEPARTURE_DUE, GOODS, NEVER, NOTHING_NEEDED, ORDER_DUE, ROOM_DUE, SESSIONS
from ...units import MISSING
from ..state import State
from .audit import check_balances
from .breaks import note_break
from .cases import GAVE_UP, LEFT, NOT_OPENED, end_case, open_case
from .convoys import convoy_ready
from .groups import arrive_or_meet, next_look
from .orders import orderable
from .queues import WAITING, heap_pop
from .sessions import start_sessions
from .starts import start_singles
from .teams import IN_SERVICE
from .unserved import end_unserved

(
    WINDOW_ENDS, LEAVING, ACCESS, MONEY_IN, GOODS_IN, SERVICE_ENDS, DAY_BEGINS, ARRIVING, PLANNING, PAYING, STARTING,
) = range(10, 21)  # fmt: skip

_NUMBER = (1 << 32) - 1


@compiled
def advance(state: State, until: int, phase: int) -> int:
    """Deliver up to, not including, ``phase`` of second ``until``; what is needed then.

    Returns NOTHING_NEEDED, or early, at the first instant that needs a decision, DEPARTURE_DUE or ORDER_DUE (of
    clock.need_service), or ROOM_DUE where breaks need a longer table; where a law of the model is broken, its number
    below zero (see audit.BROKEN).
    """
    need = _deliver(state, until, phase)
    broken = check_balances(state)
    return -broken if broken else need


@compiled
def _deliver(state: State, until: int, phase: int) -> int:
    """Second after second in which something happens, phase after phase."""
    clock = state.clock[0]
    while True:
        if clock.breaks + state.services.shape[0] > state.breaks.shape[0]:
            return ROOM_DUE  # each queue may break once before this is asked again
        now = _next_second(state)
        if now > until or (now == until and phase <= LEAVING):
            clock.now = until
            return NOTHING_NEEDED
        clock.now = now
        _patience_ends(state)
        _households_leave(state)
        if now == until and phase <= SERVICE_ENDS:
            return NOTHING_NEEDED
        _services_end(state)
        if now == until and phase <= ARRIVING:
            return NOTHING_NEEDED
        _needs_arise(state)
        if now == until and phase <= STARTING:
            return NOTHING_NEEDED
        need = _start(state)
        if need != NOTHING_NEEDED or now == until:
            return need


@inlined
def _next_second(state: State) -> int:
    """The second of the next thing that happens to a case."""
    clock = state.clock[0]
    second = NEVER
    if clock.leave_at < state.leavers.shape[0]:
        second = min(second, state.leavers[clock.leave_at] >> 32)
    if clock.wake_at < state.wakes.shape[0]:
        second = min(second, state.wakes[clock.wake_at] >> 32)
    if clock.ends > 0:
        second = min(second, state.ends[0] >> 32)
    if clock.patience > 0:
        second = min(second, state.patience[0] >> 32)
    if clock.to_open > 0:
        second = clock.now
    for s in range(state.services.shape[0]):
        second = min(second, state.services[s].look_at)
    return int(max(second, clock.now))


@compiled
def _households_leave(state: State) -> None:
    clock = state.clock[0]
    while clock.leave_at < state.leavers.shape[0] and state.leavers[clock.leave_at] >> 32 <= clock.now:
        home = state.households[state.leavers[clock.leave_at] & _NUMBER]
        clock.households_left += 1
        clock.people_left += home.size
        for c in range(home.first_case, home.first_case + home.cases):
            outcome = state.cases[c].outcome
            if outcome in (WAITING, NOT_OPENED):
                end_unserved(state, c, LEFT)
        clock.leave_at += 1


@compiled
def _patience_ends(state: State) -> None:
    clock = state.clock[0]
    while clock.patience > 0 and state.patience[0] >> 32 <= clock.now:
        c = state.patience[0] & _NUMBER
        clock.patience = heap_pop(state.patience, clock.patience)
        if state.cases[c].outcome == WAITING:
            end_unserved(state, c, GAVE_UP)


@compiled
def _services_end(state: State) -> None:
    clock = state.clock[0]
    while clock.ends > 0 and state.ends[0] >> 32 <= clock.now:
        second = state.ends[0] >> 32
        number = state.ends[0] & _NUMBER
        clock.ends = heap_pop(state.ends, clock.ends)
        for soon in (1, 2):
            if soon < clock.ends and state.ends[soon] & _NUMBER < clock.cases:
                fetch_ahead(state.cases, state.ends[soon] & _NUMBER)
                fetch_ahead(state.work, state.ends[soon] & _NUMBER)
        if number >= clock.cases:
            arrive_or_meet(state, number - clock.cases)
        elif state.cases[number].outcome == IN_SERVICE and state.cases[number].ended == second:
            end_case(state, number)


@compiled
def _needs_arise(state: State) -> None:
    """Cases open in the order of household and member, whether their need arises or what comes before was served."""
    clock = state.clock[0]
    if clock.to_open > 1:
        state.to_open[: clock.to_open].sort()
    place = 0
    while clock.wake_at < state.wakes.shape[0] and state.wakes[clock.wake_at] >> 32 <= clock.now:
        c = state.wakes[clock.wake_at] & _NUMBER
        _fetch_wakes(state, clock.wake_at)
        while place < clock.to_open and state.to_open[place] < c:
            _open_follower(state, state.to_open[place])
            place += 1
        open_case(state, c)
        clock.wake_at += 1
    for last in range(place, clock.to_open):
        _open_follower(state, state.to_open[last])
    clock.to_open = 0


@inlined
def _fetch_wakes(state: State, at: int) -> None:
    """What the next wakes will look at: the case first, then, when that is there, its household."""
    if at + 16 < state.wakes.shape[0]:
        c = state.wakes[at + 16] & _NUMBER
        fetch_ahead(state.cases, c)
        fetch_ahead(state.work, c)
        fetch_ahead(state.households, state.cases[state.wakes[at + 8] & _NUMBER].household)


@compiled
def _open_follower(state: State, c: int) -> None:
    if state.cases[c].outcome == NOT_OPENED:  # its need may have arisen, and it opened, in this very second
        state.work[c].is_to_open = 0
        open_case(state, c)


@compiled
def _start(state: State) -> int:
    """Queue by queue, in the order of names: start what can start."""
    clock = state.clock[0]
    for s in range(state.services.shape[0]):
        service = state.services[s]
        if service.look_at > clock.now:
            continue
        clock.need_service = s
        if service.kind == CASEWORK:
            start_singles(state, s)
        elif service.kind == GOODS:
            start_singles(state, s)
            if orderable(state, s)[0] > 0:
                return ORDER_DUE
        elif service.kind == CONVOY:
            if convoy_ready(state, s):
                return DEPARTURE_DUE
            if service.only_on_schedule:
                service.due = 0  # who could not go on the day waits for the next
        elif service.kind == SESSIONS:
            start_sessions(state, s)
        note_break(state, s)
        service.look_at = next_look(state, s)
    clock.need_service = MISSING
    return NOTHING_NEEDED
