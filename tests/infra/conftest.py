"""Terraform's fixtures: skipped where terraform or the provider's description cannot be had, never in CI."""

import os
import shutil

import pytest

from tests.infra import workbench
from tests.infra.offline_provider import bindings


def unavailable(reason):
    """Elsewhere a reason to skip, in CI a failure."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}; nothing is skipped in CI")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def schemas():
    try:
        return bindings.schemas(workbench.used_types())
    except bindings.UnavailableError as error:
        unavailable(str(error))


@pytest.fixture(scope="session")
def terraform_is_here():
    if shutil.which("terraform") is None:
        unavailable("terraform is not installed")


@pytest.fixture(scope="session")
def mirror(tmp_path_factory):
    return workbench.make_mirror(tmp_path_factory.mktemp("mirror"))


@pytest.fixture(scope="session")
def make_workbench(terraform_is_here, schemas, mirror, tmp_path_factory):
    def make(name):
        return workbench.workbench(tmp_path_factory.mktemp(name), schemas=schemas, mirror=mirror)

    return make


@pytest.fixture(scope="session")
def bench(make_workbench):
    """A copy that is initialised."""
    made = make_workbench("infra")
    made.must("init", "-input=false")
    return made
