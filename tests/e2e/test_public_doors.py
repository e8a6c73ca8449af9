"""Every function that the internet may call: what is not genuine is refused, and nothing comes of it."""

import sqlite3
from dataclasses import replace
from datetime import timedelta

import pytest
import yaml
from werkzeug.test import Client

from infra.local.functions import ROOT, mount
from infra.tools.fuzz.house import House
from infra.tools.fuzz.seeds import AT
from shared import bootstrap
from shared.config.loader import load
from shared.domain.notifications import Channel, Notification
from shared.domain.signals import Signal
from shared.domain.subscriptions import Sub, Subscription
from shared.ports.store import Create, Query
from shared.usecases.chart_link import PNG, evidence_write
from shared.usecases.handle_signal import handle_signal
from shared.usecases.records import NOTIFICATIONS, body_of, planned_writes, value_of
from tests.conftest import configuration
from tests.e2e import public_doors as doors
from tests.unit.evidence_samples import evidence

PUBLIC = sorted(path.parent.name for path in ROOT.glob("*/function.yaml") if yaml.safe_load(path.read_text())["public"])
# The same in each process: what is spoilt does not depend on who is told of the incident.
CASES = [
    (name, what)
    for name, door in doors.doors("i", ["r0", "r1", "call"]).items()
    for what in doors.spoilings(name, door)
]


class Scene:
    """One incident of which two people were told, and everything else that a link can lead to."""

    def __init__(self, folder):
        shipped = load()
        config = configuration(status=shipped.status, support=shipped.support)
        self.folder, self.house = folder, House(folder, configuration=config)
        store = bootstrap.state()
        wrong = Signal("e", "f", "k", "crashlytics.velocity", "firebase", "app", "Crash", AT, AT)
        ports = {"config": config, "store": store, "publisher": self.house.bus, "clock": self.house.clock}
        incident = handle_signal(wrong, **ports).incident
        told = store.find(Query(NOTIFICATIONS, order_by="planned_at", limit=100))
        rows = [
            row for row in (value_of(one, Notification) for one in told) if row.recipient in config.directory.people
        ]
        call = replace(rows[0], id="call", channel=Channel.VOICE)
        wanted = Subscription(
            "s1", "a@b.example", "en", doors.HANDLE, Sub.PENDING, AT, expires_at=AT + timedelta(days=1)
        )
        kept = [
            Create("subscriptions", wanted.id, body_of(wanted)),
            evidence_write("e1", evidence()),
            *planned_writes([call]),
        ]
        store.commit(kept)
        bootstrap.objects().create("charts/e1-en.png", b"PNG", content_type=PNG)
        for name in (doors.REPORT, doors.OTHER_REPORT):
            bootstrap.reports().create(name, b"%PDF-", content_type="application/pdf")
        self.doors = doors.doors(incident, [rows[0].id, rows[1].id, call.id])
        self._clients = {}

    def ask(self, name, request):
        """The status of the answer."""
        client = self._clients.setdefault(name, Client(mount(name)))
        wish = {"method": request.method, "data": request.body, "headers": list(request.headers)}
        return client.open(request.path, **wish).status_code

    def everything(self):
        """All that is kept, the replay guard's memory included, and how much was published."""
        with sqlite3.connect(self.folder / "state.db") as file:
            tables = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            rows = {name: file.execute(f"SELECT id, body FROM {name}").fetchall() for name in sorted(tables)}
        return rows, self.house.bus.count


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    made = Scene(tmp_path_factory.mktemp("scene"))
    yield made
    made.house.close()


def test_every_public_function_stands_in_the_table():
    assert sorted(doors.doors("i", ["r0", "r1", "call"])) == PUBLIC


@pytest.mark.parametrize(("name", "what"), CASES)
def test_E14_E68_E70_E71_what_is_not_genuine_is_refused_and_leaves_nothing(scene, name, what):
    make, statuses = doors.spoilings(name, scene.doors[name])[what]
    before = scene.everything()
    assert scene.ask(name, make()) in statuses
    assert scene.everything() == before


@pytest.mark.parametrize("name", PUBLIC)
def test_E69_what_is_genuine_is_taken_and_its_replay_has_no_second_effect(scene, name):
    door, before = scene.doors[name], scene.everything()
    assert scene.ask(name, doors.genuine(door)) in {200, 202, 204}
    once = scene.everything()
    assert (once == before) is door.reads
    assert scene.ask(name, doors.genuine(door)) == door.replayed
    assert scene.everything() == once
