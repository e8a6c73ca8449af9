"""The record is a chain: whatever is done to one of its lines is found, and the line is named."""

import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.adapters.clocks import VirtualClock
from shared.adapters.folder import FolderObjects
from shared.adapters.sqlite_state import SqliteState
from shared.domain.chain import Head, hash_of, linked
from shared.domain.incidents import TimelineEntry
from shared.domain.verifying import Wrong
from shared.ports.store import Delete, Put
from shared.usecases.act import Act, Action, act
from shared.usecases.audited import AUDITED, CHAINS, audit_writes
from shared.usecases.audited import Act as Audited
from shared.usecases.records import INCIDENTS, SEALED_LINES, TIMELINE, incident_writes
from shared.usecases.seal_records import PAGE, read_seal, seal_name, seal_records
from shared.usecases.verify import verify
from shared.usecases.walking import walk
from tests.conftest import NIGHT
from tests.unit.usecases.world import World


@dataclass
class Record:
    """A small record as it is written: three incidents, some acts, and where its seals are."""

    world: World
    objects: FolderObjects

    @property
    def store(self):
        return self.world.store

    def written(self):
        for name in ("crash", "slow", "down"):
            self.world.fires(name)
            self.world.clock.advance(timedelta(minutes=1))
        for incident in self.world.incidents():
            act(Act(Action.ACKNOWLEDGE, incident.id, "mona", "slack", note="أنظر فيها"), **self.world.ports)
            act(Act(Action.RESOLVE, incident.id, "mona", "slack"), **self.world.ports)
        for number in range(4):
            self.store.commit(audit_writes(self.store, Audited(NIGHT, "mona", "window opened", f"window-{number}")))
        return self

    def sealed(self):
        return seal_records(store=self.store, objects=self.objects, clock=self.world.clock)

    def faults(self, **how):
        return verify(store=self.store, objects=self.objects, **how).faults

    def lines(self):
        return {
            (collection, row.id): row.body for collection in (TIMELINE, AUDITED) for row in walk(self.store, collection)
        }


def record_in(folder):
    return Record(World(SqliteState(folder / "state.db"), VirtualClock(NIGHT)), FolderObjects(folder)).written()


@pytest.fixture
def record(tmp_path):
    return record_in(tmp_path)


def is_named(faults, collection, name):
    wanted = name if collection == TIMELINE else f"{AUDITED}/{name}"
    return any(wanted in (fault.record, *fault.detail.split(", ")) or wanted in fault.detail for fault in faults)


def test_E90_a_record_as_it_was_written_is_fine(record):
    found = verify(store=record.store, objects=record.objects)
    assert found.faults == ()
    assert (found.incidents, found.acts, found.seals) == (3, 4, 0)
    assert found.lines == len(list(walk(record.store, TIMELINE)))
    record.sealed()
    assert record.faults() == ()


FIELDS = {TIMELINE: ("at", "event", "reason", "actor", "detail", "incident", "seq", "previous", "hash")}
FIELDS[AUDITED] = ("at", "actor", "act", "subject", "detail", "seq", "previous", "hash")


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_E90_any_change_of_one_stored_line_is_found_and_named(data):
    with tempfile.TemporaryDirectory() as folder:
        record = record_in(Path(folder))
        stored = record.lines()
        (collection, name), body = data.draw(st.sampled_from(sorted(stored.items(), key=lambda item: item[0])))
        how = data.draw(st.sampled_from(["edit", "rehash", "delete", "insert", "swap", "strip"]))
        if how == "delete":
            record.store.commit([Delete(collection, name)])
        elif how == "insert":
            stranger = data.draw(st.sampled_from([f"{name[:-6]}900000", f"INC-20260310-none-{'0' * 5}1", "loose"]))
            record.store.commit([Put(collection, stranger, body)])
            name = stranger
        elif how == "swap":
            others = [key for key, other in stored.items() if key[0] == collection and other != body]
            other = data.draw(st.sampled_from(sorted(others)))
            record.store.commit([Put(collection, name, stored[other]), Put(*other, body)])
            assert is_named(record.faults(), *other)
        else:
            field = data.draw(st.sampled_from(FIELDS[collection]))
            changed = {
                **body,
                field: data.draw(st.text(st.characters(codec="utf-8")).filter(lambda t: t != body[field])),
            }
            if how == "strip":
                del changed[field]
            if how == "rehash" and field != "hash":
                changed["hash"] = hash_of(changed)
            record.store.commit([Put(collection, name, changed)])
        assert is_named(record.faults(), collection, name), (how, record.faults())


