"""A fortnight around a clock change on a virtual clock: nothing breaks the design, and whatever would is seen."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from infra.local.year import facts, report
from infra.local.year.oracle.judging import Oracle
from infra.local.year.oracle.verdicts import INVARIANTS, Court
from infra.local.year.running import Result, Span, made
from shared import bootstrap
from shared.cli import year as year_command
from shared.cli.main import run
from shared.config.loader import load
from shared.domain.notifications import WAKING, Channel
from shared.domain.reasons import Notify
from shared.ports.store import Delete, Put
from shared.usecases import report_making

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
START = datetime(2026, 10, 22, 21, tzinfo=UTC)  # midnight in Egypt; the clocks go back on the 29th
FORTNIGHT = Span(START, START + 14 * DAY + HOUR, 11, incidents_a_day=1.5)
ENDS = ("timeline", "chain", "ledger", "counts", "retention")


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """The fortnight with everything that the oracle was told, and the store as it was left."""
    heard, config = [], load()
    few = {"performance_report": config.reporting.reports["performance_report"]}
    config = replace(config, reporting=replace(config.reporting, reports=few))
    year = made(FORTNIGHT, tmp_path_factory.mktemp("year"), config, listener=heard.append)
    try:
        with pytest.MonkeyPatch.context() as patched:  # how reports are drawn is not this test's
            patched.setattr(report_making, "rendered", lambda form, shown: shown.title.encode())
            year.run()
        year.judge()
    finally:
        bootstrap.install()
    return SimpleNamespace(year=year, facts=tuple(heard), config=year.oracle.config, until=year.world.now)


def judged(lived, told):
    """What the oracle finds in another history, by invariant."""
    oracle = Oracle(lived.config, START)
    for fact in told:
        oracle.take(fact)
    oracle.occurrences.finish(lived.until)
    return {one.invariant for one in oracle.court.violations}


def of(lived, kind, wanted=lambda fact: True):
    """The first fact of the kind that is as wanted."""
    return next(fact for fact in lived.facts if isinstance(fact, kind) and wanted(fact))


def changed(lived, fact, *others):
    """The history with these facts in place of one."""
    return [new for old in lived.facts for new in (others if old is fact else (old,))]


def test_a_fortnight_around_a_clock_change_breaks_nothing_of_the_design(lived):
    assert [str(one) for one in lived.year.oracle.court.violations] == []
    assert {name for name, count in lived.year.oracle.court.checks.items() if not count} == set()
    assert lived.year.oracle.court.checks.keys() == INVARIANTS.keys()
    assert lived.year.figures["incidents"] > 15


def test_the_history_as_it_was_told_is_judged_the_same_again(lived):
    assert judged(lived, lived.facts) == set()


def test_the_same_seed_plays_the_same_fortnight(tmp_path):
    span = replace(FORTNIGHT, end=START + DAY, seed=3)
    told = []
    for name in ("one", "other"):
        heard = []
        year = made(span, tmp_path / name, load(), listener=heard.append)
        try:
            year._days()
            for _ in range(40):
                at, does = year._next()
                year.world.clock.set(at)
                does()
        finally:
            bootstrap.install()
        told.append([str(fact) for fact in heard])
    assert told[0] == told[1] != []


def other_person(lived):
    tick = of(lived, facts.Ticked)
    return changed(lived, tick, replace(tick, on_call={**tick.on_call, "primary": "laila"}))


def two_duties(lived):
    tick = of(lived, facts.Ticked)
    return changed(lived, tick, replace(tick, on_call=dict.fromkeys(tick.on_call, tick.on_call["primary"])))


def half_a_day_late(lived):
    """The duty changes in the evening."""
    return [replace(one, on_call=_before(lived, one)) if isinstance(one, facts.Ticked) else one for one in lived.facts]


def _before(lived, tick):
    rota = Oracle(lived.config, START).rota
    late = rota.everybody(tick.at - DAY / 2)
    return late if rota.everybody(tick.at) != late else tick.on_call


def nobody_told(lived):
    """Of an incident that nobody owned until its second step."""
    step = of(lived, facts.Line, lambda one: one.event == "escalated" and one.reason == Notify.ESCALATED)
    return [one for one in lived.facts if not (isinstance(one, facts.Accepted) and one.row.incident == step.incident)]


def step_left_out(lived):
    step = of(lived, facts.Line, lambda one: one.event == "escalated" and one.reason == Notify.ESCALATED)
    return changed(lived, step)


def step_too_early(lived):
    """The first step that waits is taken a minute after the incident opened."""
    step = of(lived, facts.Line, lambda one: one.event == "escalated" and one.reason == Notify.ESCALATED)
    opened = of(lived, facts.Line, lambda one: one.incident == step.incident and one.event == "opened")
    found = [one for one in lived.facts if one is not step]
    found.insert(found.index(opened) + 1, replace(step, at=opened.at + timedelta(seconds=1)))
    return found


def told_twice(lived):
    page = of(lived, facts.Accepted)
    return changed(lived, page, page, page)


def planned_twice(lived):
    page = of(lived, facts.Accepted, lambda one: one.row.reason is Notify.FIRST)
    return changed(lived, page, page, replace(page, reference="another"))


def acknowledged_by_nobody(lived):
    return changed(lived, of(lived, facts.Acted, lambda one: one.happened and one.action == "acknowledge"))


def acknowledgement_for_ever(lived):
    expired = of(lived, facts.Line, lambda one: one.event == "acknowledgement expired")
    return [one for one in lived.facts if not (isinstance(one, facts.Line) and one is expired)]


def woken(lived):
    quiet = [one.incident for one in lived.facts if isinstance(one, facts.Fired) and one.severity in {"low", "medium"}]
    page = of(lived, facts.Accepted, lambda one: one.row.incident in quiet and one.channel is Channel.EMAIL)
    row = replace(page.row, channel=Channel.SMS)
    return changed(lived, page, replace(page, channel=Channel.SMS, row=row))


def silent_night(lived):
    """Everything was silenced all the time."""
    names = {one.service for one in lived.facts if isinstance(one, facts.Fired)}
    return [*(facts.Silenced(at=START, name=name, service=name, end=lived.until) for name in names), *lived.facts]


def held_for_nothing(lived):
    opened = of(lived, facts.Line, lambda one: one.event == "opened" and one.reason == Notify.FIRST)
    held = replace(opened, event="held back", reason="silenced by somebody", detail="silence-1")
    return changed(lived, opened, opened, held)


def never_released(lived):
    released = of(lived, facts.Line, lambda one: one.event in {"released", "told"})
    return [one for one in lived.facts if one is not released]


def job_missed(lived):
    return changed(lived, of(lived, facts.JobRan, lambda one: one.at > START + 5 * HOUR))


def job_twice(lived):
    run_ = of(lived, facts.JobRan)
    return changed(lived, run_, run_, run_)


def job_by_utc(lived):
    """The night's jobs keep their hour in UTC when the clocks have gone back."""
    run_ = of(
        lived, facts.JobRan, lambda one: one.job == "log_rotation" and one.due > datetime(2026, 10, 30, tzinfo=UTC)
    )
    return changed(lived, run_, replace(run_, due=run_.due - HOUR, at=run_.at - HOUR))


