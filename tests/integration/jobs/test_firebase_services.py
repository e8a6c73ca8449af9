"""Firebase's services over real HTTP: what is well, refused, broken, or silent."""

import socket
from datetime import UTC, datetime

import pytest

from infra.local.sandbox.google_firebase import Firebase, parts
from infra.local.sandbox.google_management import Management, create_app
from infra.local.sandbox.server import serve
from shared.adapters import google_rest
from shared.adapters.firebase_services import GoogleFirebase
from shared.adapters.google_rest import Rest
from shared.adapters.no_firebase import NoFirebase
from shared.domain.jobs import Verdict
from shared.usecases.jobs.firebase import firebase

TOKEN = "a-token"
CONFIG, DATABASE = "/identitytoolkit/admin/v2/projects/souk/config", "/firestore/v1/projects/souk/databases/(default)"
SITES = "/firebasehosting/v1beta1/projects/souk/sites"


@pytest.fixture
def project():
    return Firebase.with_samples()


@pytest.fixture
def management():
    return Management()


@pytest.fixture
def services(project, management):
    with serve(create_app(management, token=TOKEN, further=parts(project))) as server:
        yield GoogleFirebase(Rest(base_url=server.url, token=TOKEN), "souk")


def test_a_project_that_is_well_passes_and_says_when_its_sites_were_released(services):
    result = firebase(services)
    assert (result.verdict, result.reason, result.raised) == (Verdict.PASS, "", False)
    assert result.evidence == {
        "auth": "answers",
        "firestore": "eur3",
        "sites": 1,
        "hosting souk-el-sayarat": "2026-03-01T10:15:30.123456+00:00",
    }


def test_of_the_configuration_of_signing_in_no_key_ever_comes_here(services):
    """The whole of it would hold the key that signs passwords' hashes."""

    heard = []

    class Listens(Rest):
        def ask(self, *arguments, **more):
            heard.append(super().ask(*arguments, **more))
            return heard[-1]

    rest = Listens(base_url=services._rest._base_url, token=TOKEN)
    GoogleFirebase(rest, "souk").sign_in()
    assert heard == [{"name": "projects/souk/config"}]


def test_all_sites_are_looked_at_page_by_page(services, project):
    for number in range(4):
        project.add_site(f"further-{number}")
    project.add_site("zzz-off", kind="SITE_DISABLE", status="")
    result = firebase(services)
    assert result.evidence["sites"] == 6
    assert [one.subject for one in result.findings] == ["firebase/hosting/zzz-off"]
    assert result.verdict is Verdict.FAIL


def test_a_release_is_read_with_its_time(services):
    assert services.sites()[0].release.at == datetime(2026, 3, 1, 10, 15, 30, 123456, UTC)


def test_a_database_that_was_deleted_fails(services, project):
    project.database["deleteTime"] = "2026-03-09T22:00:00Z"
    assert "the database was deleted at 2026-03-09 22:00 UTC" in firebase(services).reason


def test_signing_in_that_was_never_set_up_and_a_database_that_is_not_there_fail(services, project):
    project.has_sign_in, project.database = False, {}
    result = firebase(services)
    assert [(one.subject, one.alert) for one in result.findings] == [
        ("firebase/auth", "firebase_service"),
        ("firebase/firestore", "firebase_service"),
    ]
    assert "it does not exist" in result.reason


def test_one_failure_that_passes_is_none(services, management):
    management.refuses[f"GET {DATABASE}"] = 503
    result = firebase(services)
    assert result.verdict is Verdict.PASS
    assert management.calls.count(f"GET {DATABASE}") == 2


def test_two_failures_are_one(services, management):
    class Again(dict):
        def pop(self, key, default=None):
            return self.get(key, default)

    management.refuses = Again({f"GET {SITES}": 500})
    result = firebase(services)
    assert (result.verdict, result.raised) == (Verdict.FAIL, False)
    assert "firebasehosting answered 500" in result.reason
    assert result.evidence["firestore"] == "eur3"


def test_what_our_account_may_not_read_is_not_judged_and_takes_nothing_back(services, management):
    management.refuses[f"GET {CONFIG}"] = 403
    result = firebase(services)
    assert (result.verdict, result.has_looked) == (Verdict.WARN, False)
    assert "auth was not looked at" in result.reason
    assert "health.tf" in result.findings[0].fix


def test_an_account_that_may_read_nothing_is_skipped_and_told_what_to_grant(services, management):
    management.refuses = {f"GET {path}": 403 for path in (CONFIG, DATABASE, SITES)}
    result = firebase(services)
    assert result.verdict is Verdict.SKIPPED
    assert "health.tf" in result.reason


def test_a_server_that_never_answers_is_a_failure_in_time(monkeypatch):
    monkeypatch.setattr(google_rest, "TIMEOUT_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        rest = Rest(base_url=f"http://127.0.0.1:{silent.getsockname()[1]}", token=TOKEN)
        result = firebase(GoogleFirebase(rest, "souk"))
    assert result.verdict is Verdict.FAIL
    assert "cannot be reached (ReadTimeout)" in result.reason


def test_where_there_is_no_project_it_is_skipped_and_says_what_to_set():
    result = firebase(NoFirebase())
    assert result.verdict is Verdict.SKIPPED
    assert "GOOGLE_CLOUD_PROJECT" in result.reason
