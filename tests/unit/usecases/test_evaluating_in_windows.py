"""Metric rules while somebody works on what they measure, and what that work teaches of the usual: nothing."""

from dataclasses import replace

import pytest

from shared.adapters.sqlite_state import SqliteState
from shared.domain.maintenance import Window
from shared.domain.maintenance_rules import concerned, spans_left_out
from shared.domain.matchers import parse
from shared.usecases.window_records import window_write
from tests.unit.usecases.test_evaluating import HOUR, MINUTE, NOW, SHIPPED, Table, clock, tick, world  # noqa: F401 - fixtures
from tests.unit.usecases.world import MemoryBus

SLOW = replace(next(r for r in SHIPPED.metric_rules if r.name == "error_rate_alert"), every=6 * HOUR)
CONFIG = replace(SHIPPED, metric_rules=(SLOW,))
WINDOW = Window("w", NOW + 5 * MINUTE, NOW + 65 * MINUTE, "new index", "mona")


def evaluations(world, clock, minutes):  # noqa: F811 - the fixtures
    """How many rules were evaluated in each of the minutes."""
    found = []
    for _ in range(minutes):
        found.append(tick(world, clock, config=CONFIG).rules)
        clock.advance(MINUTE)
    return found


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (WINDOW, [1, 0, 0, 0, 0, 1, 1, 1]),
        (replace(WINDOW, loud=True), [1, 0, 0, 0, 0, 1, 1, 1]),
        (replace(WINDOW, matchers=(parse('service="nothing"'),)), [1, 0, 0, 0, 0, 0, 0, 0]),
        (replace(WINDOW, closed_by="mona", end=WINDOW.start), [1, 0, 0, 0, 0, 0, 0, 0]),
    ],
)
def test_inside_a_window_its_rules_are_evaluated_each_minute_however_seldom_else(world, clock, window, expected):  # noqa: F811
    world[0].commit([window_write(window, None)])
    assert evaluations(world, clock, 8) == expected


def test_a_source_that_is_read_every_quarter_of_an_hour_is_read_each_minute_inside(world, clock):  # noqa: F811
    store, _, table = world
    seldom = {name: replace(one, every=15 * MINUTE) for name, one in SHIPPED.sources.items()}
    config = replace(CONFIG, sources=seldom)
    for expected in (1, 10):
        table.asked.clear()
        for _ in range(10):
            tick(world, clock, config=config)
            clock.advance(MINUTE)
        assert sum(name == "rollup_requests" for name, _ in table.asked) == expected
        store.commit([window_write(replace(WINDOW, id=str(expected), start=clock.now(), end=clock.now() + HOUR), None)])


def test_a_rule_leaves_out_the_windows_of_what_it_measures():
    web, other = (
        replace(WINDOW, matchers=(parse(text),)) for text in (f'service="{SLOW.service}"', 'rule="something_else"')
    )
    cancelled = replace(WINDOW, closed_by="mona", end=WINDOW.start)
    mine = (web.start.timestamp(), web.end.timestamp())
    assert spans_left_out(SLOW, [web, other, cancelled]) == (mine,)
    assert spans_left_out(SLOW, [WINDOW]) == (mine,)
    assert (concerned([SLOW], [other]), concerned([SLOW], [web])) == (frozenset(), frozenset({SLOW.name}))


class UsuallyBad(Table):
    """A table whose past weeks were bad at this hour of the week, as if something was worked on then every week."""

    def rows(self, parameters):
        for one in super().rows(parameters):
            weekly = (
                one["part"] == "hour" and (NOW.replace(minute=0) - HOUR - one["start"]) % (7 * 24 * HOUR) == 0 * HOUR
            )
            yield one | {"bad": 900, "bad_clients": 900} if weekly else one


@pytest.mark.parametrize(("windows", "says"), [(0, "chronic"), (4, "fired")])
def test_what_was_bad_only_while_somebody_worked_is_not_taken_for_usual(tmp_path, clock, windows, says):  # noqa: F811
    store = SqliteState(tmp_path / "state.db")
    table = UsuallyBad(clock)
    table.bad["error_rate"] = lambda at: 15 if at >= NOW - 30 * MINUTE else 0
    for week in range(1, windows + 1):
        end = NOW - week * 7 * 24 * HOUR
        store.commit([window_write(replace(WINDOW, id=f"w{week}", start=end - HOUR, end=end, closed_by="mona"), None)])
    assert tick((store, MemoryBus(), table), clock, rules=("error_rate_alert",)).said == {"error_rate_alert": says}
