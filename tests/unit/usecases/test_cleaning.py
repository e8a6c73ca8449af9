"""Cleanup: what nobody uses is proposed, and nothing is gone that a person did not approve as it was."""

import os
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from shared.adapters.clocks import VirtualClock
from shared.adapters.folder import FolderObjects
from shared.adapters.shelves import FolderShelf
from shared.adapters.sqlite_state import SqliteState
from shared.domain.cleanup import WAITS, State
from shared.domain.jobs import Run, Verdict
from shared.errors import NotMeasuredError, RefusedError
from shared.ports.audits import Thing
from shared.ports.store import Delete, Put, Query
from shared.usecases.audited import AUDITED
from shared.usecases.cleaning import CLEANUPS, carry_out, decide, expire, open_proposals, propose
from shared.usecases.jobs.storage import Cleaning
from shared.usecases.unused import objects_stock, releases_stock
from tests.conftest import NIGHT, configuration

LETTER = "dead-letters/l1"
DIRECTORY = configuration().directory
DAY = timedelta(days=1)


class CutError(Exception):
    """The process dies here."""


class House:
    """Objects in a folder, their records in a store, and what people do about them."""

    def __init__(self, folder):
        self.root = folder / "objects"
        self.objects, self.shelf = FolderObjects(self.root), FolderShelf(self.root)
        self.store, self.clock = SqliteState(folder / "state.db"), VirtualClock(NIGHT)
        self.stocks = (objects_stock(self.store, self.shelf),)

    @property
    def now(self):
        return self.clock.now()

    def put(self, name, data=b"text", *, age=30):
        self.objects.create(name, data, content_type="")
        at = (self.now - age * DAY).timestamp()
        os.utime(self.root / name, (at, at))

    def propose(self):
        propose(self.stocks[0].unused(self.now), store=self.store, now=self.now)
        return {one.candidate.name: one for one in open_proposals(self.store)}

    def decide(self, name, state, by="mona"):
        return decide(name, state, by=by, directory=DIRECTORY, store=self.store, now=self.now)

    def carry_out(self, **more):
        return carry_out(self.stocks, store=self.store, now=self.now, **more)

    def approve(self, name=LETTER):
        return self.decide(self.propose()[name].id, State.APPROVED)

    def state(self, proposal):
        return State(self.store.get(CLEANUPS, proposal.id).body["state"])

    def record(self):
        return [
            (line.body["actor"], line.body["act"], line.body["subject"])
            for line in self.store.find(Query(AUDITED, order_by="seq"))
        ]


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path)
    made.put(LETTER)
    return made


def test_only_objects_whose_record_is_gone_and_old_exports_are_proposed(house):
    for name in (
        "dead-letters/kept",
        "charts/e1-en.png",
        "charts/e2-ar.png",
        "exports/old.csv",
        "evidence/b/1.zip",
        "seals/000001.json",
    ):
        house.put(name)
    house.put("dead-letters/fresh", age=3)
    house.put("exports/new.csv", age=3)
    house.store.commit([Put("dead_letters", "kept", {}), Put("evidence", "e1", {})])
    assert set(house.propose()) == {LETTER, "charts/e2-ar.png", "exports/old.csv"}


def test_a_proposal_keeps_its_size_and_why_and_is_made_once(house):
    first = house.propose()[LETTER]
    assert (first.candidate.size, first.candidate.because, first.at) == (
        4,
        "the text of a dead letter whose record is gone",
        NIGHT,
    )
    house.clock.advance(DAY)
    assert house.propose()[LETTER] == first


def test_nothing_is_deleted_before_a_person_has_approved_it(house):
    house.propose()
    assert house.carry_out().deleted == ()
    assert house.objects.read(LETTER) == b"text"


def test_what_was_approved_goes_and_the_record_says_who_and_when_it_began(house):
    proposal = house.approve()
    assert [one.id for one in house.carry_out().deleted] == [proposal.id]
    assert house.objects.read(LETTER) is None
    assert house.state(proposal) is State.DONE
    about = f"object {LETTER}"
    assert house.record() == [
        ("mona", "cleanup approved", about),
        ("database_optimization", "cleanup begun", about),
        ("database_optimization", "cleanup deleted", about),
    ]


def test_a_dry_run_says_what_would_go_and_changes_nothing(house):
    proposal = house.approve()
    assert [one.id for one in house.carry_out(is_dry=True).deleted] == [proposal.id]
    assert (house.objects.read(LETTER), house.state(proposal)) == (b"text", State.APPROVED)


def test_an_approval_can_be_taken_back_until_the_deletion_begins(house):
    proposal = house.approve()
    house.decide(proposal.id, State.REJECTED, by="omar")
    assert house.carry_out().deleted == ()
    assert house.objects.read(LETTER) == b"text"
    with pytest.raises(RefusedError, match="is rejected, and not to be approved"):
        house.decide(proposal.id, State.APPROVED)


