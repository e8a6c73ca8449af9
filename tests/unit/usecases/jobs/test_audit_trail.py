"""The audit trail at night: verified, its head sealed, and whoever should have sealed it told."""

from datetime import timedelta

import pytest

from shared.adapters.clocks import VirtualClock
from shared.adapters.sqlite_state import SqliteState
from shared.domain.jobs import Run, Verdict
from shared.ports.store import Put
from shared.usecases.audited import AUDITED, Act, audit_writes
from shared.usecases.jobs.audit_trail import Notary, audit_trail
from shared.usecases.seal_records import read_seal, seal_records
from tests.conftest import NIGHT
from tests.unit.usecases.jobs.crashing import Fate, Killed, MemoryObjects, MortalObjects, MortalStore

RUN = Run("log_rotation", NIGHT, NIGHT, NIGHT)
HOUR = timedelta(hours=1)


class Registry:
    def __init__(self, folder):
        self.store, self.seals, self.clock = SqliteState(folder / "state.db"), MemoryObjects(), VirtualClock(NIGHT)

    def act(self, what="window opened"):
        self.store.commit(audit_writes(self.store, Act(self.clock.now(), "mona", what, "w1")))

    def seal(self):
        return seal_records(store=self.store, objects=self.seals, clock=self.clock)

    def look(self, run=RUN, fate=None):
        store, seals = (
            (MortalStore(self.store, fate), MortalObjects(self.seals, fate)) if fate else (self.store, self.seals)
        )
        return audit_trail(Notary(store, seals, self.clock), run)


@pytest.fixture
def registry(tmp_path):
    return Registry(tmp_path)


def test_a_sound_record_passes_and_its_head_is_sealed_as_tonights_anchor(registry):
    registry.act()
    registry.seal()
    registry.act()
    found = registry.look()
    assert found.verdict is Verdict.PASS
    assert (found.evidence["acts"], found.evidence["seal"], found.evidence["sealed_now"]) == (2, 2, 1)
    assert found.evidence["seal_hash"] == read_seal(registry.seals, 2)["hash"]


def test_a_record_that_is_sealed_already_is_not_sealed_again(registry):
    registry.act()
    registry.seal()
    found = registry.look()
    assert (found.verdict, found.evidence["seal"], found.evidence["sealed_now"]) == (Verdict.PASS, 1, 0)


def test_a_broken_chain_is_the_audit_alert_and_is_left_as_it_is(registry):
    registry.act()
    registry.seal()
    registry.act()
    line = registry.store.get(AUDITED, "000001")
    registry.store.commit([Put(AUDITED, "000001", {**line.body, "actor": "nobody"})])
    found = registry.look()
    assert found.verdict is Verdict.FAIL
    assert [(one.alert, one.subject) for one in found.findings] == [("audit", "record")]
    assert "audited/000001" in found.reason
    assert found.evidence["seal"] == 1, "nothing is sealed over it"


def test_a_seal_that_was_taken_away_is_the_audit_alert(registry):
    registry.act()
    registry.seal()
    registry.seals.clear()
    assert [one.alert for one in registry.look().findings if one.verdict is Verdict.FAIL] == ["audit"]


@pytest.mark.parametrize(("hours", "verdict"), [(2, Verdict.PASS), (3, Verdict.FAIL)])
def test_acts_that_nobody_sealed_for_hours_say_that_the_sealing_does_not_run(registry, hours, verdict):
    registry.act()
    registry.seal()
    registry.act()
    registry.clock.advance(hours * HOUR)
    found = registry.look()
    assert (found.verdict, found.evidence["sealed_now"]) == (verdict, 1)
    assert registry.look().verdict is Verdict.PASS


@pytest.mark.parametrize(("hours", "verdict"), [(26, Verdict.PASS), (27, Verdict.FAIL)])
def test_a_seal_that_is_older_than_a_day_is_too_old(registry, hours, verdict):
    registry.act()
    registry.seal()
    registry.clock.advance(hours * HOUR)
    assert registry.look().verdict is verdict


def test_a_new_installation_has_nothing_to_seal(registry):
    found = registry.look()
    assert (found.verdict, found.evidence["seal"], dict(registry.seals)) == (Verdict.PASS, 0, {})


def test_a_record_that_was_never_sealed_is_a_warning(registry):
    registry.act()
    found = registry.look()
    assert (found.verdict, found.evidence["sealed_now"]) == (Verdict.WARN, 1)


def test_a_dry_run_seals_nothing(registry):
    registry.act()
    registry.look(Run("log_rotation", NIGHT, NIGHT, NIGHT, is_dry=True))
    assert dict(registry.seals) == {}


@pytest.mark.parametrize("crash", range(12))
def test_a_crash_anywhere_leaves_one_seal(registry, crash):
    registry.act()
    fate = Fate([crash])
    try:
        registry.look(fate=fate)
    except Killed:
        registry.look(fate=fate)
    assert list(registry.seals) == ["seals/000001.json"]
    assert registry.look().verdict is Verdict.PASS
