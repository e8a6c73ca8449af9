"""Nothing is ever removed without a verified archive: over documents, holds and crashes of every kind."""

from datetime import timedelta
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.clocks import VirtualClock
from shared.adapters.sqlite_state import SqliteState
from shared.domain.archives import manifest_of, read_back
from shared.domain.jobs import Run, StepResult, Verdict
from shared.domain.retention import Kept, RetentionClass
from shared.ports.store import Create, Put
from shared.usecases.audited import AUDITED
from shared.usecases.holds import place_hold, release_hold
from shared.usecases.jobs.archiving import ARCHIVE_BROKEN
from shared.usecases.jobs.expired_data import Archivist, expired_data
from shared.usecases.records import ARCHIVES, INCIDENTS, instant
from shared.usecases.walking import walk
from tests.conftest import NIGHT
from tests.unit.usecases.jobs.crashing import Fate, Killed, MemoryObjects, MortalObjects, MortalStore

DAY = timedelta(days=1)
RUN = Run("log_rotation", NIGHT, NIGHT, NIGHT)
DRY = Run("log_rotation", NIGHT, NIGHT, NIGHT, is_dry=True)
LETTERS = RetentionClass(Kept.DEAD_LETTERS, 30 * DAY)
NOTES = RetentionClass(Kept.NOTIFICATIONS, 60 * DAY)
RUNS = RetentionClass(Kept.JOB_RUNS, 100 * DAY)
RECEIPTS = RetentionClass(Kept.RECEIPTS, 30 * DAY, archive_first=False)


class Room:
    """A store with documents, and the archive."""

    def __init__(self, folder, *, classes=(LETTERS, NOTES, RUNS), batch=2):
        self.store, self.objects, self.clock = SqliteState(folder / "state.db"), MemoryObjects(), VirtualClock(NIGHT)
        self.classes, self.batch = classes, batch

    def letter(self, name, *, days, **more):
        self.store.commit([Put("dead_letters", name, {"received_at": instant(NIGHT - days * DAY), **more})])

    def archivist(self, fate=None):
        store, objects = self.store, self.objects
        if fate is not None:
            store, objects = MortalStore(store, fate), MortalObjects(objects, fate)
        return Archivist(self.classes, store, objects, self.clock, self.batch)

    def clean(self, run=RUN, fate=None):
        return expired_data(self.archivist(fate), run)

    def names(self, collection="dead_letters"):
        return {row.id for row in walk(self.store, collection)}

    def archived(self):
        """By document, in whichever archives can be read to their last byte."""
        manifests = [manifest_of(data) for name, data in self.objects.items() if name.endswith("/manifest.json")]
        return {entry.id: entry for one in manifests for entry in read_back(one, self.objects.read)}

    def acts(self):
        return [row.body for row in walk(self.store, AUDITED) if row.body["act"] == "expired data removed"]


@pytest.fixture
def room(tmp_path):
    return Room(tmp_path)


def test_what_is_expired_is_archived_read_back_and_gone_and_what_is_not_stays(room):
    for name, days in (("old", 40), ("older", 50), ("oldest", 60), ("young", 29)):
        room.letter(name, days=days, reason="unreadable")
    found = room.clean()
    assert (found.verdict, found.evidence["dead_letters"]) == (Verdict.PASS, 3)
    assert room.names() == {"young"}
    assert room.archived().keys() == {"old", "older", "oldest"}
    assert room.archived()["old"].body["reason"] == "unreadable"
    assert ["2 documents" in act["detail"] for act in room.acts()] == [True, False]
    assert len(room.names(ARCHIVES)) == 2


def test_the_archive_holds_no_personal_data(room):
    room.letter("old", days=40, preview="call +20 100 123 4567", headers=[{"ce-id": "mona@souk.example"}])
    room.clean()
    kept = room.archived()["old"].body
    assert (kept["preview"], kept["headers"]) == ("call [phone]", [{"ce-id": "m***@souk.example"}])


def test_a_dry_run_says_what_it_would_remove_and_changes_nothing(room):
    room.letter("old", days=40)
    found = room.clean(DRY)
    assert (found.evidence["dead_letters"], room.names(), dict(room.objects)) == (1, {"old"}, {})