def test_what_was_rejected_is_proposed_again_only_as_another_thing(house):
    house.decide(house.propose()[LETTER].id, State.REJECTED)
    assert house.propose() == {}
    (house.root / LETTER).unlink()
    house.put(LETTER, b"other")
    assert set(house.propose()) == {LETTER}


def test_what_has_changed_since_the_approval_stays(house):
    proposal = house.approve()
    (house.root / LETTER).unlink()
    house.put(LETTER, b"another text")
    assert [one.id for one in house.carry_out().changed] == [proposal.id]
    assert (house.objects.read(LETTER), house.state(proposal)) == (b"another text", State.CHANGED)


def test_what_is_used_again_since_the_approval_stays(house):
    proposal = house.approve()
    house.store.commit([Put("dead_letters", "l1", {})])
    house.carry_out()
    assert (house.objects.read(LETTER), house.state(proposal)) == (b"text", State.CHANGED)


@pytest.mark.parametrize(
    ("by", "said"), [("board", "board may not decide"), ("nobody", "nobody may not"), ("", "may not")]
)
def test_only_who_may_manage_decides(house, by, said):
    name = house.propose()[LETTER].id
    with pytest.raises(RefusedError, match=said):
        house.decide(name, State.APPROVED, by=by)
    assert house.record() == []


def test_a_proposal_that_is_not_there_cannot_be_decided(house):
    with pytest.raises(LookupError, match="no cleanup proposal x"):
        house.decide("x", State.APPROVED)


@pytest.mark.parametrize("approves", [True, False])
def test_after_thirty_days_it_is_over_and_may_be_proposed_anew(house, approves):
    proposal = house.propose()[LETTER]
    if approves:
        house.approve()
    house.clock.advance(WAITS)
    assert house.carry_out().deleted == ()
    assert expire(store=house.store, now=house.now) == 1
    assert (house.state(proposal), house.objects.read(LETTER)) == (State.EXPIRED, b"text")
    assert house.propose()[LETTER].at == house.now
    if not approves:
        assert house.record() == []


def test_nobody_approves_after_the_thirty_days_whether_or_not_a_run_has_ended_it(house):
    proposal = house.propose()[LETTER]
    house.clock.advance(WAITS)
    with pytest.raises(RefusedError, match="not to be approved any more"):
        house.decide(proposal.id, State.APPROVED)


class Cut:
    """A shelf whose process dies before, or right after, it removes."""

    def __init__(self, shelf, *, after):
        self.shelf, self.after, self.cuts = shelf, after, True

    def things(self, prefix):
        return self.shelf.things(prefix)

    def has(self, name):
        return self.shelf.has(name)

    def remove(self, name, mark):
        if self.cuts and not self.after:
            raise CutError
        done = self.shelf.remove(name, mark)
        if self.cuts:
            raise CutError
        return done


@pytest.mark.parametrize("after", [False, True])
def test_a_deletion_that_was_cut_off_is_carried_on_and_cannot_be_taken_back(house, after):
    shelf = Cut(house.shelf, after=after)
    house.stocks = (objects_stock(house.store, shelf),)
    proposal = house.approve()
    with pytest.raises(CutError):
        house.carry_out()
    with pytest.raises(RefusedError, match="is being deleted"):
        house.decide(proposal.id, State.REJECTED)
    shelf.cuts = False
    house.carry_out()
    assert (house.objects.read(LETTER), house.state(proposal)) == (None, State.DONE)
    assert [act for _, act, _ in house.record()] == ["cleanup approved", "cleanup begun", "cleanup deleted"]


def test_a_rejection_that_comes_while_a_run_looks_is_heeded(house):
    proposal = house.approve()

    class Slow(FolderShelf):
        """While it is looked at, somebody takes the approval back."""

        def things(self, prefix):
            if house.state(proposal) is State.APPROVED:
                house.decide(proposal.id, State.REJECTED)
            return super().things(prefix)

    house.stocks = (objects_stock(house.store, Slow(house.root)),)
    assert house.carry_out().deleted == ()
    assert (house.objects.read(LETTER), house.state(proposal)) == (b"text", State.REJECTED)


class Locked:
    """A shelf that may be read or not, and never changed."""

    def __init__(self, shelf, *, listed=True):
        self.shelf, self.listed = shelf, listed

    def things(self, prefix):
        if not self.listed:
            raise NotMeasuredError("the objects may not be listed")
        return self.shelf.things(prefix)

    def has(self, name):
        return self.shelf.has(name)

    def remove(self, name, mark):
        raise NotMeasuredError("objects may not be deleted by our account")


def test_the_step_proposes_and_deletes_what_was_approved_in_the_next_run(house):
    step, run = Cleaning(house.store, house.stocks), Run("database_optimization", NIGHT, NIGHT, NIGHT)
    first = step(run)
    assert (first.verdict, first.reason) == (Verdict.PASS, "1 proposals wait: soukmon cleanup list")
    assert (first.evidence["proposed"], first.evidence["unused_bytes"]) == (1, 4)
    house.approve()
    second = step(run)
    assert (second.evidence["deleted"], second.evidence["freed_bytes"], second.evidence["waiting"]) == (1, 4, 0)


