"""The review of access and rules, over HTTP, against servers that answer as Google's APIs do."""

from dataclasses import replace
from hashlib import sha256

import pytest

from infra.local.sandbox.google_review import RULES
from shared.adapters.google_rest import Rest
from shared.adapters.google_review import FirebaseRules, GoogleAccess
from shared.adapters.no_access_review import NoAccessReview
from shared.domain.access_review import Baseline, OwnAccess
from shared.domain.jobs import Verdict
from shared.domain.security_plan import AccessPlan
from shared.errors import SourceError
from shared.usecases.jobs.access import Reviewed, access, rules
from tests.integration.security.conftest import RUN, TOKEN

OPEN = "rules_version = '2';\nservice x {\n  match /a/{b} {\n    allow read, write: if true;\n  }\n}\n"
ASKED = {
    "roles": "projects/souk:getIamPolicy",
    "buckets": "/storage/v1/b",
    "services": "/namespaces/souk/services",
    "keys": "/serviceAccounts",
}


def review(url, **changes):
    rest = Rest(base_url=url, token=TOKEN)
    plan = AccessPlan({"group:platform@souk.example": ("roles/viewer",)}, ("{project}-status",), ("web",))
    baseline = Baseline("souk", plan, OwnAccess({"seal_records": ("roles/datastore.user",)}))
    return replace(Reviewed(GoogleAccess(rest, "souk"), FirebaseRules(rest, "souk"), baseline, {}), **changes)


@pytest.fixture
def reviewed(google_url):
    return review(google_url)


def test_a_project_as_it_is_declared_passes(reviewed, project):
    project.project = {
        "roles/viewer": ["group:platform@souk.example"],
        "roles/datastore.user": ["serviceAccount:fn-seal-records@souk.iam.gserviceaccount.com"],
    }
    project.add_bucket("souk-status", prevented=False, objectViewer=["allUsers"])
    project.add_service("web", "web@souk.iam.gserviceaccount.com", public=True)
    found = access(reviewed, RUN)
    assert (found.verdict, found.findings, found.has_looked) == (Verdict.PASS, (), True)


def test_every_page_of_buckets_services_and_accounts_is_looked_at(reviewed, project):
    for number in range(5):
        project.add_bucket(f"photos-{number}", prevented=False, objectViewer=["allUsers"])
        project.add_service(f"admin-{number}", "own@souk.iam.gserviceaccount.com", public=True)
        project.keys[f"importer-{number}@souk.iam.gserviceaccount.com"] = {"k1": "2025-01-01T00:00:00Z"}
    found = access(reviewed, RUN).findings
    told = {one.subject.split("/")[0]: 0 for one in found}
    for one in found:
        told[one.subject.split("/")[0]] += 1
    assert told == {"bucket": 5, "service": 5, "key": 5}
    assert {one.alert for one in found if one.subject.startswith("bucket")} == {"public_access"}


def test_a_stranger_who_owns_the_project_fails_and_a_young_key_is_fine(reviewed, project):
    project.project = {"roles/owner": ["user:old@souk.example"]}
    project.keys["importer@souk.iam.gserviceaccount.com"] = {"k1": "2026-03-01T00:00:00Z"}
    (found,) = access(reviewed, RUN).findings
    assert (found.subject, found.verdict, found.alert) == (
        "iam/roles/owner/user:old@souk.example", Verdict.FAIL, "access_review",
    )  # fmt: skip


@pytest.mark.parametrize("part", ASKED)
@pytest.mark.parametrize("status", [403, 500])
def test_a_part_that_cannot_be_looked_at_is_told_and_the_others_are_looked_at(
    reviewed, project, management, part, status
):
    project.project = {"roles/owner": ["user:old@souk.example"]}
    project.add_bucket("photos", prevented=False, objectViewer=["allUsers"])
    management.refuses[ASKED[part]] = status
    found = access(reviewed, RUN)
    (blind,) = [one for one in found.findings if one.subject.startswith("blind/")]
    assert (blind.subject, blind.verdict) == (f"blind/{part}", Verdict.WARN)
    assert ("custom/review" in blind.what) is (status == 403)
    assert len(found.findings) == 3 - (part in {"roles", "buckets"})
    assert not found.has_looked, "what was told about that part stays told"
    assert access(reviewed, RUN).has_looked, "and the next run looks again"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "refused"])
def test_where_nothing_can_be_looked_at_the_step_says_what_to_give(google_url, url):
    one = review(google_url) if url == "refused" else review(url)
    one = (
        replace(one, access=GoogleAccess(Rest(base_url=google_url, token="another"), "souk"))
        if url == "refused"
        else one
    )
    found = access(one, RUN)
    assert found.verdict is Verdict.SKIPPED
    assert ("401" if url == "refused" else "cannot be reached") in found.reason


def test_on_one_machine_there_is_nothing_to_review(reviewed):
    nothing = replace(reviewed, access=NoAccessReview(), rules=NoAccessReview())
    for step in (access, rules):
        found = step(nothing, RUN)
        assert (found.verdict, "set GOOGLE_APIS_URL" in found.reason) == (Verdict.SKIPPED, True)


def test_good_rules_pass_over_all_pages(reviewed, project):
    project.rules |= {f"firebase.storage/photos-{number}": RULES for number in range(3)}
    found = rules(reviewed, RUN)
    assert (found.verdict, found.evidence) == (Verdict.PASS, {"releases": 4})


def test_open_rules_are_told_with_their_line_as_something_that_leaks(reviewed, project):
    project.rules["firebase.storage/photos"] = OPEN
    (found,) = rules(reviewed, RUN).findings
    assert (found.subject, found.verdict, found.alert) == (
        "rules/firebase.storage/photos:4",
        Verdict.FAIL,
        "public_access",
    )


def test_rules_that_are_not_the_declared_ones_or_not_deployed_fail(reviewed, project):
    hashes = {"cloud.firestore": sha256(RULES.encode()).hexdigest()}
    declared = replace(reviewed, hashes=hashes)
    assert rules(declared, RUN).verdict is Verdict.PASS
    project.rules["cloud.firestore"] = RULES + "// by hand\n"
    assert [one.alert for one in rules(declared, RUN).findings] == ["access_review"]
    project.rules.clear()
    assert "are not deployed" in rules(declared, RUN).reason


def test_a_project_without_rules_is_nothing_to_look_at(reviewed, project):
    project.rules.clear()
    assert rules(reviewed, RUN).verdict is Verdict.SKIPPED


def test_rules_that_cannot_be_read_are_skipped_with_what_to_give(reviewed, management):
    management.refuses["/releases"] = 403
    found = rules(reviewed, RUN)
    assert (found.verdict, "custom/review" in found.reason) == (Verdict.SKIPPED, True)


def test_a_list_without_an_end_is_a_fault_of_the_source(google_url, project, monkeypatch):
    monkeypatch.setattr("shared.adapters.google_rest.PAGES", 2)
    for number in range(6):
        project.add_bucket(f"photos-{number}")
    with pytest.raises(SourceError, match="without an end"):
        review(google_url).access.buckets()


def test_a_review_changes_nothing(reviewed, management):
    access(reviewed, RUN)
    rules(reviewed, RUN)
    assert {call for call in management.calls if not call.startswith("GET")} == {
        "POST /cloudresourcemanager/v3/projects/souk:getIamPolicy"
    }
