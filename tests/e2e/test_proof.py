"""The proof of a deployment: a test alert that has to come out in the ledger, through the functions as they run."""

from datetime import timedelta

import pytest

from infra.tools.deploy.proof import PATIENCE, RULE, lines, prove
from shared import bootstrap
from shared.config.loader import load
from shared.domain.game_day import rehearsal_signal
from shared.domain.notifications import Channel
from shared.domain.signals import own_signal


def proved(driver, *, carry=True, rule=RULE):
    """Proves the driver's platform, whose time passes while the proof waits."""

    def pause(wait):
        if carry:
            driver.platform.drain()
        driver.clock.advance(wait)

    return prove(
        "c0ffee", store=bootstrap.state(), publisher=bootstrap.publisher(), clock=driver.clock, pause=pause, rule=rule
    )  # fmt: skip


def test_a_test_alert_goes_all_the_way_and_is_ended_again(shipped):
    found = proved(shipped)
    assert found.passed, found
    assert {row.channel for row in shipped.ledger} == {Channel.SLACK, Channel.EMAIL}
    assert list(lines(found))[-1] == f"proved: incident {found.incident}"
    shipped.platform.drain()
    assert [one.state.is_open for one in shipped.incidents] == [False]


def test_it_reaches_the_game_day_s_recipient_and_nobody_else(shipped):
    proved(shipped)
    assert {row.recipient for row in shipped.ledger} == {"game_day", "slack:game_day"}


def test_a_rule_may_be_named_that_rings_telephones(shipped):
    found = proved(shipped, rule="error_rate_alert")
    assert found.passed, found
    assert Channel.SMS in {row.channel for row in shipped.ledger}
    assert {row.recipient for row in shipped.ledger} == {"game_day", "slack:game_day"}


def test_functions_that_do_not_run_are_noticed_within_minutes(shipped):
    begun = shipped.clock.now()
    found = proved(shipped, carry=False)
    assert not found.passed
    assert list(lines(found)) == ["not proved: handle_signal has not taken the test alert"]
    assert PATIENCE <= shipped.clock.now() - begun < PATIENCE + timedelta(seconds=5)


def test_a_channel_that_does_not_work_is_named(shipped):
    shipped.providers.store.faults.fail_next("slack", response={"error": "invalid_auth"}, times=9)
    found = proved(shipped)
    assert not found.passed
    assert "slack" in found.missing


@pytest.mark.parametrize("name", ["deployment_failed", "drift"])
def test_what_deployments_tell_has_a_rule_of_its_own(clock, name):
    rule = load().rule_for(own_signal(name, subject="x", title="x", at=clock.now()))
    assert (rule.name, set(rule.channels)) == (name, {"slack", "email"})


def test_the_rehearsed_rule_is_one_that_rings_no_telephone(clock):
    rule = load().rule_for(rehearsal_signal(RULE, "x", clock.now(), over=False))
    assert set(rule.channels) == {"slack", "email"}
