"""What is wrong with backups by their age and size."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.backups import (
    BROKEN,
    Manifest,
    Part,
    Seen,
    Source,
    Stored,
    Watched,
    faults_of,
    faults_of_copy,
    vanished,
)
from shared.domain.jobs import Verdict

NOW = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def found(*sizes, late=timedelta(hours=1), max_age=timedelta(hours=26)):
    seen = [Seen(f"state/{days}", NOW - late - days * DAY, size) for days, size in enumerate(sizes)]
    return [(one.verdict, one.what, one.alert) for one in faults_of("state", seen, NOW, max_age=max_age)]


def test_a_backup_that_is_young_and_as_large_as_usual_is_well():
    assert found(95, 100, 110, 100) == []


def test_E87_that_there_is_none_is_a_failure():
    assert found() == [(Verdict.FAIL, "there is no backup of state", BROKEN)]


def test_E87_a_backup_that_is_empty_is_a_failure_even_when_it_is_the_first():
    assert found(0) == [(Verdict.FAIL, "the newest backup of state is empty", BROKEN)]
    assert found(0, 100, 100, 100)[0][0] is Verdict.FAIL


def test_a_backup_that_is_older_than_allowed_is_a_failure():
    [(verdict, what, _)] = found(100, late=timedelta(hours=27))
    assert (verdict, what) == (Verdict.FAIL, "the newest backup of state is 27.0 h old; at most 26.0 h are allowed")


@pytest.mark.parametrize(("size", "verdict"), [(49, Verdict.WARN), (10, Verdict.WARN), (9, Verdict.FAIL)])
def test_a_backup_that_is_much_smaller_than_usual_is_told_by_how_much(size, verdict):
    assert found(size, 100, 90, 5_000, 100) == [
        (verdict, f"the newest backup of state is {size}% of the usual size", BROKEN)
    ]


def test_half_of_the_usual_size_is_not_yet_too_small():
    assert found(50, 100, 100, 100) == []


def test_two_backups_say_nothing_about_what_is_usual():
    assert found(1, 100, 100) == []


def test_a_size_that_nobody_knows_is_no_fault():
    assert found(None, None, None, None) == []


def test_a_collection_that_was_there_before_and_is_not_now_has_vanished():
    before = Manifest("a", NOW, (Part("1", "incidents", 3, "", 9), Part("2", "timeline", 4, "", 9)))
    assert vanished(before, Manifest("b", NOW, (Part("1", "incidents", 1, "", 9),))) == ("timeline",)


PHOTOS = Watched("photos", Source.BUCKET_COPY, "photos", "copies", max_age=DAY)
OLD, YOUNG = NOW - 2 * DAY, NOW - timedelta(hours=1)


def copied(there, kept):
    return [one.what for one in faults_of_copy(PHOTOS, there, kept, NOW)]


def test_a_copy_with_the_same_checksums_is_well_and_so_is_what_is_too_young_to_be_copied():
    there = {"a": Stored("c1", 1, OLD), "new": Stored("c2", 1, YOUNG)}
    assert copied(there, {"a": Stored("c1", 1, NOW)}) == []


def test_E87_an_empty_copy_is_a_failure():
    assert copied({"a": Stored("c1", 1, YOUNG)}, {}) == ["the copy of photos in copies is empty"]


def test_objects_that_are_missing_or_otherwise_in_the_copy_are_counted():
    there = {name: Stored(name, 1, OLD) for name in "abc"}
    kept = {"a": Stored("a", 1, NOW), "b": Stored("other", 1, NOW)}
    assert copied(there, kept) == ["copies lacks 1 of 3 objects of photos, and holds 1 otherwise"]


def test_nothing_to_copy_is_no_fault():
    assert copied({}, {}) == []
