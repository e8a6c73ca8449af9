"""`soukmon deploy`: what is not ready is said in one line, and nothing of the tree disagrees with the command."""

import re

import pytest
from google.api_core.exceptions import Forbidden
from google.auth.exceptions import DefaultCredentialsError, RefreshError

from infra.tools.deploy import secret_containers, standing
from infra.tools.deploy.environments import PREFIX, Environment
from infra.tools.deploy.installation import reaching
from infra.tools.sources import ROOT
from shared.cli import deployed, deploying
from shared.cli.main import run
from shared.errors import ConfigurationError
from tests.unit.deploy.conftest import write

assert deployed
assert deploying
SOUK = Environment("staging", "souk-test-1", ROOT / "infra/env/staging.tfvars")


@pytest.mark.parametrize(
    "command", ["plan", "apply", "prove", "settle", "rollback", "status", "drift", "secrets", "urls"]
)
@pytest.mark.parametrize("environment", ["staging", "production"])
def test_an_environment_that_is_not_filled_in_is_refused_in_one_line(capsys, command, environment):
    assert run(["deploy", command, "--env", environment]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert re.fullmatch(rf"soukmon: infra/env/{environment}\.tfvars:\d+: put a value of your own .*\n", said.err)


@pytest.mark.parametrize(
    "words", [["status"], ["status", "--env", "prod"], ["rollback", "--env", "staging", "--to", "0"]]
)
def test_bad_usage_is_one_line(capsys, words):
    assert run(["deploy", *words]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (DefaultCredentialsError("no"), "not logged in to Google Cloud: run gcloud auth application-default login"),
        (RefreshError("expired"), "not logged in to Google Cloud: run gcloud auth application-default login"),
        (Forbidden("no access to bucket"), "souk-test-1: 403 no access to bucket; was infra/bootstrap applied there?"),
    ],
)
def test_what_google_refuses_says_what_to_do(error, said):
    with pytest.raises(ConfigurationError) as refused, reaching(SOUK):
        raise error
    assert str(refused.value) == said


def test_terraform_and_the_command_mean_the_same_names():
    manifest, functions, bootstrap = (
        (ROOT / "infra" / name).read_text() for name in ("manifest.tf", "functions.tf", "bootstrap/main.tf")
    )
    assert f'prefix        = "{PREFIX}"' in manifest
    assert SOUK.releases_bucket == f"{SOUK.project}-{PREFIX}-releases"
    assert 'releases = "${var.project}-${local.prefix}-releases"' in functions
    for bucket in ("state", "releases"):
        assert f'name                        = "${{var.project}}-${{local.prefix}}-{bucket}"' in bootstrap


def test_the_containers_of_secrets_are_made_and_nothing_else(bench):
    for name, secrets in {"ring": "[TWILIO_AUTH_TOKEN, SLACK_BOT_TOKEN]", "watch": "[SLACK_BOT_TOKEN]"}.items():
        write(bench.here.root / f"functions/{name}/function.yaml", f"secrets: {secrets}\n")
    assert secret_containers.make(bench.here) == ["SLACK_BOT_TOKEN", "TWILIO_AUTH_TOKEN"]
    assert bench.calls == ["init", "plan", "show", "apply"]
    planned = next(line for line in (bench.fake / "calls").read_text().splitlines() if line.startswith("plan"))
    assert "-target=google_secret_manager_secret.secret" in planned


def test_addresses_come_with_the_first_release(bench):
    with pytest.raises(LookupError, match="nothing is deployed in staging yet"):
        standing.addresses(bench.here)
    write(bench.fake / "state.json", '{"values": {"outputs": {"urls": {"value": {"ring": "https://r.example"}}}}}')
    assert standing.addresses(bench.here) == {"ring": "https://r.example"}
