"""The campaign: which faults strike which alerts, the trials on all processors, and what all of it came to."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from multiprocessing import get_context
from statistics import median_high

from infra.local.chaos.boundaries import How, Switch
from infra.local.chaos.trial import Outcome, Told, compared, play, struck, undisturbed
from infra.local.chaos.weather import WEATHERS
from shared.config.loader import load

PUBLISHING, CALLING = "before publishing", "has answered"


@dataclass(frozen=True, slots=True)
class Blow:
    """One trial that is to be played: a fault at the boundary numbered `at`, or the weather of that name."""

    alert: str
    usual: Told
    at: int = 0
    how: How = How.KILL
    weather: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """All trials of one kind of fault; `worst` is the most messages that one fault brought again."""

    fault: str
    injected: int
    lost: int
    replaced: int
    duplicated: int
    worst: int
    usual_recovery: timedelta
    longest_recovery: timedelta


def alerts() -> list[str]:
    """The seven alerts of the mission: the metric rules."""
    return [rule.name for rule in load().metric_rules]


def campaign(chosen: Sequence[str], *, thorough: bool, workers: int, tell: Callable[[int, int], None]) -> list[Outcome]:
    """Play every trial; `tell` is given how many are done, and of how many."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        usual = dict(zip(chosen, pool.map(undisturbed, chosen), strict=True))
        blows = [blow for alert in chosen for blow in blows_of(alert, usual[alert], thorough=thorough)]
        done: list[Outcome] = []
        for outcome in pool.map(played, blows):
            done.append(outcome)
            tell(len(done), len(blows))
    return done


def blows_of(alert: str, usual: Told, *, thorough: bool) -> Iterator[Blow]:
    """Every fault that can strike this alert; of boundaries of one name the first and the last unless `thorough`."""
    places: dict[str, list[int]] = {}
    for number, name in enumerate(usual.crossed):
        places.setdefault(name, []).append(number)
    for name, numbers in places.items():
        for at in numbers if thorough else sorted({numbers[0], numbers[-1]}):
            yield from (Blow(alert, usual, at, how) for how in hows(name))
    yield from (Blow(alert, usual, weather=name) for name in WEATHERS)


def hows(boundary: str) -> list[How]:
    """What can happen at a boundary of this name."""
    if CALLING in boundary:
        return [How.KILL, How.TWICE]
    if PUBLISHING in boundary:
        return [How.KILL, How.FAIL, How.TWICE, How.LATE]
    return [How.KILL] if "is called" in boundary else [How.KILL, How.FAIL]


def played(blow: Blow) -> Outcome:
    """What came of it."""
    if not blow.weather:
        return struck(blow.alert, blow.usual, at=blow.at, how=blow.how)
    weather = WEATHERS[blow.weather]
    usual = play(blow.alert, Switch(), horizon=weather.horizon)
    found = play(blow.alert, Switch(), weather=weather.happens, before=weather.before, horizon=weather.horizon)
    return compared(blow.alert, blow.weather, usual, found)


def lines(outcomes: Sequence[Outcome]) -> list[Line]:
    """The outcomes by the kind of fault."""
    ordered = sorted(outcomes, key=lambda one: one.fault)
    return [_line(fault, list(same)) for fault, same in groupby(ordered, key=lambda one: one.fault)]


def _line(fault: str, same: Sequence[Outcome]) -> Line:
    recoveries = [one.recovery for one in same]
    duplicated = [one.duplicated for one in same]
    lost = sum(one.lost for one in same)
    replaced = sum(one.replaced for one in same)
    return Line(
        fault, len(same), lost, replaced, sum(duplicated), max(duplicated), median_high(recoveries), max(recoveries)
    )
