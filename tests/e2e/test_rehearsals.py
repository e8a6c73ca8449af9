"""Rehearsals through a running platform: real functions, real SDK clients, the sandbox recipient and nobody else."""

import json
from datetime import timedelta

import pytest

from shared import bootstrap
from shared.cli import rehearsals
from shared.cli.main import run
from shared.domain.game_day import Said
from shared.usecases.game_day import drills

assert rehearsals
ADDRESSES = {"C0DEMOGAMEDAY", "game-day@souk-el-sayarat.example", "+201000000099"}
MONDAY = timedelta(days=6)  # from Tuesday, 10 March 2026, 02:10 in Cairo


def soukmon(capsys, *arguments):
    code = run([str(a) for a in arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def addresses(driver):
    return {message["to"] for message in driver.providers.messages()}


@pytest.mark.parametrize(
    ("rule", "channels"),
    [
        ("order_failure_alert", {"slack", "email", "sms"}),
        ("crash_velocity", {"slack", "email", "sms"}),
        ("bundle_size_alert", {"slack", "email"}),
    ],
)
def test_a_rule_is_test_fired_to_the_sandbox_and_to_nobody_else(shipped, capsys, rule, channels):
    shipped.platform.run()
    code, out, _ = soukmon(capsys, "fire", rule, "--to", "sandbox", "--url", shipped.platform.url)
    report = json.loads(out)
    assert code == 0
    assert {row["channel"] for row in report["notifications"]} == channels
    assert addresses(shipped) <= ADDRESSES
    shipped.platform.wait_until_quiet(timedelta(seconds=20))
    (incident,) = shipped.incidents
    assert (incident.source, incident.state, incident.rule) == ("test", "resolved", rule)


def test_every_message_says_that_it_is_a_test(shipped, capsys):
    shipped.platform.run()
    soukmon(capsys, "game-day", "--run", "--url", shipped.platform.url)
    found = shipped.providers.messages()
    assert {message["provider"] for message in found} == {"slack", "twilio", "voice", "smtp"}
    for message in found:
        text = json.dumps(message["content"], ensure_ascii=False)
        assert "TEST of" in text or "تجربة" in text, message["provider"]


def test_the_command_holds_a_game_day_and_shows_it(shipped, capsys):
    shipped.platform.run()
    code, out, _ = soukmon(capsys, "game-day", "--run", "--url", shipped.platform.url)
    assert (code, "passed" in out, "voice 0.0 s" in out) == (0, True, True)
    assert addresses(shipped) == ADDRESSES


def test_on_monday_at_ten_every_channel_is_rehearsed_and_judged_ten_minutes_later(shipped):
    shipped.clock.advance(MONDAY)
    shipped.platform.scheduler.restart(shipped.clock.now())
    shipped.after(hours=7, minutes=49)
    assert drills(bootstrap.state()) == []
    shipped.after(minutes=3)
    assert [one.said for one in drills(bootstrap.state())] == [Said.WAITING]
    shipped.after(minutes=10)
    (drill,) = drills(bootstrap.state())
    assert (drill.said, set(drill.seconds)) == (Said.PASSED, {"slack", "email", "sms", "voice"})
    shipped.after(minutes=50)
    assert len(drills(bootstrap.state())) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("fire", "crash_velocity", "--to", "sandbox", "--url", "http://127.0.0.1:9"), "start soukmon up first"),
        (("fire", "crash_velocity", "--to", "sandbox", "--url", "file:///x"), "is not an address"),
        (("fire", "nothing", "--to", "sandbox"), "write one of crash_velocity"),
        (("game-day", "--state", "/nowhere"), "holds no state"),
    ],
)
def test_what_cannot_be_rehearsed_is_one_line_and_exit_2(capsys, arguments, says):
    code, _, err = soukmon(capsys, *arguments)
    assert (code, len(err.splitlines())) == (2, 1)
    assert says in err
