"""Archives as bytes: the same entries make the same, and whatever is done to them is found."""

import gzip
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.archives import (
    MOST_BYTES,
    BrokenArchiveError,
    Entry,
    Manifest,
    manifest_of,
    packed,
    read_back,
    written,
)

ENTRIES = [Entry(f"e{n}", f"2026-03-09T00:00:0{n}", {"text": "خطأ " * n}, "v1") for n in range(5)]


def made(entries, *, most=2):
    """The manifest of the entries, and the objects."""
    parts = list(packed("a", entries, most=most))
    ends = (entries[0].at, entries[-1].at) if entries else ("", "")
    manifest = Manifest("a", "test", len(entries), *ends, tuple(part for part, _, _ in parts))
    return manifest, {part.object: data for part, data, _ in parts}


texts = st.text(max_size=20)
entries = st.builds(Entry, id=texts, at=st.just("2026"), body=st.dictionaries(texts, texts, max_size=3), version=texts)


@given(st.lists(entries, max_size=9), st.integers(1, 4))
def test_what_is_read_back_is_what_was_packed_in_bounded_parts(some, most):
    manifest, objects = made(some, most=most)
    assert list(read_back(manifest, objects.get)) == some
    assert all(1 <= part.entries <= most for part in manifest.parts)
    assert manifest_of(written(manifest)) == manifest


def test_the_same_entries_make_the_same_bytes_at_any_time():
    first, again = made(ENTRIES), made(ENTRIES)
    assert first == again
    assert all(data[4:8] == bytes(4) for data in first[1].values()), "gzip's header holds a time"
    assert written(first[0]) == written(again[0])


def test_a_part_is_bounded_by_its_bytes_as_well():
    big = Entry("big", "2026", {"text": "x" * (MOST_BYTES // 2)})
    assert [part.entries for part, _, _ in packed("a", [big] * 3, most=100)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda objects, name: objects.pop(name), "is missing"),
        (lambda objects, name: objects.update({name: objects[name][:-1]}), "bytes, not"),
        (lambda objects, name: objects.update({name: objects[name][:-1] + b"!"}), "altered"),
    ],
)
def test_a_part_that_is_missing_truncated_or_altered_is_found(harm, said):
    manifest, objects = made(ENTRIES)
    harm(objects, manifest.parts[1].object)
    with pytest.raises(BrokenArchiveError, match=said):
        list(read_back(manifest, objects.get))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"no gzip", "cannot be unpacked"),
        (gzip.compress(b"no json\n"), "cannot be unpacked"),
        (gzip.compress(b""), "holds 0 entries"),
    ],
)
def test_a_part_that_was_written_wrong_from_the_beginning_is_found(data, said):
    manifest, _ = made(ENTRIES[:1])
    import hashlib  # noqa: PLC0415

    wrong = replace(manifest.parts[0], sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
    with pytest.raises(BrokenArchiveError, match=said):
        list(read_back(replace(manifest, parts=(wrong,)), lambda _: data))


@pytest.mark.parametrize("wrong", [{"entries": 4}, {"first": "2026"}, {"last": "2027"}])
def test_a_manifest_whose_own_figures_do_not_fit_is_found(wrong):
    manifest, objects = made(ENTRIES)
    with pytest.raises(BrokenArchiveError, match="the manifest says otherwise"):
        list(read_back(replace(manifest, **wrong), objects.get))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "missing"),
        (b"{", "cannot be read"),
        (b"[]", "cannot be read"),
        (b'{"parts": [{}]}', "cannot be read"),
        (json.dumps({"name": "a", "made_by": "b", "parts": [], "schema": 2}).encode(), "schema 2"),
    ],
)
def test_a_manifest_that_is_missing_or_cannot_be_read_is_found(data, said):
    with pytest.raises(BrokenArchiveError, match=said):
        manifest_of(data)


def test_a_manifest_with_another_hash_than_was_remembered_is_found():
    with pytest.raises(BrokenArchiveError, match="not the one that was written"):
        manifest_of(written(Manifest("a", "test")), sha256="0" * 64)
