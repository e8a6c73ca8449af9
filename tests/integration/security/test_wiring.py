"""What the scan and the updates are made of, by the settings of an installation."""

import json

import pytest

from shared import bootstrap
from shared.adapters.google_review import GoogleAccess
from shared.adapters.no_access_review import NoAccessReview
from shared.bootstrap import security
from shared.domain.access_review import Binding
from shared.errors import ConfigurationError
from shared.settings import Settings

ACCOUNT = "serviceAccount:fn-contain-breach@souk.iam.gserviceaccount.com"
# As infra/functions.tf writes it out of the manifests.
OWN = {
    "roles": {"contain_breach": ["custom/containment", "roles/datastore.user"]},
    "public": ["soukmon-acknowledge"],
    "custom": {"custom/containment": "soukmon_containment"},
}


@pytest.fixture
def installed(tmp_path):
    def install(**settings):
        bootstrap.install(Settings(state_dir=str(tmp_path), project="souk", **settings))

    yield install
    bootstrap.install()


def test_what_our_functions_may_do_is_known_from_their_manifests(installed):
    installed(own_access=json.dumps(OWN), google_url="http://127.0.0.1:9")
    found = security.reviewed()
    assert isinstance(found.access, GoogleAccess)
    assert found.baseline.allows(Binding("roles/datastore.user", ACCOUNT))
    assert found.baseline.allows(Binding("projects/souk/roles/soukmon_containment", ACCOUNT))
    assert not found.baseline.allows(Binding("roles/owner", ACCOUNT))
    assert found.baseline.own.public == ("soukmon-acknowledge",)


def test_on_one_machine_there_is_no_project_to_review_and_no_repository_to_propose_to(installed):
    installed()
    assert isinstance(security.reviewed().access, NoAccessReview)
    assert security.repository() is None
    assert [len(one.locks()) for one in security.deployed_locks()] == [1, 0]


def test_in_the_cloud_the_bucket_of_the_packages_has_to_be_named(installed):
    installed(engine="google")
    with pytest.raises(ConfigurationError, match="SOUKMON_RELEASES_BUCKET"):
        security.releases()
