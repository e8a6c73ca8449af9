"""Legal holds: who keeps what, why and since when, on the audited record."""

import pytest

from shared.domain.retention import Kept
from shared.errors import PermanentError
from shared.usecases.audited import AUDITED
from shared.usecases.holds import place_hold, read_holds, release_hold
from shared.usecases.verify import verify
from shared.usecases.walking import walk
from tests.conftest import NIGHT
from tests.unit.usecases.jobs.crashing import MemoryObjects


def place(world, **given):
    asked = {"kind": "dead_letters", "subject": "inc-1", "why": "the court asks", "by": "layla", **given}
    return place_hold(**asked, store=world.store, now=NIGHT)


def test_a_hold_and_its_release_are_on_the_audited_record(world):
    hold = place(world)
    release_hold(hold.id, why="the case is closed", by="omar", store=world.store, now=NIGHT)
    acts = [
        (row.body["actor"], row.body["act"], row.body["subject"], row.body["detail"])
        for row in walk(world.store, AUDITED)
    ]
    assert acts == [
        ("layla", "legal hold placed", hold.id, "dead_letters inc-1: the court asks"),
        ("omar", "legal hold released", hold.id, "the case is closed"),
    ]
    assert verify(store=world.store, objects=MemoryObjects()).faults == ()


def test_a_released_hold_stays_on_record_and_stands_no_more(world):
    hold, other = place(world), place(world, subject="inc-2")
    release_hold(hold.id, why="closed", by="omar", store=world.store, now=NIGHT)
    held = read_holds(world.store)
    assert [one.id for one in held.standing] == [other.id]
    assert [(one.id, one.released_at) for one in held.holds] == [(hold.id, NIGHT), (other.id, None)]


def test_two_holds_at_once_are_both_kept(world):
    class Slow:
        """Somebody else places one between our look and our commit."""

        def __init__(self):
            self.first = True

        def __getattr__(self, name):
            return getattr(world.store, name)

        def commit(self, writes):
            if self.first:
                self.first = False
                place(world, subject="theirs")
            world.store.commit(writes)

    place_hold(kind="", subject="ours", why="the court asks", by="layla", store=Slow(), now=NIGHT)
    assert [one.subject for one in read_holds(world.store).standing] == ["theirs", "ours"]


def test_the_reason_is_kept_without_personal_data(world):
    assert place(world, why="asked by +20 100 123 4567").why == "asked by [phone]"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "timeline"}, "no class timeline"),
        ({"kind": "", "subject": ""}, "names a class"),
        ({"why": " "}, "says why"),
        ({"by": ""}, "who answers"),
    ],
)
def test_a_hold_that_says_too_little_is_refused(world, given, said):
    with pytest.raises(PermanentError, match=said):
        place(world, **given)
    assert read_holds(world.store).holds == ()


def test_a_release_needs_a_standing_hold_a_reason_and_a_person(world):
    hold = place(world)
    with pytest.raises(PermanentError, match="says why"):
        release_hold(hold.id, why="", by="omar", store=world.store, now=NIGHT)
    release_hold(hold.id, why="closed", by="omar", store=world.store, now=NIGHT)
    with pytest.raises(LookupError, match="no hold hold-0001 stands"):
        release_hold(hold.id, why="closed", by="omar", store=world.store, now=NIGHT)


def test_a_hold_covers_its_class_its_incident_and_its_document_and_nothing_else(world):
    hold = place(world)
    assert hold.covers(Kept.DEAD_LETTERS, "x", {"incident": "inc-1"})
    assert hold.covers(Kept.DEAD_LETTERS, "inc-1", {})
    assert not hold.covers(Kept.NOTIFICATIONS, "x", {"incident": "inc-1"})
    assert not hold.covers(Kept.DEAD_LETTERS, "x", {"incident": "inc-2"})
