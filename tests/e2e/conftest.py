"""A platform of one's own on a virtual clock, with the functions as production runs them."""

import base64
import json
from datetime import timedelta

import pytest
from werkzeug.test import Client

from infra.local.platform import Platform
from infra.local.replay import private_platform
from shared import bootstrap
from shared.domain.incidents import Incident
from shared.domain.notifications import Notification
from shared.ports.store import Query
from shared.usecases.records import INCIDENTS, NOTIFICATIONS, value_of
from tests.conftest import configuration


class Driver:
    """A platform with the words tests use."""

    def __init__(self, platform: Platform):
        self.platform = platform
        self.clock = platform.clock
        self.providers = platform.providers

    def send(self, event):
        """Send an event and carry everything that follows; returns the status."""
        status = self.platform.call(event.function, event.body, event.headers)
        self.platform.drain()
        return status

    def post(self, function, body=b"", headers=None, path="/", method="post"):
        """Call a function as HTTP does; returns the response."""
        return getattr(self.platform.clients[function], method)(path, data=body, headers=headers or {})

    def after(self, **wait):
        self.platform.advance(timedelta(**wait))

    @property
    def incidents(self):
        rows = bootstrap.state().find(Query(INCIDENTS, order_by="opened_at", limit=10_000))
        return [value_of(row, Incident) for row in rows]

    @property
    def ledger(self):
        rows = bootstrap.state().find(Query(NOTIFICATIONS, order_by="planned_at", limit=10_000))
        return [value_of(row, Notification) for row in rows]

    def messages(self, provider):
        return [m for m in reversed(self.providers.messages()) if m["provider"] == provider]

    def page(self, path):
        """A page for somebody who is signed in; the response."""
        token = {"Authorization": f"Bearer {self.platform.settings.sign_in_token}"}
        return Client(self.platform.gateway).get(path, headers=token)

    @property
    def dead_letters(self):
        return bootstrap.state().find(Query("dead_letters", order_by="received_at"))


@pytest.fixture
def driver(tmp_path, clock):
    platform = Platform(tmp_path / "state", clock=clock, configuration=configuration())
    yield Driver(platform)
    platform.close()


@pytest.fixture
def shipped(clock):
    """A platform with the configuration we ship."""
    with private_platform(at=clock.now()) as platform:
        yield Driver(platform)


def push(payload, message_id="1"):
    data = base64.b64encode(payload if isinstance(payload, bytes) else json.dumps(payload).encode()).decode()
    return json.dumps({"message": {"data": data, "messageId": message_id}, "subscription": "s"}).encode()
