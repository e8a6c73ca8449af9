"""What reports list: incidents with what they cost, security incidents, releases, promises, and each rule's alerts."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from shared.config.loader import load
from shared.domain.changes import Change, ChangeKind
from shared.domain.figures import Span, Standing
from shared.domain.impact_statements import Estimate, Figure, Statement, Unknown, unknown_all
from shared.domain.noise import Noise
from shared.domain.quiet_hours import QuietHours, QuietSpan
from shared.domain.reports import Amount, Finding
from shared.domain.rules import METRIC_SOURCE, Comparison, Limit, MetricRule, Unit
from shared.domain.severities import Severity
from shared.domain.signals import SignalKind
from shared.domain.success import SUCCESS_METRICS
from shared.ports.store import Put
from shared.ports.warehouse import Answer
from shared.rendering.report_cells import table_view
from shared.rendering.report_names import COLUMNS, TABLES
from shared.usecases.act import Act, Action, act
from shared.usecases.figure_reading import Asked, read
from shared.usecases.impact_statements import STATEMENTS
from shared.usecases.marks import incidents_of
from shared.usecases.records import body_of, incident_writes
from shared.usecases.report_tables import MOST_ROWS, incident_part, lost_in, release_part, security_part
from shared.usecases.success import own_readings
from shared.usecases.success_tables import alert_part, success_part
from tests.conftest import NIGHT, configuration
from tests.unit.domain.test_effectiveness import incident
from tests.unit.usecases.breach_world import SECRET, BreachWorld, with_team

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
NOW = NIGHT + DAY
SPAN = Span(NIGHT, NOW)
SHIPPED = load()


class Backups:
    """A warehouse that knows of backups alone: 999 of 1,000 were good."""

    def query(self, name, parameters, *, maximum_bytes=None):
        point = {"part": "now", "metric": "backup_success_rate", "start": NIGHT, "seconds": 3_600, "count": 1_000}
        return Answer(({**point, "sum": 0.0, "bad": 1, "bad_clients": 1, "buckets": []},))


@pytest.fixture
def world(world):
    night = Noise(quiet_hours=QuietHours((QuietSpan(time(22), time(7)),)))
    return replace(world, config=configuration(metrics=SHIPPED.metrics, sources=SHIPPED.sources, noise=night))


def does(world, action, incident, person="mona", **more):
    return act(Act(action, incident, person, "test", **more), **world.ports)


def happens(world, name="crash", *, taken_after=0, lasting=40, **changes):
    """An incident that opened, was told, is taken after so many minutes (0: by nobody), and over."""
    incident = world.fires(name, **changes).incident
    world.pump()
    if taken_after:
        world.clock.advance(taken_after * MINUTE)
        does(world, Action.ACKNOWLEDGE, incident)
    world.clock.advance((lasting - taken_after) * MINUTE)
    world.fires(name, event=f"{name} ends", kind=SignalKind.RESOLVED, **changes)
    world.pump()
    return incident


def costs(world, incident, since=0, until=40, **values):
    made = tuple(Estimate(one, values.get(one), unknown=None if one in values else Unknown.LATE) for one in Figure)
    statement = Statement(incident, NOW, NIGHT + since * MINUTE, NIGHT + until * MINUTE, made, is_final=True)
    world.store.commit([Put(STATEMENTS, incident, body_of(statement))])


def found(world):
    return incidents_of(SPAN, world.store)


def named(row):
    """The incident of a row, which is named behind its title."""
    return row["title"].rpartition("(")[2].removesuffix(")")


def cells(table):
    """Each row by its columns."""
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


class TestIncidents:
    def test_the_worst_and_then_the_longest_come_first_each_with_what_is_known_of_it(self, world):
        long = happens(world, "odd", alert_type="other.thing", lasting=90)
        short = happens(world, "odder", alert_type="other.thing", lasting=30)
        worst = happens(world, lasting=5)
        costs(world, worst, users=41.4, orders=3.0, revenue=900.0)
        (table,) = incident_part(found(world), world.store, NOW)
        rows = cells(table)
        assert [named(row) for row in rows] == [worst, long, short]
        assert rows[0]["duration"] == 5 * MINUTE
        assert (rows[0]["affected"], rows[0]["orders"], rows[0]["revenue"]) == (41, 3, Amount(900.0, Unit.MONEY))
        assert (rows[1]["affected"], rows[1]["orders"], rows[1]["revenue"].value) == (None, None, None)

    def test_of_many_as_many_are_shown_as_somebody_reads_and_the_others_are_counted(self, world):
        world.fires("crash")
        many = found(world) * (MOST_ROWS + 3)
        (table,) = incident_part(many, world.store, NOW)
        assert (len(table.rows), table.more) == (MOST_ROWS, 3)

    def test_one_that_goes_on_has_lasted_until_now(self, world):
        world.fires("crash")
        (table,) = incident_part(found(world), world.store, NOW)
        assert cells(table)[0]["duration"] == DAY

    def test_E84_tests_merged_ones_and_restricted_ones_are_in_no_table(self, world):
        secret = BreachWorld(world.store, world.clock, config=with_team())
        secret.fires("sink", **SECRET)
        secret.pump()
        assert secret.incidents()[0].restricted
        world.fires("rehearsal", source="test", alert_type="security.access_denied")
        assert incident_part(found(world), world.store, NOW) == ()
        said, tables = security_part(found(world), NOW)
        assert (said[0].facts["count"], tables) == (0, ())
        assert alert_part(SPAN, config=world.config, store=world.store) == ()
        assert lost_in(found(world), world.store) == ()

    def test_security_incidents_are_counted_by_themselves(self, world):
        happens(world)
        name = happens(world, "guess", alert_type="security.login_failure_burst", lasting=20)
        (said,), (table,) = security_part(found(world), NOW)
        assert said.finding is Finding.SECURITY
        assert said.facts == {"count": 1, "critical": 0, "high": 1, "longest": 1_200.0}
        assert [named(row) for row in cells(table)] == [name]

    def test_what_they_cost_is_what_is_on_record_and_says_of_how_many_nobody_knows(self, world):
        first, second = happens(world), happens(world, "slow")
        (unknown,) = lost_in(found(world), world.store)
        assert (unknown.facts["orders"], unknown.facts["revenue"], unknown.facts["unknown"]) == (None, None, 2)
        costs(world, first, orders=3.0, revenue=900.0)
        costs(world, second, 40, 80)
        happens(world, "third", alert_type="other.thing")
        (said,) = lost_in(found(world), world.store)
        assert said.facts == {"orders": 3.0, "revenue": 900.0, "currency": "EGP", "unknown": 2}

    def test_what_is_wrong_with_the_monitoring_itself_cost_nobody_anything(self, world):
        name = happens(world, "own", source="soukmon", alert_type="soukmon.lost")
        nothing = Statement(name, NOW, NIGHT, NOW, unknown_all(Unknown.OURS), is_final=True)
        world.store.commit([Put(STATEMENTS, name, body_of(nothing))])
        assert lost_in(found(world), world.store) == ()


def test_the_newest_releases_are_listed_oldest_first():
    made = [
        Change(f"c{number}", ChangeKind.RELEASE, "web", NIGHT + number * MINUTE, f"1.{number}", by="ci")
        for number in range(MOST_ROWS + 2)
    ]
    (table,) = release_part(made)
    assert cells(table)[0] == {
        "at": NIGHT + 2 * MINUTE, "service": "web", "version": "1.2", "kind": "release", "by": "ci",
    }  # fmt: skip
    assert (len(table.rows), table.more) == (MOST_ROWS, 2)
    assert release_part([]) == ()


class TestSuccess:
    def part(self, world):
        asked = Asked(SPAN, Span(NIGHT - DAY, NIGHT), 3_600)
        own = own_readings(asked, config=world.config, store=world.store)
        metrics = [world.config.metrics[name] for name in SUCCESS_METRICS]
        readings = read(metrics, asked, config=world.config, warehouse=Backups(), own=own, now=NOW)
        return success_part(readings, config=world.config, store=world.store)

    def test_E84_without_incidents_every_promise_is_listed_and_not_one_is_a_number(self, world):
        said, (table,) = self.part(world)
        rows = {row["measure"]: row for row in cells(table)}
        assert list(rows) == list(SUCCESS_METRICS)
        known = {name for name, row in rows.items() if row["value"].value is not None}
        assert known == {"backup_success_rate"}
        assert {rows[name]["standing"] for name in rows if name not in known} == {Standing.UNKNOWN}
        assert {rows[name]["gap"] for name in rows if name not in known} == {"nothing was measured"}
        assert [one.finding for one in said] == [Finding.ALL_MET]

    def test_every_promise_stands_beside_its_target_and_the_period_before(self, world):
        happens(world, taken_after=12)
        said, (table, by_severity) = self.part(world)
        rows = {row["measure"]: row for row in cells(table)}
        answer = rows["alert_response_time"]
        assert (answer["value"].value, answer["target"].value, answer["standing"]) == (720, 600, Standing.MISSED)
        assert answer["before"].value is None
        assert answer["value"].apart_from == 600
        missed = next(one for one in said if one.facts.get("metric") == "alert_response_time")
        assert (missed.finding, missed.facts["unit"]) == (Finding.MISSED, Unit.SECONDS)
        (row,) = cells(by_severity)
        assert (row["severity"], row["alerts"], row["time_to_acknowledge"], row["time_to_resolve"]) == (
            Severity.CRITICAL, 1, 12 * MINUTE, 40 * MINUTE,
        )  # fmt: skip

    def test_severities_come_worst_first_and_those_without_alerts_not_at_all(self, world):
        happens(world, "odd", alert_type="other.thing")
        happens(world)
        _, (_, table) = self.part(world)
        assert [row["severity"] for row in cells(table)] == [Severity.CRITICAL, Severity.HIGH]


class TestAlerts:
    def table(self, world):
        return alert_part(SPAN, config=world.config, store=world.store)

    def test_E84_without_alerts_there_is_no_table(self, world):
        assert self.table(world) == ()

    def test_each_rule_says_how_useful_its_alerts_were_the_noisiest_first(self, world):
        happens(world, taken_after=5)
        does(world, Action.NOT_USEFUL, happens(world, "odd", alert_type="other.thing", taken_after=20))
        (table,) = self.table(world)
        noisy, good = cells(table)
        assert (noisy["rule"], noisy["alerts"], noisy["useful"], noisy["not_useful"]) == ("any", 1, 0, 1)
        assert noisy["false_positive_rate"] == Amount(100.0, Unit.PERCENT)
        assert (noisy["late"], noisy["slept_through"], noisy["time_to_acknowledge"]) == (1, 1, 20 * MINUTE)
        assert (good["rule"], good["useful"], good["late"], good["slept_through"]) == ("crash_velocity", 1, 0, 0)

    def test_late_by_day_is_not_slept_through(self, world):
        world.clock.advance(timedelta(hours=9))
        happens(world, taken_after=20)
        (row,) = cells(self.table(world)[0])
        assert (row["late"], row["slept_through"]) == (1, 0)

    def with_rules(self, world):
        """The world with a rule that has a limit and one that compares with the past alone."""
        limit = Limit(Comparison.ABOVE, 3.0, Unit.SECONDS)
        made = (
            MetricRule("slow_pages", "alert_response_time", Severity.CRITICAL, ("slack",), limit=limit),
            MetricRule("slower_pages", "alert_response_time", Severity.CRITICAL, ("slack",)),
        )
        return replace(world, config=replace(world.config, metric_rules=made))

    def alert(self, rule):
        return {"source": METRIC_SOURCE, "severity": Severity.CRITICAL, "labels": {"rule": rule}}

    def proposals(self, world):
        return {row["rule"]: row["proposal"] for row in cells(self.table(world)[0])}

    def test_other_settings_are_proposed_where_too_much_was_not_useful_and_a_limit_can_be_moved(self, world):
        world = self.with_rules(world)
        for rule in ("slow_pages", "slower_pages"):
            does(world, Action.NOT_USEFUL, happens(world, rule, **self.alert(rule)))
        does(world, Action.NOT_USEFUL, happens(world, "odd", alert_type="other.thing"))
        assert self.proposals(world) == {"slow_pages": "soukmon tune slow_pages", "slower_pages": "", "any": ""}

    def test_nothing_is_proposed_for_a_rule_that_keeps_the_promise(self, world):
        world = self.with_rules(world)
        happens(world, "pages", **self.alert("slow_pages"))
        assert self.proposals(world) == {"slow_pages": ""}

    def test_E84_a_rule_that_told_nobody_of_anything_is_not_listed(self, world):
        world.store.commit(incident_writes(incident(last_told_at=None), [], None))
        assert len(found(world)) == 1
        assert self.table(world) == ()


def test_every_table_and_column_has_words_in_both_languages(world):
    name = happens(world, "guess", alert_type="security.login_failure_burst", taken_after=20)
    does(world, Action.NOT_USEFUL, name)
    change = Change("c", ChangeKind.RELEASE, "web", NIGHT, "1.0", by="ci")
    tables = (
        *incident_part(found(world), world.store, NOW),
        *security_part(found(world), NOW)[1],
        *release_part([change]),
        *TestSuccess().part(world)[1],
        *alert_part(SPAN, config=world.config, store=world.store),
    )
    assert len(tables) == 6
    for table in tables:
        assert table.name in TABLES
        assert set(table.columns) <= set(COLUMNS)
        for locale in ("en", "ar"):
            shown = table_view(table, locale)
            assert all(len(row) == len(shown.columns) for row in shown.rows)
