"""The further life of an incident: mitigated, reopened by hand, closed; merged; its severity and its roles by hand."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.acting import By, escalate_now, hand_over, snooze
from shared.domain.escalation import Policy, Step
from shared.domain.grouping import absorb
from shared.domain.incidents import Acked, Role, State, acknowledge, resolve
from shared.domain.lifecycle import Life, close, mitigate, reopen
from shared.domain.merging import Merging, merge
from shared.domain.raising import Terms, Weighed, reweigh
from shared.domain.reasons import Notify, Suppressed
from shared.domain.roles import Given, commanded, give
from shared.domain.severities import Severity, SeverityPromise
from shared.domain.signals import SignalKind
from tests.unit.domain.test_grouping import POLICY, T0, around, opened, signal

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LOW = Policy("low", (Step(("team:development",), channels=("email",)),), repeats=0)


def by(minutes=10, person="mona"):
    return By(person, "test", T0 + minutes * MINUTE)


def promised(severity=Severity.CRITICAL, answer=15 * MINUTE, end=4 * HOUR):
    return SeverityPromise(severity, answer, end, "p", timedelta(0), HOUR, MINUTE)


def owed(**changes):
    return replace(opened(), **{"acknowledge_by": T0 + HOUR, "resolve_by": T0 + 8 * HOUR, **changes})


def acked(incident=None, person="mona", minutes=5):
    found = incident or owed()
    return acknowledge(found, person=person, via="test", now=T0 + minutes * MINUTE, expires_after=4 * HOUR).incident


def mitigated(**changes):
    return replace(mitigate(acked(), by(), holds_for=HOUR).incident, **changes)


def resolved(**changes):
    at = T0 + HOUR
    return replace(resolve(owed(), actor="mona", at=at, now=at).incident, **changes)


class TestMitigated:
    def test_nobody_is_paged_and_the_promised_end_stays(self):
        one = mitigated()
        assert (one.state, one.state.is_open, one.ladder.next_at) == (State.MITIGATED, True, None)
        assert (one.resolve_by, one.acknowledge_by) == (T0 + 8 * HOUR, None)

    def test_it_holds_until_the_promised_end_and_never_shorter_than_an_acknowledgement(self):
        assert mitigated().due_at == T0 + 8 * HOUR
        late = mitigate(acked(owed(resolve_by=None)), by(), holds_for=HOUR).incident
        assert late.due_at == T0 + 10 * MINUTE + HOUR

    def test_whoever_is_at_work_keeps_it_and_where_nobody_is_whoever_says_so_owns_it(self):
        assert mitigate(acked(person="omar"), by(), holds_for=HOUR).incident.owner == "omar"
        assert mitigate(owed(), by(), holds_for=HOUR).incident.owner == "mona"

    def test_the_sleeping_owner_of_a_snooze_gives_way_to_whoever_mitigates(self):
        asleep = snooze(owed(), by(1, "omar"), 2 * HOUR).incident
        assert mitigate(asleep, by(), holds_for=HOUR).incident.owner == "mona"

    @pytest.mark.parametrize(
        ("state", "outcome"),
        [
            (State.MITIGATED, Life.ALREADY_MITIGATED),
            (State.RESOLVED, Acked.ALREADY_OVER),
            (State.CLOSED, Acked.CLOSED),
            (State.MERGED, Acked.MERGED),
        ],
    )
    def test_a_refusal_has_a_name(self, state, outcome):
        changed = mitigate(replace(opened(), state=state), by(), holds_for=HOUR)
        assert (changed.outcome, changed.happened) == (outcome, False)

    def test_more_signals_are_counted_in_silence_and_a_worse_one_pages_anew(self):
        again = absorb(signal(T0 + 20 * MINUTE, event_id="e2"), mitigated(), around(T0 + 20 * MINUTE))
        assert (again.reason, again.incident.count, again.steps) == (Suppressed.ACKNOWLEDGED, 2, ())
        worse = signal(T0 + 20 * MINUTE, event_id="e3", values={"crash_percentage": "12"})
        verdict = absorb(worse, mitigated(), around(T0 + 20 * MINUTE))
        assert (verdict.reason, verdict.steps) == (Notify.SEVERITY_RAISED, POLICY.steps[:1])
        assert (verdict.incident.state, verdict.incident.owner) == (State.TRIGGERED, "")

    def test_its_end_by_signal_ends_it(self):
        over = absorb(signal(T0 + HOUR, kind=SignalKind.RESOLVED), mitigated(), around(T0 + HOUR))
        assert (over.reason, over.incident.state) == (Notify.RESOLVED, State.RESOLVED)

    def test_handing_it_over_keeps_it_mitigated_and_escalating_does_not(self):
        moved = hand_over(mitigated(), by(20), "omar", answer_within=MINUTE, expires_after=HOUR).incident
        assert (moved.state, moved.owner, moved.is_offered) == (State.MITIGATED, "omar", True)
        assert escalate_now(mitigated(), by(20)).changed.incident.state is State.TRIGGERED


class TestReopened:
    def back(self, incident, minutes=90, *, is_latest=True):
        return reopen(incident, by(minutes), within=24 * HOUR, is_latest=is_latest)

    def test_the_chain_starts_from_its_first_step_and_nobody_owns_it(self):
        found = self.back(resolved(owner="omar"))
        assert (found.steps, found.changed.outcome) == (POLICY.steps[:1], Life.REOPENED)
        incident = found.changed.incident
        assert (incident.state, incident.owner, incident.resolved_at) == (State.TRIGGERED, "", None)
        assert incident.due_at == T0 + 105 * MINUTE

    @pytest.mark.parametrize(
        ("incident", "minutes", "is_latest", "outcome"),
        [
            (opened(), 90, True, Life.STILL_OPEN),
            (resolved(), 60 * 26, True, Life.TOO_LONG_OVER),
            (resolved(), 90, False, Life.NEWER),
            (resolved(state=State.CLOSED), 90, True, Acked.CLOSED),
            (resolved(state=State.MERGED), 90, True, Acked.MERGED),
        ],
    )
    def test_a_refusal_has_a_name(self, incident, minutes, is_latest, outcome):
        found = self.back(incident, minutes, is_latest=is_latest)
        assert (found.changed.outcome, found.steps, found.changed.happened) == (outcome, (), False)


class TestClosed:
    def test_only_what_is_resolved_and_has_no_task_left_closes(self):
        one = close(resolved(), actor="mona", now=T0 + 2 * HOUR)
        assert (one.outcome, one.incident.state, one.incident.closed_at) == (Life.CLOSED, State.CLOSED, T0 + 2 * HOUR)
        assert close(resolved(open_tasks=1), actor="mona", now=T0).outcome is Life.TASKS_LEFT
        assert close(opened(), actor="mona", now=T0).outcome is Life.NOT_RESOLVED
        assert close(one.incident, actor="mona", now=T0).outcome is Acked.CLOSED

    def test_E57_a_refire_after_it_opens_a_new_incident_that_names_it_even_inside_the_reopen_window(self):
        closed = close(resolved(), actor="mona", now=T0 + 61 * MINUTE).incident
        verdict = absorb(signal(T0 + 65 * MINUTE, event_id="e9"), closed, around(T0 + 65 * MINUTE))
        assert (verdict.reason, verdict.is_new, verdict.incident.previous) == (Notify.FIRST, True, closed.id)

    def test_a_late_signal_leaves_it_as_it_is(self):
        closed = close(resolved(), actor="mona", now=T0 + 2 * HOUR).incident
        verdict = absorb(signal(T0 + MINUTE, event_id="late"), closed, around(T0 + 3 * HOUR))
        assert (verdict.reason, verdict.incident) == (Suppressed.BEFORE_RESOLVE, closed)


class TestMerged:
    def other(self, **changes):
        return replace(opened(), **{"id": "INC-other", "fingerprint": "other", "keys": ("k9",), "count": 4, **changes})

    def test_it_points_at_its_survivor_that_counts_for_both(self):
        found = merge(self.other(), owed(), by())
        assert (found.gone.state, found.gone.merged_into) == (State.MERGED, opened().id)
        assert (found.gone.due_at, found.gone.ladder.next_at, found.gone.warn_at) == (None, None, None)
        assert (found.survivor.count, found.survivor.keys) == (5, ("k1", "k9"))
        assert found.survivor.merged == ("INC-other",)
        assert "INC-other" in found.survivor_entry.detail

    @pytest.mark.parametrize(
        ("gone", "survivor", "outcome"),
        [
            ({"id": "same"}, {"id": "same"}, Merging.ITSELF),
            ({"state": State.MERGED}, {}, Merging.ALREADY),
            ({"state": State.CLOSED}, {}, Merging.CLOSED),
            ({"merged": ("INC-1",)}, {}, Merging.CHAIN),
            ({}, {"state": State.MERGED, "merged_into": "INC-other"}, Merging.INTO_MERGED),
            ({}, {"state": State.RESOLVED}, Merging.INTO_OVER),
            ({}, {"state": State.CLOSED}, Merging.INTO_OVER),
            ({"severity": Severity.CRITICAL}, {}, Merging.INTO_LESS_SEVERE),
            ({"source": "test"}, {}, Merging.REHEARSAL),
            ({"restricted": "HERON"}, {}, Merging.RESTRICTED),
        ],
    )
    def test_a_refusal_has_a_name_and_changes_neither(self, gone, survivor, outcome):
        first, second = self.other(**gone), replace(opened(), **survivor)
        found = merge(first, second, by())
        assert (found.outcome, found.gone, found.survivor) == (outcome, first, second)

    def test_the_survivor_is_over_with_the_last_of_those_it_took_in(self):
        survivor = merge(self.other(), owed(), by()).survivor
        ends = signal(T0 + 20 * MINUTE, kind=SignalKind.RESOLVED, event_id="own")
        first = absorb(ends, survivor, around(T0 + 20 * MINUTE))
        assert (first.reason, first.incident.state) == (Suppressed.OTHERS_FIRING, State.TRIGGERED)
        last = absorb(replace(ends, fingerprint="other"), first.incident, around(T0 + 21 * MINUTE))
        assert (last.reason, last.incident.state) == (Notify.RESOLVED, State.RESOLVED)

    def test_what_fires_again_has_to_end_again(self):
        survivor = merge(self.other(), owed(), by()).survivor
        ends = signal(T0 + 20 * MINUTE, kind=SignalKind.RESOLVED, fingerprint="other", event_id="o")
        once = absorb(ends, survivor, around(T0 + 20 * MINUTE)).incident
        again = absorb(replace(ends, kind=SignalKind.FIRING, event_id="x"), once, around(T0 + 22 * MINUTE)).incident
        own = absorb(replace(ends, fingerprint="fp", event_id="y"), again, around(T0 + 23 * MINUTE))
        assert own.reason is Suppressed.OTHERS_FIRING


class TestSeverityByHand:
    def test_up_pages_from_the_first_step_and_counts_the_end_from_the_start(self):
        found = reweigh(owed(), by(), Terms(Severity.CRITICAL, POLICY, promised()), "the checkout is down")
        incident = found.changed.incident
        assert (found.changed.outcome, found.steps) == (Weighed.RAISED, POLICY.steps[:1])
        assert (incident.severity, incident.resolve_by) == (Severity.CRITICAL, T0 + 4 * HOUR)
        assert incident.acknowledge_by == T0 + 15 * MINUTE
        assert "the checkout is down" in found.changed.entries[0].detail

    def test_whoever_is_paged_late_has_the_promised_time_to_answer(self):
        found = reweigh(owed(), by(30), Terms(Severity.CRITICAL, POLICY, promised()), "worse").changed.incident
        assert found.acknowledge_by == T0 + 45 * MINUTE

    def test_the_owner_keeps_what_got_worse_and_hears_of_it(self):
        found = reweigh(acked(), by(), Terms(Severity.CRITICAL, POLICY, promised()), "worse")
        assert (found.changed.incident.owner, found.changed.incident.state) == ("mona", State.ACKNOWLEDGED)
        assert found.steps == POLICY.steps[:1]

    def test_down_promises_less_and_goes_on_with_the_calmer_chain(self):
        terms = Terms(Severity.LOW, LOW, promised(Severity.LOW, 24 * HOUR, 168 * HOUR))
        found = reweigh(owed(), by(), terms, "one user only")
        incident = found.changed.incident
        assert (found.changed.outcome, found.steps, incident.ladder.policy) == (Weighed.LOWERED, (), LOW)
        assert (incident.acknowledge_by, incident.resolve_by) == (T0 + 24 * HOUR, T0 + 168 * HOUR)
        assert incident.due_at is not None

    def test_what_was_broken_stays_broken(self):
        terms = Terms(Severity.LOW, LOW, promised(Severity.LOW, 24 * HOUR, 168 * HOUR))
        late = owed(acknowledge_by=None)
        assert reweigh(late, by(90), terms, "small").changed.incident.acknowledge_by is None

    def test_signals_raise_what_was_lowered_only_beyond_what_it_was_lowered_from(self):
        terms = Terms(Severity.LOW, LOW, promised(Severity.LOW))
        low = reweigh(owed(), by(), terms, "small").changed.incident
        same = absorb(signal(T0 + 20 * MINUTE, event_id="e2"), low, around(T0 + 20 * MINUTE))
        assert (same.reason, same.incident.severity) == (Suppressed.COUNTED, Severity.LOW)
        worse = signal(T0 + 21 * MINUTE, event_id="e3", values={"crash_percentage": "12"})
        raised = absorb(worse, low, around(T0 + 21 * MINUTE))
        assert (raised.reason, raised.incident.severity) == (Notify.SEVERITY_RAISED, Severity.CRITICAL)

    @pytest.mark.parametrize(
        ("incident", "severity", "reason", "outcome"),
        [
            (owed(), Severity.CRITICAL, " ", Weighed.NO_REASON),
            (owed(), Severity.HIGH, "why", Weighed.THE_SAME),
            (resolved(), Severity.LOW, "why", Acked.ALREADY_OVER),
        ],
    )
    def test_a_refusal_has_a_name(self, incident, severity, reason, outcome):
        found = reweigh(incident, by(), Terms(severity, POLICY, promised(severity)), reason)
        assert (found.changed.outcome, found.steps, found.changed.happened) == (outcome, (), False)


class TestRoles:
    def test_a_role_is_given_taken_and_handed_over_on_the_record(self):
        first = give(owed(), by(), Role.SCRIBE, "omar")
        assert (first.outcome, first.incident.roles) == (Given.GIVEN, {Role.SCRIBE: "omar"})
        second = give(first.incident, by(), Role.SCRIBE, "mona")
        assert (second.outcome, second.incident.roles) == (Given.TAKEN, {Role.SCRIBE: "mona"})
        assert "omar -> mona" in second.entries[0].detail
        assert give(second.incident, by(), Role.SCRIBE, "mona").outcome is Given.ALREADY_THEIRS

    @pytest.mark.parametrize(("state", "outcome"), [(State.CLOSED, Acked.CLOSED), (State.MERGED, Acked.MERGED)])
    def test_what_is_closed_or_merged_has_no_more_roles_to_give(self, state, outcome):
        assert give(replace(opened(), state=state), by(), Role.SCRIBE, "omar").outcome is outcome

    def test_whoever_acknowledges_a_critical_incident_commands_it_unless_somebody_does(self):
        def takes(incident):
            changed = acknowledge(incident, person="mona", via="test", now=T0, expires_after=HOUR)
            return commanded(changed, by()).incident.roles

        critical = owed(severity=Severity.CRITICAL)
        assert takes(critical) == {Role.COMMANDER: "mona"}
        assert takes(replace(critical, roles={Role.COMMANDER: "lead"})) == {Role.COMMANDER: "lead"}
        assert takes(owed()) == {}
