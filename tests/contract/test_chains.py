"""The chains of the record under writers that meet: on the embedded engine and on Google's."""

from concurrent.futures import ThreadPoolExecutor

from shared.adapters.clocks import VirtualClock
from shared.adapters.firestore import FirestoreState
from shared.adapters.folder import FolderObjects
from shared.domain.chain import FIRST, hash_of
from shared.domain.verifying import Wrong
from shared.ports.store import Query
from shared.usecases.act import Act as Incidental
from shared.usecases.act import Action, act
from shared.usecases.audited import AUDITED, CHAINS, Act, audit_writes
from shared.usecases.commits import committed
from shared.usecases.records import TIMELINE
from shared.usecases.seal_records import seal_records
from shared.usecases.verify import verify
from shared.usecases.walking import walk
from tests.conftest import NIGHT
from tests.unit.usecases.world import World

WRITERS = 8


def is_whole(lines, head):
    """True when each line holds its own hash and that of the line before, and the head is the last one's."""
    before = FIRST
    for line in lines:
        if line["previous"] != before or line["hash"] != hash_of(line):
            return False
        before = line["hash"]
    return head == before


def test_E90_acts_of_eight_people_at_once_are_one_chain(new_store):
    store = new_store()

    def write(number):
        act = Act(NIGHT, f"person-{number}", "window opened", f"window-{number}", "اختبار")
        committed(lambda: store.commit(audit_writes(store, act)))

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    lines = [found.body for found in store.find(Query(AUDITED, order_by="seq"))]
    assert sorted(line["actor"] for line in lines) == [f"person-{n}" for n in range(WRITERS)]
    assert is_whole(lines, store.get(CHAINS, AUDITED).body["hash"])


def test_two_acts_in_one_commit_follow_each_other(new_store):
    store = new_store()
    acts = (Act(NIGHT, "mona", act, "window-1") for act in ("window opened", "window announced"))
    store.commit(audit_writes(store, *acts))
    lines = [found.body for found in store.find(Query(AUDITED, order_by="seq"))]
    assert [line["act"] for line in lines] == ["window opened", "window announced"]
    assert is_whole(lines, store.get(CHAINS, AUDITED).body["hash"])


def test_E90_eight_people_writing_on_one_incident_make_one_chain(new_store, tmp_path):
    world = World(new_store(), VirtualClock(NIGHT))
    world.fires()
    [incident] = world.incidents()
    notes = [Incidental(Action.NOTE, incident.id, "mona", "slack", note=f"note {n}") for n in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as pool:
        assert all(one.happened for one in pool.map(lambda wish: act(wish, **world.ports), notes))
    lines = [found.body for found in walk(world.store, TIMELINE)]
    assert is_whole(lines, world.incident(incident.id).head)
    seal_records(store=world.store, objects=FolderObjects(tmp_path), clock=world.clock)
    found = verify(store=world.store, objects=FolderObjects(tmp_path))
    assert (found.lines, found.seals, found.faults) == (WRITERS + 1, 1, ())


def test_E90_a_record_that_grows_while_it_is_read_is_not_called_broken(new_store, tmp_path):
    world = World(new_store(), VirtualClock(NIGHT))
    world.fires()
    [incident] = world.incidents()

    def write(number):
        act(Incidental(Action.NOTE, incident.id, "mona", "slack", note=f"note {number}"), **world.ports)
        committed(lambda: world.store.commit(audit_writes(world.store, Act(NIGHT, "mona", "noted", str(number)))))

    with ThreadPoolExecutor(WRITERS) as pool:
        written = [pool.submit(write, number) for number in range(WRITERS)]
        while not all(one.done() for one in written):
            assert verify(store=world.store, objects=FolderObjects(tmp_path)).faults == ()
    assert verify(store=world.store, objects=FolderObjects(tmp_path)).acts == WRITERS


def test_E90_what_somebody_writes_into_the_database_past_us_is_named(firestore_client, tmp_path):
    client = firestore_client()
    world = World(FirestoreState(lambda: client), VirtualClock(NIGHT))
    world.fires()
    name = f"{world.incidents()[0].id}-000001"
    client.collection(TIMELINE).document("by-hand").set({"incident": "INC-1", "seq": "000001"})
    client.collection(TIMELINE).document(name).update({"json": "{not json"})
    found = verify(store=world.store, objects=FolderObjects(tmp_path))
    assert {fault.record: fault.wrong for fault in found.faults} == {"by-hand": Wrong.INSERTED, name: Wrong.UNREADABLE}
