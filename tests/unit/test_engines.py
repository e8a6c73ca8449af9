"""One word chooses the engines; whatever it is, no client is made before the first use."""

from dataclasses import replace

import pytest

from shared import bootstrap
from shared.errors import ConfigurationError
from shared.settings import Settings

GOOGLE = Settings(engine="google", project="souk-test", bucket="souk-objects")
ENGINES = {
    "embedded": ("SqliteState", "SqliteBus", "FolderObjects", "DuckDBWarehouse"),
    "google": ("FirestoreState", "PubSubPublisher", "CloudStorageObjects", "BigQueryWarehouse"),
}


@pytest.fixture
def installed(tmp_path):
    def install(settings):
        bootstrap.install(replace(settings, state_dir=str(tmp_path)))

    yield install
    bootstrap.install()


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_is_chosen_as_a_whole(installed, engine):
    installed(replace(GOOGLE, engine=engine))
    made = (bootstrap.state(), bootstrap.bus(), bootstrap.objects(), bootstrap.warehouse())
    assert tuple(type(one).__name__ for one in made) == ENGINES[engine]


@pytest.mark.parametrize("engine", ["", "aws", "Google"])
def test_an_engine_that_there_is_not_is_refused_by_name(installed, engine):
    installed(replace(GOOGLE, engine=engine))
    with pytest.raises(ConfigurationError, match=f"SOUKMON_ENGINE={engine} .* use embedded or google"):
        bootstrap.state()


def test_objects_need_a_bucket(installed):
    installed(replace(GOOGLE, bucket=""))
    with pytest.raises(ConfigurationError, match="SOUKMON_BUCKET is not set"):
        bootstrap.objects()
