"""Refusals and failed logins on their way: each is recorded, many of one account become a security event."""

from datetime import timedelta

import msgspec
import pytest

from shared.domain.signals import Signal
from shared.inbound import log_entries
from shared.inbound.envelopes import Envelope
from shared.usecases.accept import accept


def entry(at, number, who="dev@souk.example", code=7):
    payload = {
        "logName": "projects/p/logs/cloudaudit.googleapis.com%2Fdata_access",
        "timestamp": at.isoformat(),
        "protoPayload": {
            "serviceName": "storage.googleapis.com",
            "methodName": "storage.objects.get",
            "status": {"code": code},
            "authenticationInfo": {"principalEmail": who},
            "resourceName": "projects/_/buckets/invoices",
        },
    }
    return Envelope(f"{who}-{number}", "//pubsub", "message", None, payload)


@pytest.fixture
def arrive(world):
    def arrives(number, **changes):
        world.clock.advance(timedelta(seconds=5))
        now = world.clock.now()
        parsed = log_entries.parse(entry(now, number, **changes), now=now, own_services="soukmon-")
        accept(parsed, store=world.store, publisher=world.bus, clock=world.clock)

    return arrives


def told(world):
    return [msgspec.convert(data, Signal) for topic, data in world.bus.messages if topic == "signals"]


def test_many_refusals_of_one_account_are_one_security_event(world, arrive):
    for number in range(40):
        arrive(number)
    (signal,) = told(world)
    assert (signal.alert_type, signal.values["count"]) == ("security.access_denied_burst", "20")


def test_one_entry_that_is_delivered_often_counts_once(world, arrive):
    for _ in range(60):
        arrive(1)
    assert told(world) == []


def test_many_accounts_with_one_refusal_each_are_none(world, arrive):
    for number in range(40):
        arrive(number, who=f"dev{number}@souk.example")
    assert told(world) == []
