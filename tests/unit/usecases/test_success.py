"""The success metrics read from a real store: what people did, and what was sent."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.config.loader import load
from shared.domain.figures import Gap, Span, Standing, Trend
from shared.domain.impact_statements import Statement, Unknown, unknown_all
from shared.domain.job_catalogue import STEPS
from shared.domain.jobs import Run, StepResult, Verdict
from shared.domain.notifications import LedgerState
from shared.domain.signals import SignalKind
from shared.domain.success import OF_INCIDENTS, SUCCESS_METRICS
from shared.errors import PermanentFailureError
from shared.ports.store import Put
from shared.ports.warehouse import Answer
from shared.usecases.act import Act, Action, act
from shared.usecases.continuity import record_review
from shared.usecases.effectiveness import effectiveness
from shared.usecases.figure_reading import Asked, figure, read
from shared.usecases.impact_statements import STATEMENTS
from shared.usecases.records import JOB_RUNS, NOTIFICATIONS, body_of, incident_writes
from shared.usecases.success import cases_of, own_readings, read_success
from tests.conftest import NIGHT, configuration
from tests.unit.domain.test_effectiveness import incident
from tests.unit.usecases.breach_world import SECRET, BreachWorld, with_team

DAY = timedelta(days=1)
SPAN = Span(NIGHT, NIGHT + DAY)
ASKED = Asked(SPAN, Span(NIGHT - DAY, NIGHT), 3_600)
SHIPPED = load()


class NothingMeasured:
    """A warehouse without a row."""

    def query(self, name, parameters, *, maximum_bytes=None):
        return Answer()


@pytest.fixture
def world(world):
    return replace(world, config=configuration(metrics=SHIPPED.metrics, sources=SHIPPED.sources))


def does(world, action, incident, person="mona", **more):
    return act(Act(action, incident, person, "test", **more), **world.ports)


def ends(world, name="crash"):
    return world.fires(name, event=f"{name} ends", kind=SignalKind.RESOLVED)


def figures(world, asked=ASKED):
    own = own_readings(asked, config=world.config, store=world.store)
    metrics = [SHIPPED.metrics[name] for name in OF_INCIDENTS]
    readings = read(metrics, asked, config=world.config, warehouse=NothingMeasured(), own=own, now=asked.span.until)
    return {one.name: figure(one, readings, world.config) for one in metrics}


def values(world, asked=ASKED):
    return {name: one.value for name, one in figures(world, asked).items()}


def happens(world, name="crash", *, taken_after=6, lasting=40):
    """An incident that is taken and over so many minutes after it opened."""
    incident = world.fires(name).incident
    world.pump()
    world.clock.advance(timedelta(minutes=taken_after))
    does(world, Action.ACKNOWLEDGE, incident)
    world.clock.advance(timedelta(minutes=lasting - taken_after))
    ends(world, name)
    world.pump()
    return incident


def test_E84_without_incidents_every_figure_is_a_gap_instead_of_0(world):
    for one in figures(world).values():
        assert (one.value, one.standing, one.gap) == (None, Standing.UNKNOWN, Gap.NO_DATA)


def test_E84_an_incident_that_was_taken_and_mended_is_its_own_mean(world):
    happens(world)
    found = values(world)
    assert (found["alert_response_time"], found["resolution_time"], found["recovery_time"]) == (360, 2_400, 2_400)
    assert found["false_positive_rate"] == 0


def test_E84_what_nobody_took_has_no_answer_and_counts_with_its_age_where_recovery_is_told(world):
    world.fires("crash")
    world.pump()
    found = values(world)
    assert (found["alert_response_time"], found["resolution_time"]) == (None, None)
    assert found["recovery_time"] == DAY.total_seconds()


def test_E84_a_reopened_incident_is_one_from_its_first_opening_to_its_last_end(world):
    name = happens(world, lasting=20)
    world.clock.advance(timedelta(minutes=5))
    does(world, Action.REOPEN, name)
    world.clock.advance(timedelta(minutes=35))
    does(world, Action.RESOLVE, name)
    found = values(world)
    assert (found["alert_response_time"], found["resolution_time"]) == (360, 3_600)
    assert len(cases_of(SPAN, config=world.config, store=world.store)) == 1


def test_E84_a_merged_incident_is_counted_with_its_survivor(world):
    survivor = world.fires("crash").incident
    other = world.fires("slow", service="web").incident
    world.pump()
    does(world, Action.MERGE, other, into=survivor)
    assert [one.incident.id for one in cases_of(SPAN, config=world.config, store=world.store)] == [survivor]


@pytest.mark.parametrize("source", ["test", "firebase"])
def test_E84_a_test_incident_counts_nowhere(world, source):
    world.fires("crash", source=source)
    world.pump()
    assert (values(world)["false_positive_rate"] is None) is (source == "test")


def test_E84_a_restricted_incident_counts_nowhere(tmp_path, world):
    breached = BreachWorld(world.store, world.clock, config=with_team(metrics=SHIPPED.metrics))
    breached.fires("sink", **SECRET)
    breached.pump()
    assert breached.incidents()[0].restricted
    assert cases_of(SPAN, config=breached.config, store=breached.store) == []


def test_E84_what_was_judged_not_useful_is_a_false_positive(world):
    happens(world)
    does(world, Action.NOT_USEFUL, happens(world, "slow"))
    assert values(world)["false_positive_rate"] == 50


def test_E84_the_impact_is_assessed_once_a_statement_is_on_record_even_that_it_is_unknown(world):
    first, _ = happens(world), happens(world, "slow")
    assert values(world)["impact_assessed_rate"] == 0
    made = Statement(first, NIGHT, NIGHT, NIGHT + DAY, unknown_all(Unknown.NOT_TRACED), is_final=True)
    world.store.commit([Put(STATEMENTS, first, body_of(made))])
    assert values(world)["impact_assessed_rate"] == 50


def test_E84_stakeholders_were_told_when_the_first_message_about_it_went_out_to_one_of_them(world):
    world.fires("crash")
    world.pump()
    assert values(world)["stakeholders_told_time"] == DAY.total_seconds()
    world.tick(minutes=15)
    world.tick(minutes=15)  # the chain has come to the executives
    assert values(world)["stakeholders_told_time"] == 30 * 60


def test_E84_a_message_that_failed_told_no_stakeholder(world):
    world.fires("crash")
    world.pump()
    world.tick(minutes=15)
    for notifier in world.notifiers.values():
        notifier.faults = [PermanentFailureError("no such address")] * 20
    world.tick(minutes=15)
    assert [row for row in world.ledger(recipient="boss") if row.sent_at is None]
    assert values(world)["stakeholders_told_time"] == DAY.total_seconds()


def test_E84_a_message_that_the_provider_could_not_deliver_told_no_stakeholder_either(world):
    world.fires("crash")
    world.pump()
    world.tick(minutes=15)
    world.tick(minutes=15)
    for row in world.ledger(recipient="boss"):
        undelivered = replace(row, state=LedgerState.FAILED_PERMANENT)
        world.store.commit([Put(NOTIFICATIONS, row.id, body_of(undelivered))])
    assert values(world)["stakeholders_told_time"] == DAY.total_seconds()


def test_E84_what_nobody_was_told_of_counts_nowhere(world):
    world.store.commit(incident_writes(incident(last_told_at=None), [], None))
    assert cases_of(SPAN, config=world.config, store=world.store) == []


def test_E84_an_incident_belongs_to_the_span_in_which_it_opened_and_is_compared_with_the_one_before(world):
    happens(world, taken_after=4)
    world.clock.advance(DAY)
    happens(world, "slow", taken_after=12)
    later = Asked(Span(NIGHT + DAY, NIGHT + 2 * DAY), SPAN, 3_600)
    answer = figures(world, later)["alert_response_time"]
    assert (answer.value, answer.before, answer.trend) == (720, 240, Trend.WORSE)
    assert answer.standing is Standing.MISSED


def test_E84_the_effectiveness_of_alerting_leaves_restricted_incidents_and_tests_out(world):
    breached = BreachWorld(world.store, world.clock, config=with_team(metrics=SHIPPED.metrics))
    breached.fires("sink", **SECRET)
    breached.fires("rehearsal", source="test")
    breached.pump()
    happens(world)
    found = effectiveness(store=world.store, clock=world.clock)
    assert (found.total.told, list(found.rules)) == (1, ["crash_velocity"])


def test_E84_without_a_warehouse_our_own_promises_are_told_and_the_others_are_gaps(world):
    happens(world)
    found = {
        one.metric.name: (one.value, one.gap)
        for one in read_success(
            DAY, config=world.config, store=world.store, warehouse=None, now=world.clock.now() + timedelta(hours=1)
        )
    }
    assert list(found) == list(SUCCESS_METRICS)
    assert found["alert_response_time"] == (360, None)
    assert found["uptime"] == (None, Gap.FAILED)


def job_ran(world, job, started_at, *verdicts, took=timedelta(minutes=5)):
    results = tuple(
        StepResult(step, verdict, evidence={"verified": 1, "broken": int(verdict is Verdict.FAIL)})
        for step, verdict in zip(STEPS[job], verdicts, strict=False)
    )
    run = Run(job, started_at, started_at, started_at, results=results, finished_at=started_at + took)
    world.store.commit([Put(JOB_RUNS, run.id, {**body_of(run), "is_due": "yes"})])


def by_jobs(world):
    found = read_success(DAY, config=world.config, store=world.store, warehouse=None, now=SPAN.until)
    return {one.metric.name: one for one in found if one.metric.source == "jobs"}


def test_E84_before_any_job_ran_nothing_is_known_of_backups(world):
    found = by_jobs(world)
    assert {name: (one.value, one.gap) for name, one in found.items()} == dict.fromkeys(
        ("backup_success_rate", "disaster_recovery_test_age", "continuity_review_age"), (None, Gap.NO_DATA)
    )


def test_E84_the_nights_of_the_span_make_the_rate_of_good_backups(world):
    four = [Verdict.PASS] * 4
    job_ran(world, "backup_verification", NIGHT - timedelta(hours=2), *four)
    job_ran(world, "backup_verification", NIGHT + timedelta(hours=2), Verdict.FAIL, *four[1:])
    found = by_jobs(world)["backup_success_rate"]
    assert (found.value, found.count, found.before, found.standing) == (75.0, 4, 100.0, Standing.MISSED)


def test_E84_the_age_of_the_last_test_that_passed_is_told_against_its_target(world):
    passed = [Verdict.PASS] * 4
    job_ran(world, "backup_integrity_test", SPAN.until - 40 * DAY, *passed)
    job_ran(world, "backup_integrity_test", SPAN.until - 9 * DAY, Verdict.FAIL, *[Verdict.SKIPPED] * 3)
    found = by_jobs(world)["disaster_recovery_test_age"]
    assert found.value == (40 * DAY - timedelta(minutes=5)).total_seconds()
    assert found.before == (39 * DAY - timedelta(minutes=5)).total_seconds()
    assert found.standing is Standing.MET


def test_E84_a_test_that_passed_more_than_a_quarter_ago_misses_its_target(world):
    job_ran(world, "backup_integrity_test", SPAN.until - 93 * DAY, *[Verdict.PASS] * 4)
    assert by_jobs(world)["disaster_recovery_test_age"].standing is Standing.MISSED


def test_E84_the_age_of_the_continuity_plan_s_review_is_told_as_of_each_span_s_end(world):
    world.clock.set(SPAN.until - 10 * DAY)
    record_review("mona", "", config=world.config, store=world.store, clock=world.clock)
    world.clock.set(SPAN.until - timedelta(hours=2))
    record_review("mona", "", config=world.config, store=world.store, clock=world.clock)
    found = by_jobs(world)["continuity_review_age"]
    assert (found.value, found.before, found.standing) == (2 * 3_600, 9 * 86_400, Standing.MET)
