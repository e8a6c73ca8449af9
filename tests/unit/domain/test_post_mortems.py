"""Which incidents get a post-mortem, when it is due, and what makes it complete."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.elapsed import elapsed
from shared.domain.incidents import Role, State
from shared.domain.post_mortems import (
    PostMortem,
    PostMortemOutcome,
    PostMortemRules,
    Section,
    Wanted,
    completed,
    opened,
    reminded,
    wanted,
    written,
)
from shared.domain.reviews import Month, month_of, month_to_review, repeated
from shared.domain.severities import Severity
from shared.domain.signals import TEST_SOURCE
from tests.conftest import NIGHT
from tests.unit.story_samples import an_incident

RULES = PostMortemRules({Severity.CRITICAL: timedelta(hours=24), Severity.HIGH: timedelta(weeks=1)})
DRAFT = PostMortem("INC-1", "mona", NIGHT, NIGHT + timedelta(hours=24), remind_at=NIGHT + timedelta(hours=18))


@pytest.fixture
def incident():
    return an_incident(resolved_at=NIGHT)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, Wanted.YES),
        ({"state": State.CLOSED}, Wanted.YES),
        ({"severity": Severity.MEDIUM}, Wanted.BY_SEVERITY),
        ({"state": State.ACKNOWLEDGED}, Wanted.NOT_OVER),
        ({"state": State.MERGED}, Wanted.NOT_OVER),
        ({"source": TEST_SOURCE}, Wanted.A_TEST),
        ({"storm": "INC-2"}, Wanted.IN_A_STORM),
    ],
)
def test_an_ended_incident_of_a_severity_that_asks_for_it_gets_one(incident, changes, verdict):
    assert wanted(replace(incident, **changes), RULES) is verdict


@pytest.mark.parametrize(
    ("changes", "owner"),
    [
        ({"roles": {Role.COMMANDER: "lead"}, "owner": "mona"}, "lead"),
        ({"owner": "mona"}, "mona"),
        ({"owner": ""}, "boss"),
    ],
)
def test_whoever_commanded_owns_it_else_the_owner_else_the_default_contact(incident, changes, owner):
    made = opened(replace(incident, **changes), RULES, default_owner="boss", now=NIGHT + timedelta(hours=1))
    assert made.owner == owner
    assert made.due_at == NIGHT + timedelta(hours=24)
    assert made.remind_at == NIGHT + timedelta(hours=18)


def test_it_is_recalled_before_it_is_due_then_when_it_is_then_daily_until_it_is_completed():
    times, mortem, now = [], DRAFT, NIGHT
    for _ in range(24 * 4):
        after = reminded(mortem, now)
        if after is not None:
            times.append((now - NIGHT) / timedelta(hours=1))
            mortem = after
        now += timedelta(hours=1)
    assert times == [18, 24, 48, 72]
    done = completed(with_causes(mortem), actions=1, no_action="", by="mona", now=now).post_mortem
    assert reminded(done, now + timedelta(days=9)) is None


def with_causes(mortem):
    return written(mortem, {Section.CAUSES: "A null."}, by="mona", base=mortem.revision, now=NIGHT).post_mortem


def test_it_is_complete_with_causes_and_an_action_or_a_reason_why_there_is_none():
    def outcome(mortem, **how):
        how = {"actions": 0, "no_action": "", "by": "mona", "now": NIGHT, **how}
        return completed(mortem, **how).outcome

    assert outcome(DRAFT, actions=1) is PostMortemOutcome.NO_CAUSES
    assert outcome(with_causes(DRAFT)) is PostMortemOutcome.NO_ACTIONS
    assert outcome(with_causes(DRAFT), no_action="  ") is PostMortemOutcome.NO_ACTIONS
    assert outcome(with_causes(DRAFT), no_action="a vendor's fault") is PostMortemOutcome.COMPLETED
    assert outcome(with_causes(DRAFT), actions=1) is PostMortemOutcome.COMPLETED
    assert outcome(replace(DRAFT, completed_at=NIGHT), actions=1) is PostMortemOutcome.COMPLETED_BEFORE


def test_a_revision_is_kept_without_secrets_and_only_on_what_it_was_written_on():
    first = written(DRAFT, {Section.CAUSES: " token=abcdef123456 leaked "}, by="mona", base=0, now=NIGHT)
    assert first.post_mortem.sections == {"causes": "token=[secret] leaked"}
    assert first.post_mortem.revision == 1
    again = written(first.post_mortem, {Section.CAUSES: "token=[secret] leaked"}, by="omar", base=1, now=NIGHT)
    assert again.outcome is PostMortemOutcome.SAYS_THE_SAME
    late = written(first.post_mortem, {Section.CAUSES: "else"}, by="omar", base=0, now=NIGHT)
    assert (late.outcome, late.post_mortem) == (PostMortemOutcome.WRITTEN_MEANWHILE, first.post_mortem)


def test_spans_begin_with_the_trouble_and_are_none_where_nothing_is_on_record(incident):
    began = replace(incident, started_at=NIGHT - timedelta(minutes=3), opened_at=NIGHT, first_acknowledged_at=None)
    began = replace(began, resolved_at=None)
    took = elapsed(began, NIGHT + timedelta(seconds=20))
    assert took.detected == timedelta(minutes=3)
    assert took.told == timedelta(minutes=3, seconds=20)
    assert (took.acknowledged, took.mitigated, took.resolved) == (None, None, None)
    assert elapsed(replace(began, started_at=NIGHT + timedelta(minutes=1)), None).detected == timedelta(0)


def test_months_are_egypts_and_reviewed_on_the_first_at_nine():
    last_minute = datetime(2026, 11, 30, 21, 59, tzinfo=UTC)
    assert month_of(last_minute) == Month(2026, 11)
    assert month_of(last_minute + timedelta(minutes=1)) == Month(2026, 12)
    nine = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
    assert month_to_review(nine) == Month(2026, 11)
    assert month_to_review(nine - timedelta(minutes=1)) is None
    assert month_to_review(nine + timedelta(days=2)) == Month(2026, 11)
    assert month_to_review(nine + timedelta(days=3)) is None
    assert str(Month(2026, 1).previous) == "2025-12"
    assert Month(2026, 12).following == Month(2027, 1)


def test_a_rule_with_three_incidents_keeps_coming_back_and_rehearsals_do_not_count(incident):
    three = [replace(incident, id=f"INC-{n}") for n in range(3)]
    test, folded = replace(incident, source=TEST_SOURCE), replace(incident, storm="INC-9")
    assert repeated([*three, test, folded], 3) == (("crash_velocity", 3),)
    assert repeated([*three[:2], test, folded], 3) == ()