@pytest.mark.parametrize(
    ("kind", "subject"), [("dead_letters", ""), ("", "inc-1"), ("", "old"), ("dead_letters", "inc-1")]
)
def test_what_is_held_is_never_removed_until_the_hold_is_released(room, kind, subject):
    room.letter("old", days=40, incident="inc-1")
    hold = place_hold(kind=kind, subject=subject, why="the court asks", by="layla", store=room.store, now=NIGHT)
    assert room.clean().evidence == {"dead_letters": 0, "notifications": 0, "job_runs": 0, "holds": 1}
    assert room.names() == {"old"}
    release_hold(hold.id, why="it is over", by="layla", store=room.store, now=NIGHT)
    assert room.clean().evidence["dead_letters"] == 1


def test_a_hold_that_comes_while_the_archive_is_made_keeps_what_was_about_to_be_removed(room):
    room.letter("old", days=40)

    class HoldsMeanwhile(MemoryObjects):
        def create(self, name, data, *, content_type):
            if not self:
                place_hold(kind="", subject="old", why="the court asks", by="layla", store=room.store, now=NIGHT)
            return super().create(name, data, content_type=content_type)

    room.objects = HoldsMeanwhile()
    assert room.clean().evidence["dead_letters"] == 0
    assert room.names() == {"old"}


def test_a_hold_that_comes_just_before_the_commit_makes_it_conflict_and_look_again(room):
    room.letter("old", days=40)

    class HoldsMeanwhile(MortalStore):
        def commit(self, writes):
            if any(write.collection == "dead_letters" for write in writes):
                with_hold = not room.names("retention")
                if with_hold:
                    place_hold(kind="", subject="old", why="the court asks", by="layla", store=room.store, now=NIGHT)
            return room.store.commit(writes)

    archivist = Archivist((LETTERS,), HoldsMeanwhile(room.store, None), room.objects, room.clock)
    assert expired_data(archivist, RUN).evidence["dead_letters"] == 0
    assert room.names() == {"old"}


def test_what_changed_since_it_was_archived_is_kept(room):
    room.letter("old", days=40)
    room.letter("other", days=41)

    class ChangesMeanwhile(MemoryObjects):
        def create(self, name, data, *, content_type):
            if not self:
                room.letter("old", days=1, state="sent again")
            return super().create(name, data, content_type=content_type)

    room.objects = ChangesMeanwhile()
    assert room.clean().evidence["dead_letters"] == 1
    assert room.names() == {"old"}


def test_a_truncated_archive_keeps_everything_and_is_an_alert(room):
    room.letter("old", days=40)

    class Truncates(MemoryObjects):
        def create(self, name, data, *, content_type):
            return super().create(name, data[:-9], content_type=content_type)

    room.objects = Truncates()
    found = room.clean()
    assert (found.verdict, room.names()) == (Verdict.FAIL, {"old"})
    assert [(one.alert, one.subject) for one in found.findings] == [(ARCHIVE_BROKEN, "archives/expired/dead_letters")]
    assert room.names("archives") == set()


def test_an_archive_of_other_documents_under_the_same_name_keeps_everything(room):
    room.letter("old", days=40)
    room.letter("other", days=41)
    room.batch = 1
    room.clean()
    first = next(name for name in room.objects if name.endswith("manifest.json"))
    room.letter("third", days=42)

    class Answers(MemoryObjects):
        def read(self, name):
            return super().read(first if name.endswith("manifest.json") else name)

    room.objects = Answers(room.objects)
    assert room.clean().verdict is Verdict.FAIL
    assert room.names() == {"third"}


def test_messages_of_open_incidents_and_messages_still_under_way_stay(room):
    at = instant(NIGHT - 90 * DAY)
    note = {"planned_at": at, "state": "sent", "due_at": None}
    room.store.commit([
        Create(INCIDENTS, "open", {"is_open": "yes"}),
        Create(INCIDENTS, "closed", {"is_open": "no"}),
        Create("notifications", "of open", {**note, "incident": "open"}),
        Create("notifications", "of closed", {**note, "incident": "closed"}),
        Create("notifications", "under way", {**note, "incident": "closed", "due_at": at}),
        Create("notifications", "of a bulletin", {**note, "incident": ""}),
    ])  # fmt: skip
    assert room.clean().evidence["notifications"] == 2
    assert room.names("notifications") == {"of open", "under way"}


def test_runs_that_are_not_over_or_leave_alerts_open_stay(room):
    at = instant(NIGHT - 200 * DAY)
    room.store.commit([
        Create("job_runs", "over", {"job": "a", "started_at": at, "finished_at": at, "open": []}),
        Create("job_runs", "open", {"job": "a", "started_at": at, "finished_at": at, "open": [{"alert": "x"}]}),
        Create("job_runs", "running", {"job": "a", "started_at": at, "finished_at": None, "open": []}),
    ])  # fmt: skip
    assert room.clean().evidence["job_runs"] == 1
    assert room.names("job_runs") == {"open", "running"}


