"""The fault campaign itself: trials of each kind of fault, and that it tells of a product that loses or repeats."""

from collections import Counter
from datetime import timedelta

import pytest

from infra.local.chaos import campaign, trial
from infra.local.chaos.boundaries import How, Switch
from infra.local.chaos.trial import MORNING, Outcome, Told, compared
from infra.local.chaos.weather import WEATHERS
from shared.usecases import escalate

ALERT = "load_time_alert"  # Slack and e-mail, at once


@pytest.fixture(scope="module")
def usual():
    return trial.undisturbed(ALERT)


def crossing(usual, name, which=0):
    return [number for number, crossed in enumerate(usual.crossed) if crossed == name][which]


def test_the_undisturbed_alert_crosses_every_kind_of_boundary_and_repeats_nothing(usual):
    kinds = {name.partition(": ")[2].split()[0] + " " + name.partition(": ")[2].split()[1] for name in usual.crossed}
    assert {"before commit", "after commit", "before publishing", "after publishing", "before sending"} <= kinds
    assert {channel for _, channel, _, _ in usual.received} == {"slack", "email"}
    assert usual.twice == 0


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("handle_signal: before commit", How.KILL),
        ("handle_signal: after commit", How.KILL),
        ("handle_signal: before publishing to notifications", How.FAIL),
        ("handle_signal: before publishing to notifications", How.LATE),
        ("send_notification: after sending email", How.KILL),
        ("send_notification: after sending slack", How.FAIL),
        ("send_notification: after commit", How.FAIL),
        ("bus: after send_notification has answered", How.TWICE),
    ],
)
def test_E41_one_fault_loses_nothing_and_repeats_at_most_one_message(usual, name, how):
    found = trial.struck(ALERT, usual, at=crossing(usual, name), how=how)
    assert found.where == name, "the fault has struck"
    assert found.lost == 0
    assert found.duplicated <= 1


@pytest.mark.parametrize("name", ["poison on the bus", "disk full for a minute"])
def test_weather_loses_nothing(usual, name):
    found = campaign.played(campaign.Blow(ALERT, usual, weather=name))
    assert (found.fault, found.lost, found.duplicated) == (name, 0, 0)


def test_a_product_that_does_not_make_good_what_a_kill_prevented_is_told_as_losing(usual, monkeypatch):
    monkeypatch.setattr(escalate, "sweep", lambda *_: 0)
    at = crossing(usual, "handle_signal: before publishing to notifications")
    assert trial.struck(ALERT, usual, at=at, how=How.KILL).lost > 0


def told(**changes):
    received = Counter({("opened", "slack", "#incidents", 1): 1, ("opened", "email", "mona", 1): 1})
    sent = dict.fromkeys(received, MORNING)
    return Told(**{"sent": sent, "received": received, "twice": 0, "crossed": (), "struck": "x", **changes})


def test_what_nobody_received_what_came_again_and_how_much_later_are_counted():
    usual = told()
    slack, mail = usual.received
    missed = told(received=Counter([slack]), sent={slack: MORNING + timedelta(minutes=3)}, twice=2)
    assert compared("a", "killed", usual, missed) == Outcome("a", "killed", "x", 1, 0, 2, timedelta(minutes=3))
    assert compared("a", "killed", told(twice=1), told(twice=1, sent={mail: MORNING})).duplicated == 0


def test_a_call_in_whose_place_its_receiver_got_a_text_is_replaced_and_one_without_is_lost():
    call, text = ("first notification", "voice", "mona", 2), ("another channel failed", "sms", "mona", 2)
    usual = told(received=Counter([call]), sent={call: MORNING})
    later = {text: MORNING + timedelta(minutes=2)}
    found = compared("a", "killed", usual, told(received=Counter([text]), sent=later))
    assert (found.lost, found.replaced) == (0, 1)
    for other in ((*text[:2], "omar", 2), text):
        sent = {other: MORNING - timedelta(minutes=1)} if other == text else {other: MORNING}
        assert compared("a", "killed", usual, told(received=Counter([other]), sent=sent)).lost == 1


def test_a_page_that_was_not_received_is_lost_whatever_else_came():
    page, other = ("first notification", "sms", "mona", 1), ("not acknowledged in time", "sms", "mona", 2)
    usual = told(received=Counter([page]), sent={page: MORNING})
    assert compared("a", "killed", usual, told(received=Counter([other]), sent={other: MORNING})).lost == 1


def test_lines_add_up_by_kind_of_fault():
    outcomes = [
        Outcome("a", "killed", "x", 0, 0, 1, timedelta(seconds=60)),
        Outcome("b", "killed", "y", 1, 2, 0, timedelta(seconds=0)),
        Outcome("a", "failed", "x", 0, 0, 0, timedelta(seconds=30)),
    ]
    failed, killed = campaign.lines(outcomes)
    assert (failed.fault, failed.injected, failed.lost, failed.duplicated) == ("failed", 1, 0, 0)
    assert (killed.injected, killed.lost, killed.replaced, killed.duplicated, killed.worst) == (2, 1, 2, 1, 1)
    assert killed.longest_recovery == timedelta(seconds=60)


def test_each_boundary_gets_every_fault_that_can_happen_there_once_or_wherever_it_is_crossed():
    crossed = (
        "bus: before f is called",
        "f: before publishing to t",
        "f: before commit",
        "f: before commit",
        "f: before commit",
    )
    usual = told(crossed=crossed)
    few = [blow for blow in campaign.blows_of("a", usual, thorough=False) if not blow.weather]
    all_of_them = [blow for blow in campaign.blows_of("a", usual, thorough=True) if not blow.weather]
    assert [(one.at, one.how) for one in few] == [
        (0, How.KILL),
        *((1, how) for how in (How.KILL, How.FAIL, How.TWICE, How.LATE)),
        *((at, how) for at in (2, 4) for how in (How.KILL, How.FAIL)),
    ]
    assert {one.at for one in all_of_them} == set(range(5))
    assert [one.weather for one in campaign.blows_of("a", usual, thorough=False) if one.weather] == list(WEATHERS)


def test_a_switch_strikes_once_where_it_is_told_to():
    switch = Switch(1, How.FAIL, is_armed=True)
    assert switch.cross("before commit", ConnectionError("x")) is None
    with pytest.raises(ConnectionError):
        switch.cross("after commit", ConnectionError("x"))
    assert switch.cross("before commit", ConnectionError("x")) is None
    assert switch.struck == "bus: after commit"
