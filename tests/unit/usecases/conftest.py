import pytest

from shared.adapters.sqlite_state import SqliteState
from tests.unit.usecases.world import World


@pytest.fixture
def world(tmp_path, clock):
    return World(SqliteState(tmp_path / "state.db"), clock)
