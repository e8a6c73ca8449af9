"""What Pub/Sub itself (its emulator) writes about topics and subscriptions is what the checks read."""

import os
from contextlib import ExitStack
from dataclasses import replace

import pytest
import requests
from google.cloud import pubsub_v1
from requests.adapters import HTTPAdapter

from infra.local.emulators import PUBSUB, NotInstalledError, running
from infra.tools.doctor import bus
from infra.tools.doctor.google import GoogleApis
from infra.tools.doctor.outcomes import State
from infra.tools.doctor.site import Site
from tests.integration.doctor.conftest import NOW
from tests.integration.doctor.project import NUMBER


class Emulated(HTTPAdapter):
    def __init__(self, host):
        super().__init__()
        self._host = host

    def send(self, request, *arguments, **options):
        request.url = request.url.replace("https://pubsub.googleapis.com", f"http://{self._host}")
        return super().send(request, *arguments, **options)


@pytest.fixture(scope="module")
def host():
    with ExitStack() as stack:
        try:
            yield stack.enter_context(running(PUBSUB))
        except NotInstalledError as error:
            if os.environ.get("CI"):
                pytest.fail(f"{error}; in CI no engine may be left out")
            pytest.skip(str(error))


@pytest.fixture
def site(host, souk):
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", Emulated(host))
    made = Site(souk, GoogleApis(session), NOW)
    made.__dict__["number"] = NUMBER  # the emulator knows nothing of projects' numbers
    yield made
    session.close()


def test_the_bus_that_terraform_makes_is_fine_and_what_is_taken_away_is_told(host, site, monkeypatch):
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", host)
    topics, subscriptions = pubsub_v1.PublisherClient(), pubsub_v1.SubscriberClient()
    prefix = f"projects/{site.estate.project}"
    for topic in site.estate.topics:
        topics.create_topic(name=f"{prefix}/topics/{topic}")
    dead = f"{prefix}/topics/{site.estate.dead_letters}"
    subscriptions.create_subscription(name=f"{prefix}/subscriptions/{site.estate.dead_letters}", topic=dead)
    for reading in site.estate.readings:
        topic = f"{prefix}/topics/{reading.topic}"
        endpoint = f"{site.estate.url(reading.function, NUMBER)}/{topic}"
        token = {"service_account_email": "push@p.iam.gserviceaccount.com"}
        subscriptions.create_subscription(
            request={
                "name": f"{prefix}/subscriptions/{reading.name}",
                "topic": topic,
                "push_config": {"push_endpoint": endpoint, "oidc_token": token},
                "dead_letter_policy": {"dead_letter_topic": dead, "max_delivery_attempts": 30},
            }
        )
    assert bus.topics(site).state is State.OK
    assert bus.subscriptions(site).state is State.OK, bus.subscriptions(site)
    subscriptions.delete_subscription(subscription=f"{prefix}/subscriptions/soukmon-handle-signal")
    topics.delete_topic(topic=f"{prefix}/topics/soukmon-redrives")
    assert bus.topics(site).says == "missing: soukmon-redrives"
    told = bus.subscriptions(site)
    assert told.state is State.FAIL
    assert "soukmon-handle-signal is missing" in told.says
    assert "soukmon-redrive-dead-letter reads _deleted-topic_" in told.says
    told = bus.subscriptions(Site(replace(site.estate, prefix="other"), site.google, NOW))
    assert "other-advance-procedure is missing" in told.says