def test_E90_a_line_without_a_hash_is_a_fault(record):
    (collection, name), body = next(iter(record.lines().items()))
    record.store.commit([Put(collection, name, {k: v for k, v in body.items() if k != "hash"})])
    assert [(fault.record, fault.wrong) for fault in record.faults()] == [(name, Wrong.NO_HASH)]


def test_E90_a_line_that_says_nothing_any_more_is_named(record):
    (collection, name), _ = next(iter(record.lines().items()))
    record.store.commit([Put(collection, name, {})])
    assert [(fault.record, fault.wrong) for fault in record.faults()] == [(name, Wrong.UNREADABLE)]


def test_E90_two_lines_that_changed_places_are_both_named(record):
    one, other = (incident.id for incident in record.world.incidents()[:2])
    names = (f"{one}-000002", f"{other}-000003")
    here, there = (record.store.get(TIMELINE, name).body for name in names)
    record.store.commit([Put(TIMELINE, names[0], there), Put(TIMELINE, names[1], here)])
    assert {fault.record: fault.wrong for fault in record.faults()} == dict.fromkeys(names, Wrong.MISPLACED)


def test_E90_an_incident_that_is_gone_or_was_slipped_in_is_named(record):
    one, other, _ = record.world.incidents()
    record.store.commit([Delete(INCIDENTS, one.id)])
    body = record.store.get(INCIDENTS, other.id).body
    record.store.commit([Put(INCIDENTS, "INC-20260310-slipped", {**body, "entries": 0, "head": ""})])
    found = {fault.record: fault.wrong for fault in record.faults()}
    assert found == {one.id: Wrong.MISSING, "INC-20260310-slipped": Wrong.INSERTED}


def without_the_newest_line(record, incident):
    """What somebody with the database in hands would do: the last line goes, and the head goes back."""
    body = record.store.get(INCIDENTS, incident).body
    last, before = (f"{incident}-{seq:06d}" for seq in (body["entries"], body["entries"] - 1))
    head = record.store.get(TIMELINE, before).body["hash"]
    record.store.commit(
        [
            Delete(TIMELINE, last),
            Put(INCIDENTS, incident, {**body, "entries": body["entries"] - 1, "head": head}),
        ]
    )
    return last


def test_E90_a_newest_line_deleted_together_with_the_head_is_found_by_the_seals(record):
    record.sealed()
    last = without_the_newest_line(record, record.world.incidents()[0].id)
    [fault] = record.faults()
    assert (fault.record, fault.wrong) == (last, Wrong.MISSING)


def test_E90_an_incident_deleted_with_all_its_lines_is_found_by_the_seals(record):
    record.sealed()
    gone = record.world.incidents()[1].id
    lines = [row.id for row in walk(record.store, TIMELINE) if row.id.startswith(gone)]
    record.store.commit([Delete(INCIDENTS, gone), *(Delete(TIMELINE, name) for name in lines)])
    [fault] = record.faults()
    assert (fault.record, fault.wrong) == (lines[-1], Wrong.MISSING)


def test_E90_a_chain_written_anew_from_its_beginning_is_found_by_the_seals(record):
    record.sealed()
    incident = record.world.incidents()[0].id
    head, writes = Head(), []
    for row in (row for row in walk(record.store, TIMELINE) if row.id.startswith(incident)):
        facts = {k: v for k, v in row.body.items() if k not in {"seq", "previous", "hash"}}
        line, head = linked({**facts, "actor": "nobody"}, head)
        writes.append(Put(TIMELINE, row.id, line))
    body = record.store.get(INCIDENTS, incident).body
    record.store.commit([*writes, Put(INCIDENTS, incident, {**body, "head": head.hash})])
    [fault] = record.faults()
    assert (fault.record, fault.wrong) == (f"{incident}-{head.seq:06d}", Wrong.NOT_AS_SEALED)


