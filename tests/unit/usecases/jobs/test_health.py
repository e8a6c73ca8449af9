"""The health check: addresses, the store, and how far the sources have come."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.no_firebase import NoFirebase
from shared.config.loader import load
from shared.domain.jobs import Run, Verdict
from shared.domain.status import Probe, StatusPage
from shared.errors import QueryError
from shared.ports.probing import Probed
from shared.ports.warehouse import Answer
from shared.usecases.jobs.health import Patient, health_steps
from shared.usecases.records import HEALTH
from tests.conftest import NIGHT

SHIPPED = load()
RUN = Run("health_check", NIGHT, NIGHT, NIGHT)
PAGE = StatusPage(
    probes={"web": Probe("web", "https://souk.example/"), "api": Probe("api", "https://api.souk.example/")}
)


class Answers:
    """A prober that answers as it is told."""

    def __init__(self, **reasons):
        self.reasons = reasons

    def look(self, url, *, slow_after, contains, lacks):
        name = "api" if "api" in url else "web"
        return Probed(self.reasons.get(name, ""), 120.0)


class Watermarks:
    """A warehouse that knows how far each source has come, or does not answer."""

    def __init__(self, *, minutes=1, fails=False, without=()):
        self.minutes, self.fails, self.without = minutes, fails, without

    def query(self, name, parameters, *, maximum_bytes=None):
        if self.fails:
            raise QueryError("no")
        at = NIGHT - timedelta(minutes=self.minutes)
        named = [one for one in SHIPPED.sources if one not in self.without]
        return Answer(tuple({"part": "watermark", "metric": f"rows.{one}", "start": at} for one in named))


def steps(world, *, page=PAGE, prober=None, warehouse=None):
    config = replace(world.config, status=page, metrics=SHIPPED.metrics, sources=SHIPPED.sources)
    patient = Patient(config, world.store, warehouse or Watermarks(), prober or Answers(), world.clock, NoFirebase())
    return health_steps(patient)


def test_addresses_that_answer_pass_with_how_long_they_took(world):
    found = steps(world)["endpoints"](RUN)
    assert (found.verdict, found.evidence) == (Verdict.PASS, {"web": 120.0, "api": 120.0})


def test_E86_an_address_that_does_not_answer_rightly_fails_with_its_reason(world):
    found = steps(world, prober=Answers(api="tls_expired"))["endpoints"](RUN)
    assert (found.verdict, found.reason) == (Verdict.FAIL, "api: tls_expired")


def test_without_addresses_there_is_nothing_to_look_at(world):
    assert steps(world, page=StatusPage())["endpoints"](RUN).verdict is Verdict.SKIPPED


def test_the_store_gives_back_what_was_written_and_keeps_nothing(world):
    found = steps(world)["database"](RUN)
    assert found.verdict is Verdict.PASS
    assert found.evidence["ms"] >= 0
    assert world.store.get(HEALTH, "round-trip") is None


def test_a_store_that_forgets_fails(world):
    class Forgets:
        def commit(self, writes):
            del writes

        def get(self, collection, name):
            del collection, name

    found = steps(replace(world, store=Forgets()))["database"](RUN)
    assert (found.verdict, found.reason) == (Verdict.FAIL, "what was written did not come back")


def test_sources_that_have_come_far_enough_pass(world):
    found = steps(world)["sources"](RUN)
    assert found.verdict is Verdict.PASS
    assert found.evidence["requests"] == 1


@pytest.mark.parametrize(
    ("warehouse", "verdict", "said"),
    [
        (Watermarks(minutes=40), Verdict.WARN, "late: probes, requests"),
        (Watermarks(without=("requests",)), Verdict.WARN, "late: requests"),
        (Watermarks(fails=True), Verdict.FAIL, "the warehouse did not answer"),
    ],
)
def test_a_source_that_is_late_is_a_warning_and_a_warehouse_that_is_silent_a_failure(world, warehouse, verdict, said):
    found = steps(world, warehouse=warehouse)["sources"](RUN)
    assert found.verdict is verdict
    assert said in found.reason


def test_firebase_is_a_step_of_it_and_is_skipped_where_there_is_no_project(world):
    found = steps(world)["firebase"](RUN)
    assert found.verdict is Verdict.SKIPPED
    assert "GOOGLE_CLOUD_PROJECT" in found.reason
