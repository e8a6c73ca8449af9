"""Whom a step reaches when addresses have died, and who gets a push beside it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.escalation import Step
from shared.domain.notifications import Channel, Recipient, Route
from shared.domain.reach import reached
from shared.domain.severities import Severity
from tests.conftest import NIGHT, configuration

DIRECTORY = configuration().directory
ALL = ("slack", "email", "sms")
ONCALL = Step(("oncall:primary", "slack:incidents"))
DEVICE = "dEvIcE0000000000000001:APA91b"


def people(**changes):
    kept = {name: replace(DIRECTORY.people[name], **changed) for name, changed in changes.items()}
    return replace(DIRECTORY, people={**DIRECTORY.people, **kept})


def reach(directory, *, step=ONCALL, channels=ALL, severity=Severity.CRITICAL):
    return reached(step, Route(directory, channels), at=NIGHT, severity=severity)


def names(found):
    return [f"{r.channel} {r.id}" for r in found.recipients]


NO_SMS, NOTHING = frozenset({"sms"}), frozenset({"sms", "voice", "email", "push"})


def test_without_a_dead_address_nothing_changes():
    assert names(reach(DIRECTORY)) == ["email omar", "sms omar", "slack slack:incidents"]


def test_E39_an_address_that_is_dead_is_not_planned_for():
    assert names(reach(people(omar={"off": NO_SMS}))) == ["email omar", "slack slack:incidents"]


def test_who_is_on_call_gets_another_way_when_the_rule_s_own_ways_are_dead():
    found = reach(people(omar={"off": NO_SMS}), channels=("slack", "sms"))
    assert (names(found), found.unreachable) == (["slack slack:incidents", "voice omar"], ())


def test_nobody_is_called_for_what_may_not_wake_people():
    found = reach(people(omar={"off": frozenset({"email"})}), channels=("email",), severity=Severity.MEDIUM)
    assert (names(found), found.unreachable) == (["email lead"], ("omar",))


def test_E61_who_is_on_call_and_cannot_be_reached_at_all_is_replaced_by_the_default_contact():
    found = reach(people(omar={"off": NOTHING}))
    assert names(found) == ["slack slack:incidents", "sms lead", "email lead"]
    assert found.unreachable == ("omar",)


def test_E61_the_default_contact_is_told_on_what_still_works():
    found = reach(people(omar={"off": NOTHING}, lead={"off": frozenset({"email", "sms"})}))
    assert names(found) == ["slack slack:incidents", "voice lead"]


def test_a_step_to_a_team_is_not_moved_to_the_default_contact_by_one_who_is_out_of_reach():
    found = reach(people(omar={"off": NOTHING}), step=Step(("team:engineering",)))
    assert (names(found), found.unreachable) == (["email lead", "sms lead"], ())


def test_a_device_gets_a_push_once_beside_texts_and_mails():
    found = reach(people(omar={"devices": (DEVICE,)}))
    assert names(found) == ["email omar", "sms omar", "slack slack:incidents", "push omar"]


@pytest.mark.parametrize(
    ("severity", "channels", "count"),
    [(Severity.HIGH, ("email",), 1), (Severity.MEDIUM, ALL, 0), (Severity.LOW, ALL, 0), (Severity.HIGH, ("slack",), 0)],
)
def test_what_may_not_wake_people_sends_no_push(severity, channels, count):
    directory = people(omar={"devices": (DEVICE,)}, lead={"devices": (DEVICE,)})
    found = reach(directory, channels=channels, severity=severity, step=Step(("oncall:primary", "slack:incidents")))
    pushes = [r for r in found.recipients if r == Recipient("omar", Channel.PUSH)]
    assert len(pushes) == count


def test_a_device_is_enough_to_be_reached():
    left = {"off": frozenset({"sms", "voice", "email"}), "devices": (DEVICE,)}
    found = reach(people(omar=left))
    assert (names(found), found.unreachable) == (["slack slack:incidents", "push omar"], ())


def test_E61_a_gap_still_falls_to_the_default_contact():
    found = reached(ONCALL, Route(DIRECTORY, ALL), at=NIGHT - timedelta(days=900), severity=Severity.HIGH)
    assert (found.gaps, found.unreachable) == (("primary",), ())
    assert Recipient("lead", Channel.SMS) in found.recipients