def test_E90_acts_cut_off_at_the_end_are_found_by_the_seals(record):
    record.sealed()
    before = record.store.get(AUDITED, "000003").body
    record.store.commit([Delete(AUDITED, "000004"), Put(CHAINS, AUDITED, {"seq": 3, "hash": before["hash"]})])
    [fault] = record.faults()
    assert (fault.record, fault.wrong) == (f"{AUDITED}/000004", Wrong.MISSING)


def test_E90_a_seal_that_was_changed_or_is_gone_is_named(record, tmp_path):
    record.sealed()
    record.world.fires("late")
    record.sealed()
    record.world.fires("later")
    record.sealed()
    second = tmp_path / seal_name(2)
    second.write_text(second.read_text().replace("late", "lame").replace("2026", "2027"))
    assert [(fault.record, fault.wrong) for fault in record.faults()] == [(seal_name(2), Wrong.ALTERED)]
    second.unlink()
    assert [(fault.record, fault.wrong) for fault in record.faults()] == [(seal_name(2), Wrong.MISSING)]


def test_E90_a_head_of_the_seals_that_was_made_up_does_not_keep_verify_busy(record):
    record.sealed()
    record.store.commit([Put(CHAINS, "seals", {"seq": 10**9, "hash": "0"})])
    assert {fault.wrong for fault in record.faults()} == {Wrong.MISSING}


def test_E90_what_a_restricted_line_says_in_full_is_held_by_the_record_too(record):
    incident = record.world.incidents()[0]
    document = record.store.get(INCIDENTS, incident.id)
    secret = [TimelineEntry(NIGHT, "note", "noted", "mona", detail) for detail in ("which customers", "how many")]
    record.store.commit(incident_writes(replace(incident, restricted="falcon"), secret, document.version))
    assert record.faults() == ()
    first, second = (row.id for row in walk(record.store, SEALED_LINES))
    body = record.store.get(SEALED_LINES, first).body
    record.store.commit([Put(SEALED_LINES, first, {**body, "detail": "nobody"}), Delete(SEALED_LINES, second)])
    found = {fault.record: fault.wrong for fault in record.faults()}
    assert found == {f"{SEALED_LINES}/{first}": Wrong.ALTERED, f"{SEALED_LINES}/{second}": Wrong.MISSING}


def test_one_incident_alone_can_be_verified(record):
    one, other, _ = record.world.incidents()
    record.store.commit([Delete(TIMELINE, f"{other.id}-000001")])
    assert record.faults(incident=one.id) == ()
    assert [fault.record for fault in record.faults(incident=other.id)] == [f"{other.id}-000001"]
    with pytest.raises(LookupError, match="there is no incident INC-0"):
        record.faults(incident="INC-0")


def test_a_long_gap_is_told_in_few_lines(record):
    incident = record.world.incidents()[0].id
    body = record.store.get(INCIDENTS, incident).body
    record.store.commit([Put(INCIDENTS, incident, {**body, "entries": 500_000})])
    assert Counter(fault.wrong for fault in record.faults()) == {Wrong.MISSING: 21}


def test_a_seal_is_made_when_something_was_written_and_once_a_day_at_least(record):
    assert record.sealed().chains == 4
    assert record.sealed() is None
    record.world.clock.advance(timedelta(hours=1))
    record.world.fires("another")
    assert record.sealed().seq == 2
    record.world.clock.advance(timedelta(hours=23))
    assert record.sealed() is None
    record.world.clock.advance(timedelta(hours=1))
    assert record.sealed().seq == 3
    assert record.faults() == ()


def test_a_sealing_that_died_before_it_was_noted_is_taken_up_by_the_next(record):
    record.sealed()
    record.world.fires("another")
    record.store.commit([Delete(CHAINS, "seals")])
    assert record.sealed().seq == 2
    assert record.store.get(CHAINS, "seals").body["seq"] == 2
    assert record.faults() == ()


def test_more_lines_than_a_page_are_sealed_by_their_newest(record):
    incident = record.world.incidents()[0]
    document = record.store.get(INCIDENTS, incident.id)
    many = [TimelineEntry(NIGHT + timedelta(seconds=n), "note", "noted") for n in range(2 * PAGE)]
    record.store.commit(incident_writes(incident, many, document.version))
    record.sealed()
    mark = read_seal(record.objects, 1)["heads"][incident.id]
    assert mark.split() == [f"{incident.entries + 2 * PAGE:06d}", record.world.incidents()[0].head]
    assert record.faults() == ()
