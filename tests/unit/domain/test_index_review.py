"""Indexes that are missing, broken, unfinished or needed by nothing; and what a look over documents tells."""

import pytest

from shared.domain.document_review import HOT_A_DAY, MANY, Seen, counter_of, hottest, judged
from shared.domain.index_review import Index, IndexState, needed
from shared.domain.index_review import judged as judged_indexes
from shared.domain.jobs import Verdict

DECLARED = {"incidents": (("opened_at",), ("service", "opened_at"))}
UP, DOWN = Index("incidents", ("service", "opened_at")), Index("incidents", ("service", "opened_at"), newest_first=True)
READY = {UP: IndexState.READY, DOWN: IndexState.READY}


def test_a_query_over_two_fields_needs_an_index_each_way_and_one_over_one_none():
    assert list(needed(DECLARED)) == [UP, DOWN]


@pytest.mark.parametrize(
    ("there", "verdict", "said"),
    [
        (READY, None, ""),
        ({UP: IndexState.READY}, Verdict.FAIL, "no index serves incidents(service, opened_at DESC)"),
        (READY | {UP: IndexState.NEEDS_REPAIR}, Verdict.FAIL, "the index incidents(service, opened_at) needs repair"),
        (READY | {UP: IndexState.CREATING}, Verdict.WARN, "is still being built"),
        (READY | {Index("incidents", ("rule", "at")): IndexState.READY}, Verdict.WARN, "no query of ours needs the index incidents(rule, at)"),
        (READY | {Index("cars", ("price", "at")): IndexState.READY}, None, ""),
    ],
)  # fmt: skip
def test_an_index_is_judged_by_its_state_and_by_whether_a_query_needs_it(there, verdict, said):
    found = judged_indexes(DECLARED, there)
    assert [one.verdict for one in found] == ([] if verdict is None else [verdict])
    assert all(said in one.what for one in found)


@pytest.mark.parametrize(
    ("kib", "verdicts"), [(499, []), (500, [Verdict.WARN]), (899, [Verdict.WARN]), (900, [Verdict.FAIL])]
)
def test_a_document_that_comes_near_its_limit_is_told(kib, verdicts):
    found = judged(Seen(large={"incidents/1": kib * 1024}), Seen(), days=7)
    assert [one.verdict for one in found] == verdicts


@pytest.mark.parametrize(
    ("counter", "days", "found"), [(7 * HOT_A_DAY, 7, 1), (7 * HOT_A_DAY - 1, 7, 0), (10**9, 0, 0)]
)
def test_a_document_that_is_written_all_the_time_is_told_by_its_rate(counter, days, found):
    told = judged(
        Seen(counters={"chains/a": 100 + counter, "chains/new": 10**9}), Seen(counters={"chains/a": 100}), days=days
    )
    assert [one.subject for one in told] == ["chains/a"] * found


def test_the_most_written_come_first_and_what_stood_still_not_at_all():
    now, before = {"a/1": 5, "a/2": 9, "a/3": 7, "a/4": 3}, {"a/1": 4, "a/2": 1, "a/3": 7, "a/4": 9}
    assert list(hottest(Seen(counters=now), Seen(counters=before)).items()) == [("a/2", 8), ("a/1", 1)]


@pytest.mark.parametrize(
    ("now", "before", "found"), [(2 * MANY, MANY, 1), (2 * MANY - 1, MANY, 0), (MANY, 1, 0), (10**6, 0, 0)]
)
def test_a_collection_that_doubled_is_told_once_it_is_large(now, before, found):
    assert len(judged(Seen(counts={"timeline": now}), Seen(counts={"timeline": before}), days=7)) == found


@pytest.mark.parametrize(
    ("body", "counter"),
    [
        ({"seq": "000012"}, 12),
        ({"entries": 3, "revision": 5}, 5),
        ({"seq": True}, 0),
        ({"seq": "1²"}, 0),
        ({}, 0),
        ({"seq": 1.5}, 0),
    ],
)
def test_a_counter_is_a_whole_number_or_its_digits(body, counter):
    assert counter_of(body) == counter
