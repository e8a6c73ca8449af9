"""Spoilt payloads, wrapped and signed as their true sender would, into every function that takes anything at all."""

import random

import pytest

from infra.local.functions import manifests
from infra.tools.fuzz.house import House, LostError
from infra.tools.fuzz.spoiling import spoilt
from infra.tools.fuzz.targets import doors
from shared import bootstrap

TRIES = 4


# Of a house that is not built: its doors are only counted.
NAMES = [target.name for target in doors(House.__new__(House))]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("house"))
    yield made
    made.close()


@pytest.mark.parametrize("name", NAMES)
def test_E07_whatever_comes_in_is_taken_refused_or_kept_and_never_an_error(house, name):
    target = next(one for one in doors(house) if one.name == name)
    dice = random.Random(name)
    for data in [*target.seeds, *(spoilt(dice.choice(target.seeds), dice) for _ in range(TRIES))]:
        assert target.run(data) is None


def test_every_function_that_is_not_called_by_the_clock_has_a_door_here():
    called = {name for name, one in manifests().items() if not one.cron}
    assert {name.partition("/")[0] for name in NAMES} == called


def test_a_function_that_fails_or_forgets_is_found_out(house, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(bootstrap, "state", lambda: (_ for _ in ()).throw(OSError("away")))
        with pytest.raises(LostError, match="500"):
            house.event("receive_log_entry", b"{broken")
    monkeypatch.setattr("shared.runtime.keep_in_dead_letters", lambda *letter: None)
    with pytest.raises(LostError, match="nowhere"):
        house.event("receive_log_entry", b"{lost")