def test_a_class_without_archive_is_removed_without_one(tmp_path):
    room = Room(tmp_path, classes=(RECEIPTS,))
    room.store.commit([Create("receipts", "old", {"at": instant(NIGHT - 40 * DAY)})])
    assert room.clean().evidence["receipts"] == 1
    assert (room.names("receipts"), dict(room.objects)) == (set(), {})
    assert "not archived" in room.acts()[0]["detail"]


def test_more_of_one_instant_than_a_page_are_all_found(room):
    room.store.commit([Create("dead_letters", f"{n:04d}", {"received_at": "2020-01-01"}) for n in range(1_100)])
    assert room.clean(DRY).evidence["dead_letters"] == 1_100


def test_more_than_one_night_removes_is_a_warning_and_goes_on_the_next_night(room):
    for number in range(90):
        room.letter(f"{number:02d}", days=40)
    found = room.clean()
    assert (found.verdict, found.evidence["dead_letters"]) == (Verdict.WARN, 80)
    assert (room.clean().verdict, room.names()) == (Verdict.PASS, set())


def test_without_classes_there_is_nothing_to_remove(tmp_path):
    assert Room(tmp_path, classes=()).clean().verdict is Verdict.SKIPPED


def test_the_archive_names_the_seal_that_the_run_has_seen(room):
    room.letter("old", days=40)
    seen = StepResult("audit_trail", Verdict.PASS, evidence={"seal": 7, "seal_hash": "ab"})
    room.clean(Run("log_rotation", NIGHT, NIGHT, NIGHT, results=(seen,)))
    (manifest,) = [manifest_of(data) for name, data in room.objects.items() if name.endswith("manifest.json")]
    assert manifest.facts == {"seal": "7", "seal_hash": "ab"}


@st.composite
def stories(draw):
    ages = st.integers(0, 80)
    letters = {
        f"l{n}": (age, draw(st.sampled_from(["", "i1", "i2"])))
        for n, age in enumerate(draw(st.lists(ages, max_size=7)))
    }
    holds = draw(
        st.lists(st.sampled_from([("", "i1"), ("", "l0"), ("dead_letters", "i2"), ("notifications", "")]), max_size=2)
    )
    return letters, holds, draw(st.lists(st.integers(0, 60), max_size=4)), draw(st.integers(1, 4))


@settings(max_examples=60, deadline=None)
@given(stories())
def test_nothing_is_ever_deleted_without_a_verified_archive(story):
    letters, holds, crashes, batch = story
    with TemporaryDirectory() as folder:
        _lived(folder, letters, holds, crashes=crashes, batch=batch)


@pytest.mark.parametrize("crash", range(64))
def test_a_crash_before_and_after_every_single_side_effect_loses_nothing(tmp_path, crash):
    letters = {"l0": (40, "i1"), "l1": (41, ""), "l2": (42, ""), "l3": (43, "i2"), "l4": (10, "")}
    fate = _lived(tmp_path, letters, [("", "i1")], crashes=[crash], batch=2)
    assert 2 * fate.count <= 64 + 2, "more side effects than this test crashes at"


def _lived(folder, letters, holds, *, crashes, batch):
    from pathlib import Path  # noqa: PLC0415

    room = Room(Path(folder), classes=(LETTERS,), batch=batch)
    for name, (days, incident) in letters.items():
        room.letter(name, days=days, incident=incident)
    for kind, subject in holds:
        place_hold(kind=kind, subject=subject, why="the court asks", by="layla", store=room.store, now=NIGHT)
    held = {
        name
        for name, (_, of) in letters.items()
        if (("", of) in holds and of) or ("", name) in holds or (of == "i2" and ("dead_letters", "i2") in holds)
    }
    due = {name for name, (days, _) in letters.items() if days >= 30} - held

    def invariant():
        gone = letters.keys() - room.names()
        assert gone <= due, "held, or not expired"
        assert gone <= room.archived().keys(), "in no archive that can be read"

    fate = Fate(crashes, invariant)
    for _ in range(len(crashes) + 1):
        try:
            room.clean(fate=fate)
        except Killed:
            invariant()
    invariant()
    assert letters.keys() - room.names() == due
    assert sum(int(act["detail"].split()[0]) for act in room.acts()) == len(due), "each is removed exactly once"
    return fate
