"""The chains of the record under writers that meet: on the embedded engine and on Google's."""

from concurrent.futures import ThreadPoolExecutor

from shared.domain.chain import FIRST, hash_of
from shared.ports import Query
from shared.usecases.audited import AUDITED, CHAINS, Act, audit_writes
from shared.usecases.commits import committed
from tests.conftest import NIGHT

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
