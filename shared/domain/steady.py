"""From single windows to an alert that holds still: a rule's `for`, hysteresis, clean windows and flapping.

`for` and `keep_firing_for` are Prometheus's (a timer from the first breached, or first clear, evaluation); the two
thresholds of flapping, one to enter and a lower one to leave, are Nagios's.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.rules import Comparison, Limit, NoData


class Phase(StrEnum):
    """Where an alert is."""

    OK = "ok"
    PENDING = "pending"  # breached, not yet for long enough
    FIRING = "firing"
    RECOVERING = "recovering"  # still firing, but clear of late
    FLAPPING = "flapping"  # changes too often to be worth a word each time


class Why(StrEnum):
    """What a window meant. Only those for which `is_news` is true are told to anybody."""

    FIRED = "breached for as long as the rule asks"
    FIRED_WITHOUT_DATA = "no data for as long as the rule asks, which it counts as a fault"
    RESOLVED = "clear for as many windows as the rule asks"
    BEGAN_FLAPPING = "changed too often; nothing more is said until it is stable"
    STABLE_OK = "stable again: not firing"
    STABLE_FIRING = "stable again: firing"
    QUIET = "nothing is wrong"
    PENDING = "breached, not yet for long enough"
    WITHDRAWN = "no longer breached before it was for long enough"
    STILL_FIRING = "still breached"
    NOT_CLEAR = "no longer breached, but not clear"
    RECOVERING = "clear, not yet for long enough"
    RELAPSED = "breached again before it was clear for long enough"
    HELD = "no data: as it was"
    SUPPRESSED = "flapping: not told"
    DUPLICATE = "this window was judged before"
    OLDER = "a newer window was judged before"

    @property
    def is_news(self) -> bool:
        """True when somebody may have to be told."""
        return self in NEWS


SETTLED = frozenset({Phase.OK, Phase.FIRING})
NEWS = frozenset(
    {Why.FIRED, Why.FIRED_WITHOUT_DATA, Why.RESOLVED, Why.BEGAN_FLAPPING, Why.STABLE_OK, Why.STABLE_FIRING}
)


class _Reading(StrEnum):
    """What one window says, missing data included."""

    BREACHED = "breached"
    BETWEEN = "between"
    CLEAR = "clear"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SteadyState:
    """What has to be remembered of a rule between two evaluations; the default is that of a new rule.

    `beneath` is the phase but for flapping, entered with the window that ended at `since`. `clean` counts the clear
    windows in a row, `changes` are the latest window ends at which it began or ceased to fire.
    """

    beneath: Phase = Phase.OK
    since: datetime | None = None
    clean: int = 0
    flapping: bool = False
    changes: tuple[datetime, ...] = ()
    window_end: datetime | None = None

    @property
    def phase(self) -> Phase:
        """The phase to show."""
        return Phase.FLAPPING if self.flapping else self.beneath

    @property
    def is_firing(self) -> bool:
        """Whether it fires, told or (flapping) not."""
        return self.beneath in {Phase.FIRING, Phase.RECOVERING}


@dataclass(frozen=True, slots=True)
class Transition:
    """What the window that ended at `at` did, and why."""

    why: Why
    before: Phase
    after: Phase
    at: datetime


@dataclass(frozen=True, slots=True)
class Steady:
    """How steady a breach must be to fire, and its end to resolve.

    Fires once breached at every evaluation of a span of at least `for_`. Resolves after `clear_windows` clear windows
    in a row that span at least `keep_firing_for`; a window is clear beyond `clear` (in the metric's unit), or, if that
    is None, when not breached. `flapping_changes` within `flapping_within` are flapping, until `calm` passes without
    a change. Raises ValueError for numbers that mean nothing and for `no_data` that is still to be inherited.
    """

    for_: timedelta = timedelta(0)
    clear: float | None = None
    clear_windows: int = 1
    keep_firing_for: timedelta = timedelta(0)
    no_data: NoData = NoData.HOLD
    flapping_changes: int = 10
    flapping_within: timedelta = timedelta(hours=1)
    calm: timedelta = timedelta(minutes=30)

    def __post_init__(self) -> None:
        if self.no_data is NoData.INHERIT:
            raise ValueError("no_data must be what the metric says, not 'inherit'")
        if self.clear_windows < 1 or self.flapping_changes < 1:
            raise ValueError("clear_windows and flapping_changes must be at least 1")

    def observe(
        self, state: SteadyState, value: float | None, *, limit: Limit, at: datetime
    ) -> tuple[SteadyState, Transition]:
        """Take the value of the window that ended at `at`; None (or no number) when nothing was measured."""
        if value is None or math.isnan(value):
            return self.step(state, breached=None, at=at)
        cleared = None
        if self.clear is not None:
            cleared = value < self.clear if limit.comparison is Comparison.ABOVE else value > self.clear
        return self.step(state, breached=limit.is_breached_by(value), cleared=cleared, at=at)

    def step(
        self, state: SteadyState, *, breached: bool | None, cleared: bool | None = None, at: datetime
    ) -> tuple[SteadyState, Transition]:
        """Take the window that ended at `at`; `breached` None is no data, `cleared` None the opposite of `breached`.

        A window that was judged before, or is older than one that was, changes nothing.
        """
        if state.window_end is not None and at <= state.window_end:
            why = Why.DUPLICATE if at == state.window_end else Why.OLDER
            return state, Transition(why, state.phase, state.phase, at)
        after, why = self._moved(state, self._reading(breached=breached, cleared=cleared), at)
        if why is Why.FIRED and breached is None:
            why = Why.FIRED_WITHOUT_DATA
        after, why = self._told(state, after, why, at)
        return after, Transition(why, state.phase, after.phase, at)

    def _reading(self, *, breached: bool | None, cleared: bool | None) -> _Reading:
        if breached is None:
            return {NoData.ALERT: _Reading.BREACHED, NoData.OK: _Reading.CLEAR}.get(self.no_data, _Reading.UNKNOWN)
        if breached:
            return _Reading.BREACHED
        return _Reading.BETWEEN if cleared is False else _Reading.CLEAR

    def _moved(self, state: SteadyState, reading: _Reading, at: datetime) -> tuple[SteadyState, Why]:
        if reading is _Reading.UNKNOWN:
            return state, Why.HELD
        if reading is _Reading.BREACHED:
            return self._worse(state, at)
        return self._better(state, reading, at)

    def _worse(self, state: SteadyState, at: datetime) -> tuple[SteadyState, Why]:
        if state.beneath is Phase.FIRING:
            return state, Why.STILL_FIRING
        if state.beneath is Phase.RECOVERING:
            return replace(state, beneath=Phase.FIRING, since=at, clean=0), Why.RELAPSED
        since = state.since if state.beneath is Phase.PENDING and state.since else at
        if at - since >= self.for_:
            return replace(state, beneath=Phase.FIRING, since=at, clean=0), Why.FIRED
        return replace(state, beneath=Phase.PENDING, since=since), Why.PENDING

    def _better(self, state: SteadyState, reading: _Reading, at: datetime) -> tuple[SteadyState, Why]:
        if state.beneath is Phase.OK:
            return state, Why.QUIET
        if state.beneath is Phase.PENDING:
            return replace(state, beneath=Phase.OK, since=at), Why.WITHDRAWN
        if reading is _Reading.BETWEEN:
            since = state.since if state.beneath is Phase.FIRING else at
            return replace(state, beneath=Phase.FIRING, since=since, clean=0), Why.NOT_CLEAR
        since = state.since if state.beneath is Phase.RECOVERING and state.since else at
        clean = state.clean + 1
        if clean >= self.clear_windows and at - since >= self.keep_firing_for:
            return replace(state, beneath=Phase.OK, since=at, clean=0), Why.RESOLVED
        return replace(state, beneath=Phase.RECOVERING, since=since, clean=clean), Why.RECOVERING

    def _told(self, before: SteadyState, after: SteadyState, why: Why, at: datetime) -> tuple[SteadyState, Why]:
        """What is told of it: the change that is one too many begins flapping, a calm spell ends it."""
        changed = before.is_firing is not after.is_firing
        changes = (*after.changes, at)[-self.flapping_changes :] if changed else after.changes
        after = replace(after, changes=changes, window_end=at)
        if before.flapping:
            if why is Why.HELD or after.beneath not in SETTLED or at - changes[-1] < self.calm:
                return after, Why.SUPPRESSED
            return replace(after, flapping=False, changes=()), Why.STABLE_FIRING if after.is_firing else Why.STABLE_OK
        if len(changes) == self.flapping_changes and at - changes[0] <= self.flapping_within:
            return replace(after, flapping=True), Why.BEGAN_FLAPPING
        return after, why
