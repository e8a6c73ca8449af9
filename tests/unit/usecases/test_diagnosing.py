"""When a diagnosis is made, by whom, how often, and where it is told."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.no_platform_metrics import NoPlatformMetrics
from shared.domain.diagnoses import Answered, Diagnosis, Diagnostics, Kind, Probe
from shared.domain.notifications import Channel
from shared.domain.reasons import Notify
from shared.domain.signals import SignalKind
from shared.errors import NotYetError
from shared.ports.store import Put
from shared.ports.warehouse import Answer
from shared.usecases.compose import Addresses, Composer
from shared.usecases.diagnose import diagnose
from shared.usecases.diagnosing import DIAGNOSES, read_diagnosis
from shared.usecases.probing import ask_all
from shared.usecases.records import THREADS, body_of, timeline_of
from tests.conftest import configuration

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
ASKED = (Probe.FAILING_ROUTES, Probe.FUNCTION_HEALTH, Probe.OPEN_INCIDENTS)
ROUTE = {
    "name": "POST /v1/orders", "count": 40, "bad": 38, "usual_count": 10, "usual_bad": 0,
    "all_count": 80, "all_bad": 40, "all_usual_count": 100, "all_usual_bad": 2,
}  # fmt: skip


class Rows:
    """Implements Warehouse: one row for every question."""

    def query(self, name, parameters, *, maximum_bytes=None):
        return Answer((ROUTE,))


@pytest.fixture
def world(world):
    world.config = configuration(diagnostics=Diagnostics(kinds=(Kind(("crashlytics.*",), ASKED),)))
    return world


@pytest.fixture
def made(world):
    """Opens an incident and makes its diagnosis whenever asked."""

    def make(name="", *, wait=10 * SECOND):
        incident = name or world.fires().incident
        due_at = world.clock.now() + 10 * SECOND
        world.clock.advance(wait)
        return diagnose(incident, due_at, warehouse=Rows(), platform=NoPlatformMetrics(), **world.ports)

    return make


def asked(world):
    return [data["incident"] for topic, data in world.bus.messages if topic == DIAGNOSES]


def diagnosed(world):
    return world.ledger(reason=Notify.DIAGNOSED)


def test_it_is_planned_with_the_decision_and_published_after_the_page(world):
    incident = world.fires().incident
    topics = [topic for topic, _ in world.bus.messages]
    assert asked(world) == [incident]
    assert topics.index(DIAGNOSES) > max(n for n, topic in enumerate(topics) if topic == "notifications")
    world.fires(event="again")
    assert asked(world) == [incident]


def test_it_waits_for_its_time(made):
    with pytest.raises(NotYetError):
        made(wait=9 * SECOND)


def test_it_goes_on_the_record_and_is_told_once_in_ten_minutes(world, made):
    done = made()
    assert [one.answered for one in done.findings] == [Answered.ANSWERED, Answered.NOT_HERE, Answered.NOTHING]
    (line,) = [line for line in timeline_of(world.store, done.incident) if line.event == "diagnosed"]
    assert (line.reason, line.detail) == (
        "2 of 3 probes answered",
        "failing routes: POST /v1/orders 95 % (usually 10 %)",
    )
    assert [row.recipient for row in diagnosed(world)] == ["slack:incidents"]
    assert made(done.incident, wait=9 * MINUTE) is None
    assert made(done.incident, wait=2 * MINUTE) is not None


def test_whoever_comes_second_waits_and_takes_over_what_was_cut_off(world, made):
    incident = world.fires().incident
    world.store.commit([Put(DIAGNOSES, incident, body_of(Diagnosis(incident, world.clock.now())))])
    with pytest.raises(NotYetError):
        made(incident)
    assert made(incident, wait=2 * MINUTE).finished_at is not None


def test_one_that_is_over_is_not_diagnosed(world, made):
    assert made("INC-unknown") is None
    incident = world.fires().incident
    world.fires(event="over", kind=SignalKind.RESOLVED)
    assert made(incident) is None
    assert read_diagnosis(world.store, incident) is None


def test_a_kind_nobody_asks_about_and_one_of_little_weight_are_not_planned(world):
    world.fires("other", alert_type="other.event")
    world.config = replace(
        world.config, event_rules=tuple(replace(one, severity="medium") for one in world.config.event_rules)
    )
    assert asked(world) == []


def test_before_the_first_message_it_stands_alone_and_opens_no_thread(world, made):
    done = made()
    (row,) = diagnosed(world)
    compose = Composer(
        world.config, world.store, world.clock, None, Addresses("http://a", "http://b", "http://c"), ("k",)
    )
    world.deliver(row.id, compose=compose)
    (alone,) = world.notifiers[Channel.SLACK].sent
    assert (alone.to, alone.thread) == ("C0INCIDENTS", "")
    assert alone.body.text.startswith(f"Diagnosis {done.incident}")
    assert world.store.get(THREADS, f"{done.incident}:slack:incidents") is None


def test_in_its_thread_once_the_message_is_there(world, made):
    incident = world.fires().incident
    compose = Composer(
        world.config, world.store, world.clock, None, Addresses("http://a", "http://b", "http://c"), ("k",)
    )
    (first,) = [row for row in world.ledger(reason=Notify.FIRST) if row.channel is Channel.SLACK]
    world.deliver(first.id, compose=compose)
    world.store.commit([Put(THREADS, f"{incident}:slack:incidents", {"incident": incident, "provider_id": "C1:17.5"})])
    made(incident)
    (row,) = diagnosed(world)
    world.deliver(row.id, compose=compose)
    told = world.notifiers[Channel.SLACK].sent[-1]
    assert (told.to, told.thread) == ("C1", "17.5")


def test_questions_are_asked_side_by_side_and_none_waits_for_another():
    meet, never = threading.Barrier(2, timeout=10), threading.Event()

    def fails():
        raise ValueError("x")

    questions = {"a": meet.wait, "b": meet.wait, "hangs": lambda: never.wait(20), "fails": fails}
    found = ask_all(questions, dict.fromkeys(questions, timedelta(seconds=1)))
    never.set()
    assert {found["a"].answer, found["b"].answer} == {0, 1}
    assert (found["hangs"].answer, found["hangs"].error) == (None, None)
    assert isinstance(found["fails"].error, ValueError)
    assert ask_all({}, {}) == {}


def test_each_question_has_its_own_limit():
    wait = threading.Event()
    questions = {"slow": lambda: wait.wait(0.2), "patient": lambda: wait.wait(0.2) or "late but there"}
    found = ask_all(questions, {"slow": timedelta(milliseconds=20), "patient": timedelta(seconds=5)})
    assert (found["slow"].answer, found["patient"].answer) == (None, "late but there")
