"""Who asks, and how a secret is had: from the environment, or from Secret Manager, or not at all."""

import pytest
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import DefaultCredentialsError

from infra.tools.doctor.google import GoogleApis
from infra.tools.doctor.outcomes import CheckError, State
from infra.tools.doctor.site import Site, signed_in
from tests.integration.doctor.conftest import NOW
from tests.integration.doctor.project import served


@pytest.fixture
def site(souk, project):
    with served(project) as session:
        yield Site(souk, GoogleApis(session), NOW, given={"TWILIO_AUTH_TOKEN": "from here"})


def test_a_secret_is_the_version_that_functions_read(site):
    assert site.secret("SLACK_BOT_TOKEN") == "the-SLACK_BOT_TOKEN"


def test_a_variable_of_its_name_goes_first(site):
    assert site.secret("TWILIO_AUTH_TOKEN") == "from here"


def test_whoever_may_not_read_secrets_skips_what_needs_them(site, project):
    project.refusals[":access"] = 403
    with pytest.raises(CheckError, match="SLACK_BOT_TOKEN may not be read here") as raised:
        site.secret("SLACK_BOT_TOKEN")
    assert raised.value.state is State.SKIPPED
    assert "secretAccessor" in raised.value.fix


def test_a_secret_that_is_not_there_fails(site, project):
    del project.secrets["SLACK_BOT_TOKEN"]
    with pytest.raises(CheckError, match="answered 404") as raised:
        site.secret("SLACK_BOT_TOKEN")
    assert raised.value.state is State.FAIL


class Robot(AnonymousCredentials):
    service_account_email = "soukmon-deployer@p.iam.gserviceaccount.com"


class Person(AnonymousCredentials):
    account = "karim@souk.example"


@pytest.mark.parametrize(
    ("credentials", "says"),
    [
        (Robot(), "signed in as soukmon-deployer@p.iam.gserviceaccount.com"),
        (Person(), "signed in as a person's own account, or the machine's"),
    ],
)
def test_it_is_told_whose_the_credentials_are_but_no_persons_address(credentials, says):
    assert signed_in(lambda: (credentials, None))[1].says == says


def test_without_credentials_it_is_told_how_to_get_some():
    def nobody():
        raise DefaultCredentialsError("none")

    with pytest.raises(CheckError, match="nobody is signed in") as raised:
        signed_in(nobody)
    assert "gcloud auth application-default login" in raised.value.fix


def test_a_list_without_an_end_is_given_up():
    class Endless:
        status_code = 200

        def get(self, url, **options):
            return self

        def json(self):
            return {"jobs": [{}], "nextPageToken": "again"}

    with pytest.raises(CheckError, match="more than 50 pages"):
        list(GoogleApis(Endless()).every("https://cloudscheduler.googleapis.com/v1/jobs", "jobs"))


def test_a_proxys_page_is_not_shown(souk):
    class Proxy:
        status_code = 502
        text = "<html>secret</html>"

        def get(self, url, **options):
            return self

        def json(self):
            raise ValueError

    with pytest.raises(CheckError, match=r"run.googleapis.com answered 502: no JSON error$"):
        GoogleApis(Proxy()).get("https://run.googleapis.com/v2/x")
