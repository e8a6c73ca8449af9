"""/incident window: what may be typed, what comes of it, and what is answered to what cannot be read."""

from dataclasses import replace

import pytest

from shared.domain.rollbacks import RollbackState
from shared.domain.slack_requests import SlackCommand
from shared.usecases.slack_actions import answer
from shared.usecases.window_records import windows
from tests.unit.usecases.maintenance_world import again, furnished, said

PLAN = "window plan 2026-03-12 02:00 for 2h service=web rollback api don't worry, a new index on “orders”"


@pytest.fixture
def souk(world):
    return furnished(world)


@pytest.fixture
def says(souk):
    count = iter(range(1_000))

    def asks(text, user="U0MONA"):
        found = answer(
            SlackCommand(text, user, "C1"), nonce=f"n{next(count)}", open_view=lambda trigger, view: None, **souk.ports
        )
        return found["text"].replace("\u200b", "")

    return asks


@pytest.fixture
def window(souk, says):
    says(PLAN)
    (made,) = windows(souk.store, since=souk.clock.now())
    return made


def test_a_window_is_planned_in_egypts_time_for_what_is_named_with_its_way_back(souk, says, window):
    assert f"{window.start:%d %H:%M} {window.end:%H:%M}" == "12 00:00 02:00"
    assert [str(one) for one in window.matchers] == ['service="web"']
    assert (window.reason, window.author, window.rollback.wish.target) == (
        'don\'t worry, a new index on "orders"',
        "mona",
        "api",
    )
    assert said(souk, window) == ["planned-0"]
    assert window.id in says("window")
    assert window.id in says("windows list")


def test_a_line_is_ticked_and_the_list_shown(says, window):
    assert "[x] backup: A backup was made  (mona: gs://b/1 restored)" in says(
        f"window check {window.id[-6:]} backup gs://b/1 restored"
    )
    assert "evidence" in says(f"window tick {window.id} backup")
    assert "[x] backup" in says(f"window show {window.id}")


def test_it_is_cancelled_and_an_emergency_opened_rolled_back_and_closed(souk, says, window):
    assert says(f"window cancel {window.id}") == f"{window.id} is cancelled."
    opened = says("window emergency for 1h rollback api the disk is full")
    name = opened.split()[0]
    emergency = next(one for one in windows(souk.store, since=souk.clock.now()) if one.id == name)
    assert (emergency.emergency, emergency.reason) == (True, "the disk is full")
    assert "needs a reason" in says(f"window rollback {name}")
    assert says(f"window rollback {name} orders fail").endswith("is being started.")
    assert again(souk, emergency).rollback.state is RollbackState.ASKED
    assert says(f"window close {name}").startswith(f"{name} is over")
    assert "no open window" in says(f"window close {name}")


@pytest.mark.parametrize(
    ("text", "says_so"),
    [
        ("window plan", "needs when, for how long, and why"),
        ("window plan 2026-03-12 02:00 for ever because", "is no length of time"),
        ("window plan 2026-02-31 02:00 for 1h because", "is no time of Egypt"),
        ("window plan 2026-03-12 02:00 for 3h because", "two hours at most"),
        ("window plan 2026-03-12 12:00 for 1h because", "outside the low-traffic hours"),
        ("window plan 2026-03-10 03:00 for 1h because", "24 hours ahead"),
        ('window plan 2026-03-12 02:00 for 1h service="web because', "has a quote that is not closed"),
        ("window plan 2026-03-12 02:00 for 1h rollback nothing because", "names no such rollback target"),
        ("window emergency", "for how long, and why"),
        ("window dance", "is nothing one can do with windows"),
        ("window show 1234", "No windows answer to"),
    ],
)
def test_what_cannot_be_read_or_done_is_answered_with_why(souk, says, text, says_so):
    assert says_so in says(text)
    assert windows(souk.store, since=souk.clock.now()) == []


def test_outside_the_low_traffic_hours_with_a_reason(souk, says):
    says("window plan 2026-03-12 12:00 for 1h new index; outside the supplier is there then only")
    (made,) = windows(souk.store, since=souk.clock.now())
    assert (made.reason, made.outside) == ("new index", "the supplier is there then only")


def test_who_is_only_told_changes_nothing(souk, says):
    people = {**souk.config.directory.people}
    people["board"] = replace(people["board"], slack_user="U0BOARD")
    souk.config = replace(souk.config, directory=replace(souk.config.directory, people=people))
    count = answer(SlackCommand(PLAN, "U0BOARD", "C1"), nonce="x", open_view=lambda trigger, view: None, **souk.ports)
    assert "may not change maintenance windows" in count["text"].replace("\u200b", "")
    assert windows(souk.store, since=souk.clock.now()) == []