def report_missed(lived):
    return changed(lived, of(lived, facts.ReportIssued, lambda one: one.at > START + 2 * DAY))


def final_twice(lived):
    made_ = of(lived, facts.ReportIssued, lambda one: one.edition == "final")
    return changed(lived, made_, made_, made_)


def week_untold(lived):
    return [
        one for one in lived.facts if not (isinstance(one, facts.Accepted) and one.row.bulletin.startswith("oncall"))
    ]


def busy_tick(lived):
    return [*lived.facts, facts.IdleTick(at=lived.until, touched=("notifications",))]


def flooded(lived):
    text = of(lived, facts.Accepted, lambda one: one.channel in WAKING and one.row.reason is not Notify.BULLETIN)
    more = (replace(text, reference=f"more-{n}", row=replace(text.row, step=n)) for n in range(6))
    return changed(lived, text, text, *more)


MUTATIONS = {
    "shifts": (other_person, two_duties, half_a_day_late),
    "reach": (nobody_told,),
    "ladder": (step_left_out, step_too_early),
    "once": (told_twice, planned_twice),
    "owned": (acknowledged_by_nobody, acknowledgement_for_ever),
    "asleep": (woken,),
    "muted": (silent_night, held_for_nothing, never_released),
    "jobs": (job_missed, job_twice, job_by_utc),
    "reports": (report_missed, final_twice),
    "notices": (week_untold,),
    "idle": (busy_tick,),
    "caps": (flooded,),
}


