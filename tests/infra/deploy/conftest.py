"""A tree that can be deployed: with Terraform's own program and with Cloud Storage's stand-in, or not at all."""

from contextlib import ExitStack

import pytest

from infra.local.emulators import NotInstalledError
from infra.local.storage_emulator import storage
from tests.infra.conftest import unavailable
from tests.infra.deploy import estate_on_google


@pytest.fixture(scope="module")
def cloud_storage():
    with ExitStack() as stack:
        try:
            url = stack.enter_context(storage())
        except NotInstalledError as error:
            unavailable(str(error))
        yield url


@pytest.fixture(scope="module")
def tree(terraform_is_here, schemas, mirror, cloud_storage, tmp_path_factory):
    return estate_on_google.deployable(tmp_path_factory.mktemp("tree"), schemas=schemas, mirror=mirror)
