"""A flight shows what would really happen: who, when, by what, in which language, at what cost."""

import json
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from infra.local.flight import fly, price_of
from infra.local.flight_table import NO_PRICE, lines
from shared import bootstrap
from shared.cli import oncall, platform_commands
from shared.cli.main import run
from shared.config.loader import PACKAGED, load
from shared.domain.amendments import ChannelOff, OffReason, address_digest
from shared.domain.notifications import Channel, Notification
from shared.domain.reasons import Notify
from shared.domain.severities import Severity

assert platform_commands
assert oncall
NIGHT = datetime(2026, 3, 10, 0, 10, tzinfo=UTC)  # 02:10 in Cairo
CONFIG = load()


@pytest.fixture(scope="module")
def critical():
    return fly("order_failure_alert", at=NIGHT)


def told(flight, after=0):
    at = flight.start + timedelta(minutes=after)
    return {f"{row.channel} {row.who} {row.language}" for row in flight.told if row.at == at}


def test_a_critical_alert_at_night_wakes_those_on_call_at_once_and_ends_with_the_last_resort(critical):
    assert {"sms Karim Fathy en", "voice Karim Fathy en", "sms Salma Adel ar", "slack #incidents en"} <= told(critical)
    assert critical.woken_at == NIGHT
    assert told(critical, after=10) >= {"sms Hana Mansour en", "sms Tarek Hosny en"}
    last = critical.told[-1]
    assert (last.at - NIGHT, last.reason) == (timedelta(minutes=40), Notify.LAST_RESORT)
    assert critical.pauses == ()


def test_texts_and_calls_cost_what_the_countries_say(critical):
    egypt = CONFIG.countries["EG"]
    texts = [row for row in critical.told if row.channel == "sms"]
    calls = [row for row in critical.told if row.channel == "voice"]
    assert {row.usd for row in calls} == {egypt.voice_usd * 2}
    assert all(row.usd == pytest.approx(egypt.sms_usd * int(row.length.split(", ")[1].split(" ")[0])) for row in texts)
    assert critical.usd == pytest.approx(sum(row.usd for row in (*texts, *calls)))
    assert {row.usd for row in critical.told if row.channel in {"email", "slack"}} == {0.0}


@pytest.mark.parametrize(("number", "cost"), [("+201000000001", 0.3), ("+819012345678", None)])
def test_a_country_without_a_price_is_not_given_one(number, cost):
    text = Notification("n", "i", 1, "somebody", Channel.SMS, Notify.FIRST, Severity.HIGH, NIGHT)
    assert price_of(text, number, count=1, config=CONFIG) == cost


def test_a_medium_alert_wakes_nobody():
    flight = fly("bundle_size_alert", at=NIGHT)
    assert (flight.woken_at, flight.usd) == (None, 0.0)
    assert "No telephone rings: no text, no call." in list(lines(flight))


def test_a_pause_longer_than_the_promise_to_answer_is_named(tmp_path):
    folder = tmp_path / "config"
    shutil.copytree(PACKAGED, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    text = (folder / "escalation.yaml").read_text()
    (folder / "escalation.yaml").write_text(text.replace("after: 10m # a quarter", "after: 50m # a quarter"))
    flight = fly("order_failure_alert", at=NIGHT, config_dir=folder)
    assert [one.end - one.start for one in flight.pauses] == [
        timedelta(minutes=35)
    ]  # after 15 minutes management hears that the promise is broken
    assert any("Nobody is told for 35 min from Tue 10 Mar 02:25" in line for line in lines(flight))


def test_what_people_changed_since_the_deployment_counts():
    off = ChannelOff("karim", Channel.SMS, address_digest("+201000000002"), OffReason.STOP, NIGHT)
    flight = fly("order_failure_alert", at=NIGHT, changes=[off])
    assert "sms Karim Fathy en" not in told(flight)
    assert "voice Karim Fathy en" in told(flight)


def test_the_table_is_aligned_and_names_every_message(critical):
    table = list(lines(critical))
    head = next(line for line in table if line.startswith("after"))
    column = head.index("who")
    rows = [line for line in table if "unowned incident" in line]
    assert {line[column : column + 11] for line in rows} == {"Laila Ezzat"}
    assert NO_PRICE not in "\n".join(table)


def soukmon(capsys, *arguments):
    code = run([str(a) for a in arguments])
    printed = capsys.readouterr()
    bootstrap.install()
    return code, printed.out, printed.err


def test_the_command_speaks_json_and_cairo_time(capsys, tmp_path):
    at = ("--at", "2026-03-10T02:10", "--state", tmp_path)
    code, out, _ = soukmon(capsys, "simulate", "--flight", "bundle_size_alert", "--json", *at)
    found = json.loads(out)
    assert (code, found["start"], found["usd"]) == (0, NIGHT.isoformat(), 0.0)
    assert {row["channel"] for row in found["told"]} == {"email", "slack"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--flight", "nothing"), "write one of crash_velocity"),
        (("--flight", "uptime", "--at", "tonight"), "is not an instant"),
        ((), "name a SCENARIO file, or --flight RULE"),
    ],
)
def test_bad_usage_is_one_line_and_exit_2(capsys, tmp_path, arguments, says):
    code, _, err = soukmon(capsys, "simulate", *arguments, "--state", tmp_path)
    assert (code, len(err.splitlines())) == (2, 1)
    assert says in err