@pytest.mark.parametrize(("invariant", "mutation"), [(name, one) for name, found in MUTATIONS.items() for one in found])
def test_a_history_in_which_the_invariant_is_broken_is_seen(lived, invariant, mutation):
    assert invariant in judged(lived, mutation(lived))


def reopened(store, row):
    return Put("incidents", row("incidents").id, {**row("incidents").body, "state": "triggered"})


def line_gone(store, row):
    return Delete("timeline", row("timeline").id)


def line_changed(store, row):
    return Put("timeline", row("timeline").id, {**row("timeline").body, "detail": "it was nothing"})


def act_changed(store, row):
    return Put("audited", row("audited").id, {**row("audited").body, "actor": "nobody"})


def row_open(store, row):
    return Put("notifications", row("notifications").id, {**row("notifications").body, "state": "planned"})


def row_gone(store, row):
    sent = row("notifications", "sent")
    return Delete("notifications", sent.id)


def old_receipt(store, row):
    return Put("receipts", "an old one", {"at": "2026-01-01T00:00:00.000000Z"})


LEFT = {
    "timeline": (reopened, line_gone),
    "chain": (line_changed, act_changed),
    "ledger": (row_open,),
    "counts": (row_gone,),
    "retention": (old_receipt,),
}


@pytest.mark.parametrize(("invariant", "mutation"), [(name, one) for name, found in LEFT.items() for one in found])
def test_a_store_in_which_the_invariant_is_broken_is_seen(lived, invariant, mutation):
    store, oracle = lived.year.world.store, Oracle(lived.config, START)

    def row(collection, state=""):
        found = store._connection.execute(
            f"SELECT id FROM doc_{collection} WHERE body LIKE ? LIMIT 1", (f'%"state":"{state}%',) if state else ("%",)
        )
        return store.get(collection, found.fetchone()[0])

    write = mutation(store, row)
    before = store.get(write.collection, write.id)
    store.commit([write])
    try:
        oracle.finish(store, lived.year.world.providers, lived.until, until=START)
    finally:
        store.commit([Put(before.collection, before.id, before.body) if before else Delete(write.collection, write.id)])
    assert invariant in {one.invariant for one in oracle.court.violations}


def test_every_invariant_has_a_mutation_that_breaks_it():
    assert {*MUTATIONS, *LEFT} == set(INVARIANTS)


def result(*violations):
    court = Court()
    for one in violations:
        court.find(*one)
    return Result(FORTNIGHT, {"ticks": 7}, court, seconds=61.0, store_bytes=3 << 20)


def test_a_violation_is_named_with_instant_incident_and_reason_and_how_to_play_it_again():
    shown = "\n".join(report.lines(result(("owned", START, "INC-1", "a step was taken while somebody owned it"))))
    assert "2026-10-22T21:00:00Z owned INC-1: a step was taken while somebody owned it" in shown
    assert "2026-10-23 to 2026-11-06 in Egypt, seed 11: 14 days in 61 s" in shown
    assert "violations: 1" in shown
    assert "--seed 11 play it again" in shown


@pytest.mark.parametrize(("found", "code"), [((), 0), ((("once", START, "INC-1", "twice"),), 1)])
def test_the_command_exits_1_with_a_violation_and_is_json_on_request(monkeypatch, capsys, found, code):
    spans = []
    monkeypatch.setattr("infra.local.year.running.simulated", lambda span, **_: spans.append(span) or result(*found))
    assert run(["year", "--from", "2026-10-23", "--days", "14", "--seed", "11", "--json"]) == code
    told = json.loads(capsys.readouterr().out)
    assert [one["about"] for one in told["violations"]] == ["INC-1"] * code
    assert (spans[0].start, spans[0].end) == (START, datetime(2026, 11, 5, 22, tzinfo=UTC))


def test_years_end_on_the_same_day_of_egypts_calendar(monkeypatch):
    spans = []
    monkeypatch.setattr("infra.local.year.running.simulated", lambda span, **_: spans.append(span) or result())
    assert run(["year", "--from", "2026-12-01", "--years", "3"]) == 0
    assert (spans[0].start.isoformat(), spans[0].end.isoformat()) == (
        "2026-11-30T22:00:00+00:00",
        "2029-11-30T22:00:00+00:00",
    )


assert year_command
