"""A backup's bytes: what is read back is what was written, and nothing else is ever taken for it."""

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.backup_format import (
    BrokenBackupError,
    Row,
    decoded,
    encoded,
    newest_of,
    part_of,
    samples,
    sealed,
    unpacked,
    unsealed,
)
from shared.domain.backups import Manifest

AT = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
ROWS = [Row("a", "v1", {"title": "فشل الدفع", "n": 1, "deep": [[1], {"x": None}]}), Row("b", "v2", {})]
DATA = encoded(ROWS)
PART = part_of("state/x/incidents-00000.ndjson.gz", "incidents", ROWS, DATA)
MANIFEST = Manifest("state/x", AT, (PART,), AT)

bodies = st.dictionaries(st.text(), st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))


@given(st.lists(st.builds(Row, st.text(min_size=1), st.text(), bodies), max_size=5))
def test_E87_whatever_was_written_is_read_back_the_same(rows):
    data = encoded(rows)
    assert decoded(part_of("p", "c", rows, data), data) == rows


def test_the_same_documents_are_the_same_bytes():
    assert encoded(ROWS) == DATA


@pytest.mark.parametrize("place", [0, 12, len(DATA) // 2, len(DATA) - 1])
def test_E87_one_byte_that_flipped_is_found_wherever_it_is(place):
    flipped = bytearray(DATA)
    flipped[place] ^= 1
    with pytest.raises(BrokenBackupError, match="is not what was written"):
        decoded(PART, bytes(flipped))


def test_E87_a_part_that_is_cut_short_is_broken_and_says_so():
    with pytest.raises(BrokenBackupError, match="cannot be unpacked"):
        decoded(PART, DATA[:-9])


def test_E87_a_part_that_is_gone_is_named():
    with pytest.raises(BrokenBackupError, match=r"incidents-00000\.ndjson\.gz is missing"):
        decoded(PART, None)


def test_E87_a_part_with_another_count_than_its_manifest_is_broken():
    with pytest.raises(BrokenBackupError, match="holds 2 documents, and its manifest says 3"):
        decoded(replace(PART, documents=3), DATA)


@pytest.mark.parametrize("text", [b"[]\n", b'{"id": "a"}\n', b"\xff\n", b'{"id":"a","version":"v","body":3}\n'])
def test_what_holds_no_documents_is_refused_by_name(text):
    with pytest.raises(BrokenBackupError, match="p cannot be read"):
        unpacked("p", gzip.compress(text))


def test_a_manifest_comes_back_as_it_was_sealed():
    assert unsealed("state/x", sealed(MANIFEST)) == MANIFEST


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda found: found["parts"][0].update(documents=1), "was altered"),
        (lambda found: found.update(taken_at="2026-03-11T01:00:00+00:00"), "was altered"),
        (lambda found: found.update(name="state/y"), "was altered"),
        (lambda found: found.pop("sha256"), "cannot be read"),
        (lambda found: found.pop("parts"), "cannot be read"),
    ],
)
def test_E87_a_manifest_that_was_altered_is_refused(change, says):
    found = json.loads(sealed(MANIFEST))
    change(found)
    with pytest.raises(BrokenBackupError, match=says):
        unsealed("state/x", json.dumps(found).encode())


def test_a_manifest_of_another_backup_is_none_of_this_one():
    with pytest.raises(BrokenBackupError, match="the manifest of state/y was altered"):
        unsealed("state/y", sealed(MANIFEST))


def test_without_a_manifest_there_is_no_backup():
    with pytest.raises(BrokenBackupError, match="state/x has no manifest"):
        unsealed("state/x", None)


def test_the_newest_instant_is_not_one_that_is_still_to_come():
    rows = [
        Row("a", "", {"at": "2026-03-10T00:59:00.000000Z", "due_at": "2026-03-10T02:00:00.000000Z", "text": "Z" * 27}),
        Row("b", "", {"at": "2026-03-10T00:30:00.000000Z"}),
    ]
    assert newest_of(rows, AT) == datetime(2026, 3, 10, 0, 59, tzinfo=UTC)
    assert newest_of([Row("c", "", {"n": 1})], AT) is None


def test_a_sample_is_as_large_as_wanted_and_the_seed_alone_decides_it():
    large = Manifest("state/x", AT, (replace(PART, documents=40), replace(PART, name="other", documents=60)))
    first = list(samples(large, 10, "monday"))
    assert len(set(first)) == 10
    assert all(0 <= number < part.documents for part, number in first)
    assert first == list(samples(large, 10, "monday"))
    assert first != list(samples(large, 10, "tuesday"))
    assert len(list(samples(MANIFEST, 10, "monday"))) == MANIFEST.documents
