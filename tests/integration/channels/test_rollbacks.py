"""Ways back: webhooks and Cloud Build triggers, against servers that behave as theirs do; and what is never called."""

import socket

import pytest

from infra.local.sandbox import rollbacks
from infra.local.sandbox.server import serve
from shared.adapters.cloud_build import CloudBuildRollbacks
from shared.adapters.rollback_webhooks import WebhookRollbacks
from shared.adapters.rollbacks import Rollbacks
from shared.domain.rollbacks import RollbackTarget
from shared.errors import PermanentFailureError, TemporaryFailureError, UnknownOutcomeError
from shared.ports.acting import RollbackCall

KEY, TOKEN = "rollback-key", "sandbox-token"
HOST = "deploy.souk.example"
HOOK = RollbackTarget("api", webhook=f"https://{HOST}/rollback/api")
BUILD = RollbackTarget("web", build_trigger="rollback-web", region="europe-west1")
CALL = RollbackCall("window-1", "INC-1 orders fail", "soukmon", "window-1-20260312T000000")


@pytest.fixture
def url(store, clock):
    with serve(rollbacks.create_app(store, clock=clock, key=KEY, token=TOKEN)) as server:
        yield server.url


@pytest.fixture
def hooks(url, clock):
    return WebhookRollbacks(KEY, (HOST,), clock, base_url=url, timeout=2)


@pytest.fixture
def builds(url):
    return CloudBuildRollbacks("souk", base_url=url, token=TOKEN, timeout=2)


@pytest.fixture
def ways(hooks, builds):
    return Rollbacks(hooks, builds)


@pytest.mark.parametrize("target", [HOOK, BUILD], ids=["webhook", "build"])
class TestEveryWay:
    def test_a_trial_starts_nothing(self, ways, store, target):
        assert ways.check(target)
        assert store.messages("rollback") == []

    def test_a_run_names_the_window(self, ways, store, target):
        said = ways.run(target, CALL)
        (kept,) = store.messages("rollback")
        assert "window-1" in kept.content["text"]
        assert kept.id in said or target is HOOK

    @pytest.mark.parametrize(
        ("response", "error"),
        [
            ({"status": 503}, TemporaryFailureError),
            ({"status": 429}, TemporaryFailureError),
            ({"status": 500}, UnknownOutcomeError),
            ({"status": 504}, UnknownOutcomeError),
            ({"status": 400}, PermanentFailureError),
            ({"status": 302, "headers": {"Location": "http://169.254.169.254/"}}, PermanentFailureError),
            ({"close": True}, UnknownOutcomeError),
            ({"hang": 5}, UnknownOutcomeError),
        ],
    )
    def test_only_what_surely_started_nothing_is_worth_another_try(self, ways, store, target, response, error):
        store.faults.fail_next("rollback", response=response)
        with pytest.raises(error):
            ways.run(target, CALL)
        store.faults.release()


def test_a_redirect_is_not_followed_even_to_somebody_who_would_take_it(ways, store, url):
    fault = {"status": 307, "headers": {"Location": f"{url}/hooks/{HOST}/elsewhere"}}
    for target in (HOOK, BUILD):
        store.faults.fail_next("rollback", response=fault)
        with pytest.raises(PermanentFailureError, match="a redirect"):
            ways.run(target, CALL)
    assert store.messages("rollback") == []


def test_nobody_listening_is_worth_another_try(clock):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}"
    hooks = WebhookRollbacks(KEY, (HOST,), clock, base_url=nowhere, timeout=2)
    for way, target in ((hooks, HOOK), (CloudBuildRollbacks("souk", base_url=nowhere, token=TOKEN), BUILD)):
        with pytest.raises(TemporaryFailureError):
            way.run(target, CALL)


def test_the_same_asking_sent_twice_starts_once(hooks, store):
    hooks.run(HOOK, CALL)
    hooks.run(HOOK, CALL)
    assert len(store.messages("rollback")) == 1


def test_a_wrong_key_is_refused_and_without_a_key_nothing_is_sent(url, clock, store):
    for key, says in (("other", "401"), ("", "no key")):
        with pytest.raises(PermanentFailureError, match=says):
            WebhookRollbacks(key, (HOST,), clock, base_url=url).run(HOOK, CALL)
    assert store.messages("rollback") == []


@pytest.mark.parametrize(("name", "says"), [("missing-one", "404"), ("disabled-one", "switched off")])
def test_a_trigger_that_is_not_there_or_switched_off_does_not_answer_a_trial(builds, name, says):
    with pytest.raises(PermanentFailureError, match=says):
        builds.check(RollbackTarget("web", build_trigger=name))


def test_a_trigger_that_we_may_not_run_is_a_failure(url):
    with pytest.raises(PermanentFailureError, match="403"):
        CloudBuildRollbacks("souk", base_url=url, token="other").run(BUILD, CALL)


@pytest.mark.parametrize(
    "webhook",
    [
        f"http://{HOST}/rollback",
        "https://elsewhere.example/rollback",
        f"https://{HOST}@elsewhere.example/",
        f"https://{HOST}.elsewhere.example/",
        f"https://user:word@{HOST}/",
        f"file:///{HOST}",
        "https://127.0.0.1/",
    ],
)
def test_nothing_but_https_to_a_host_of_the_list_is_called(clock, webhook):
    def never(host, port):
        raise AssertionError(host)

    with pytest.raises(PermanentFailureError, match="not allowed"):
        WebhookRollbacks(KEY, (HOST,), clock, resolve=never).run(RollbackTarget("api", webhook=webhook), CALL)


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.5"],
        ["169.254.169.254"],
        ["192.168.1.1"],
        ["::1"],
        ["fd00::1"],
        ["8.8.8.8", "10.0.0.5"],
        [],
    ],
)
def test_a_host_whose_name_leads_into_a_network_is_not_called(clock, addresses):
    hooks = WebhookRollbacks(KEY, (HOST,), clock, resolve=lambda host, port: addresses)
    for ask in (hooks.check, lambda target: hooks.run(target, CALL)):
        with pytest.raises(PermanentFailureError, match="inside a network"):
            ask(HOOK)


def test_a_name_that_nobody_knows_is_worth_another_try(clock):
    def unknown(host, port):
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(TemporaryFailureError, match="name is not known"):
        WebhookRollbacks(KEY, (HOST,), clock, resolve=unknown).check(HOOK)
