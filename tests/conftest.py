"""What many tests need: a clock that stands still, a small configuration, embedded engines in a folder."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import settings
from pytest_socket import disable_socket

from shared.adapters.clocks import VirtualClock
from shared.domain.configuration import Configuration, Limits, RateCap
from shared.domain.escalation import Policy, Step
from shared.domain.oncall import Directory, Layer, Person, Rotation
from shared.domain.rules import EventRule, Impact, Match
from shared.domain.severities import Severity, SeverityPromise

# A test proves what is true, not how fast this machine is today.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

NIGHT = datetime(2026, 3, 10, 0, 10, tzinfo=UTC)  # 02:10 in Cairo


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Unit tests have no network at all; others speak to this machine only."""
    if "unit" in item.path.parts:
        disable_socket(allow_unix_socket=True)


@pytest.fixture
def clock():
    return VirtualClock(NIGHT)


@pytest.fixture
def config():
    return configuration()


def configuration(**changes):
    people = {
        "mona": Person("mona", "Mona Adel", "mona@souk.example", "+201000000011", "U0MONA", "en"),
        "omar": Person("omar", "Omar Said", "omar@souk.example", "+201000000012", "U0OMAR", "ar"),
        "lead": Person("lead", "Laila Nour", "lead@souk.example", "+201000000013", "U0LEAD", "en"),
        "boss": Person("boss", "Hany Fouad", "boss@souk.example", "+201000000014", "", "en"),
        "board": Person("board", "Board", "board@souk.example", roles=("observer",)),
    }
    rotation = Rotation("primary", Layer(("mona", "omar"), date(2026, 1, 4), time(9, 0)))
    directory = Directory(
        people, {"engineering": ("lead", "omar"), "executives": ("boss",)}, {"primary": rotation}, "lead"
    )
    fast = Policy(
        "critical",
        (
            Step(("oncall:primary", "slack:incidents")),
            Step(("team:engineering", "slack:incidents"), timedelta(minutes=15), 2),
            Step(("team:executives", "slack:incidents"), timedelta(minutes=15), 3),
        ),
        repeat_every=timedelta(minutes=15),
        repeats=2,
        last_resort=("team:executives",),
    )
    slow = Policy("low", (Step(("team:engineering", "slack:incidents")),), repeats=0)
    values = {
        "metric_rules": (),
        "event_rules": (
            EventRule(
                "crash_velocity",
                Match(("crashlytics.velocity",)),
                Severity.CRITICAL,
                ("slack", "email", "sms"),
                remind_every=timedelta(hours=1),
            ),
            EventRule(
                "request_5xx",
                Match(("log.request_5xx",)),
                Severity.MEDIUM,
                ("slack", "email"),
                impact=(Impact("events_5m", 10, Severity.HIGH),),
            ),
            EventRule("storm", Match(("soukmon.storm",)), Severity.CRITICAL, ("slack", "email", "sms")),
            EventRule("own", Match(("soukmon.*",)), Severity.LOW, ("slack", "email")),
            EventRule("any", Match(("*",)), Severity.HIGH, ("slack", "email", "sms")),
        ),
        "promises": {
            severity: SeverityPromise(
                severity,
                timedelta(minutes=15),
                timedelta(hours=4),
                "low" if severity is Severity.LOW else "critical",
                timedelta(0) if severity.rank >= 2 else timedelta(seconds=30),
                timedelta(hours=1),
                timedelta(minutes=2),
            )
            for severity in Severity
        },
        "policies": {"critical": fast, "low": slow},
        "directory": directory,
        "slack_channels": {"incidents": "C0INCIDENTS"},
        "email_from": "alerts@souk.example",
        "limits": Limits(rate_caps={"sms": (RateCap(5, timedelta(minutes=15)),)}),
    }
    return Configuration(**{**values, **changes})