def test_a_dry_step_neither_proposes_nor_deletes(house):
    dry = Run("database_optimization", NIGHT, NIGHT, NIGHT, is_dry=True)
    found = Cleaning(house.store, house.stocks)(dry)
    assert (found.evidence["unused"], found.evidence["proposed"], open_proposals(house.store)) == (1, 0, [])


def test_without_the_right_to_delete_the_step_warns_and_the_proposal_stays_approved(house):
    proposal = house.approve()
    stocks = (objects_stock(house.store, Locked(house.shelf)),)
    found = Cleaning(house.store, stocks)(Run("database_optimization", NIGHT, NIGHT, NIGHT))
    assert (found.verdict, found.reason) == (Verdict.WARN, "object: objects may not be deleted by our account")
    assert house.objects.read(LETTER) == b"text"
    assert [act for _, act, _ in house.record()] == ["cleanup approved", "cleanup begun", "cleanup refused"]
    assert house.decide(proposal.id, State.REJECTED).state is State.REJECTED


def test_where_nothing_can_be_looked_at_the_step_is_skipped_with_what_to_set(house):
    stocks = (objects_stock(house.store, Locked(house.shelf, listed=False)),)
    found = Cleaning(house.store, stocks, ("releases: set SOUKMON_RELEASES_BUCKET",))(Run("d", NIGHT, NIGHT, NIGHT))
    assert (found.verdict, found.reason) == (
        Verdict.SKIPPED,
        "releases: set SOUKMON_RELEASES_BUCKET; the objects may not be listed",
    )


class Releases:
    """A bucket of packages."""

    def __init__(self, *things):
        self.held = things

    def things(self, prefix):
        return self.held


def test_of_each_function_the_ten_newest_packages_stay_and_what_is_young(house):
    def packages(function, count, *, since):
        return [
            Thing(f"{function}/{number:03d}.zip", 9, "1", NIGHT - (since + number) * DAY) for number in range(count)
        ]

    old, young = packages("send_report", 12, since=100), packages("serve_chart", 30, since=1)
    found = releases_stock(Releases(*old, *young, Thing("release.json", 1, "1", NIGHT - 400 * DAY))).unused(NIGHT)
    assert [one.name for one in found] == ["send_report/010.zip", "send_report/011.zip"]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["approve", "reject", "rewrite", "use", "unuse"]), st.integers(0, 2)),
        st.tuples(st.sampled_from(["run", "cut before", "cut after", "dry", "later"]), st.just(0)),
    ),
    max_size=25,
)


@given(steps=STEPS)
@hypothesis_settings(max_examples=60)
def test_no_sequence_of_events_deletes_what_nobody_approved_as_it_was(tmp_path_factory, steps):
    house = House(tmp_path_factory.mktemp("house"))
    names = [f"dead-letters/l{number}" for number in range(3)]
    for name in names:
        house.put(name, name.encode())
    yes = {}

    class Watched(FolderShelf):
        """Every removal has to be of what stands approved, with the mark that was approved, of a thing unused."""

        def remove(self, name, mark):
            assert yes.get(name) == mark
            assert house.store.get("dead_letters", name.removeprefix("dead-letters/")) is None
            return super().remove(name, mark)

    watched = Watched(house.root)
    for number, (what, which) in enumerate(steps):
        name, path = names[which], house.root / names[which]
        proposals = {one.candidate.name: one for one in open_proposals(house.store)}
        if what in {"approve", "reject"} and name in proposals:
            one = proposals[name]
            with suppress(RefusedError):
                house.decide(one.id, State.APPROVED if what == "approve" else State.REJECTED)
                yes |= {name: one.candidate.mark if what == "approve" else None}
        elif what == "rewrite":
            path.unlink(missing_ok=True)
            house.put(name, f"{name} {number}".encode())
        elif what == "use":
            house.store.commit([Put("dead_letters", f"l{which}", {})])
        elif what == "unuse":
            from_store = [row for row in house.store.find(Query("dead_letters", after="")) if row.id == f"l{which}"]
            house.store.commit([Delete("dead_letters", row.id) for row in from_store])
        elif what == "later":
            house.clock.advance(timedelta(days=11))
        else:
            cut = Cut(watched, after=what == "cut after")
            cut.cuts = what.startswith("cut")
            before = {one: (house.root / one).exists() for one in names}
            step = Cleaning(house.store, (objects_stock(house.store, cut),))
            run = Run("database_optimization", house.now, house.now, house.now, is_dry=what == "dry")
            with suppress(CutError):
                step(run)
            gone = {one for one in names if before[one] and not (house.root / one).exists()}
            assert gone <= {one for one, mark in yes.items() if mark}
            assert not (gone and what == "dry")
