"""A measure against a breach: what it takes until it is carried out, and that it is carried out once."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.containment import (
    CONFIRM_WITHIN,
    FORESEEN_FOR,
    TAKES_AT_MOST,
    Effect,
    Kind,
    Said,
    Stage,
    asked,
    begun,
    confirm,
    finished,
    foreseen,
    looked_at,
    propose,
    with_result,
)
from tests.conftest import NIGHT

EFFECTS = (Effect("u1", "would be signed out"), Effect("u2", "there is no such user", is_change=False))
SECOND = timedelta(seconds=1)


@pytest.fixture
def seen():
    return foreseen(asked("BR-1", Kind.REVOKE_SESSIONS, ["u1", "u2"], by="mona", now=NIGHT), EFFECTS, NIGHT)


@pytest.fixture
def proposed(seen):
    return propose(seen, "mona", NIGHT)[0]


@pytest.fixture
def running(proposed):
    return begun(confirm(proposed, "omar", proposed.mark, NIGHT)[0], NIGHT)


@pytest.mark.parametrize(
    ("kind", "targets"),
    [
        (Kind.REVOKE_SESSIONS, []),
        (Kind.REVOKE_SESSIONS, ["somebody@souk.example"]),
        (Kind.REVOKE_SESSIONS, [f"u{n}" for n in range(101)]),
        (Kind.DISABLE_SERVICE_ACCOUNT, ["nour@souk.example"]),
        (Kind.FREEZE_LOGS, ["_Default"]),
        (Kind.FREEZE_LOGS, ["locations/global/buckets/../../x"]),
    ],
)
def test_what_is_no_target_is_refused_before_anything_is_asked(kind, targets):
    with pytest.raises(ValueError, match=r"is not|name from"):
        asked("BR-1", kind, targets, by="mona", now=NIGHT)


def test_E88_nothing_is_proposed_without_a_dry_run(seen):
    blind = asked("BR-1", Kind.REVOKE_SESSIONS, ["u1"], by="mona", now=NIGHT)
    assert propose(blind, "mona", NIGHT) == (blind, Said.NOT_FORESEEN)
    assert propose(seen, "mona", NIGHT + FORESEEN_FOR + SECOND)[1] is Said.FORESEEN_TOO_LONG_AGO


def test_nothing_to_do_cannot_be_proposed(seen):
    idle = foreseen(seen, [EFFECTS[1]], NIGHT)
    assert propose(idle, "mona", NIGHT) == (idle, Said.NOTHING_TO_DO)


def test_E88_it_takes_two_persons(proposed):
    assert confirm(proposed, "mona", proposed.mark, NIGHT) == (proposed, Said.SAME_PERSON)
    after, said = confirm(proposed, "omar", proposed.mark, NIGHT)
    assert (after.stage, after.confirmed_by, said) == (Stage.CONFIRMED, "omar", Said.CONFIRMED)


@pytest.mark.parametrize("other", ["targets", "effects", "kind"])
def test_E88_confirming_something_else_is_refused(seen, proposed, other):
    changes = {
        "targets": asked("BR-1", Kind.REVOKE_SESSIONS, ["u1"], by="mona", now=NIGHT),
        "effects": seen,
        "kind": asked("BR-1", Kind.REQUIRE_PASSWORD_RESET, ["u1", "u2"], by="mona", now=NIGHT),
    }[other]
    effects = [Effect("u1", "has no sessions")] if other == "effects" else EFFECTS
    another = propose(foreseen(changes, effects, NIGHT), "mona", NIGHT)[0]
    assert another.mark != proposed.mark
    assert confirm(proposed, "omar", another.mark, NIGHT) == (proposed, Said.ANOTHER_MEASURE)


def test_E88_a_proposal_expires_after_15_minutes(proposed):
    assert confirm(proposed, "omar", proposed.mark, NIGHT + CONFIRM_WITHIN)[1] is Said.CONFIRMED
    assert confirm(proposed, "omar", proposed.mark, NIGHT + CONFIRM_WITHIN + SECOND) == (proposed, Said.EXPIRED)
    assert looked_at(proposed, NIGHT + CONFIRM_WITHIN - SECOND) is None
    expired = looked_at(proposed, NIGHT + CONFIRM_WITHIN)
    assert expired.stage is Stage.EXPIRED
    assert confirm(expired, "omar", proposed.mark, NIGHT) == (expired, Said.EXPIRED)
    assert propose(expired, "mona", NIGHT + CONFIRM_WITHIN)[1] is Said.PROPOSED


def test_it_is_begun_once_and_nobody_has_a_say_in_it_afterwards(running):
    assert begun(running, NIGHT) is None
    assert confirm(running, "lead", running.mark, NIGHT)[1] is Said.OVER
    assert propose(running, "lead", NIGHT)[1] is Said.OVER


def test_what_stopped_on_its_way_has_an_unknown_outcome(running):
    one = with_result(running, Effect("u1", "signed out"))
    assert looked_at(one, NIGHT + TAKES_AT_MOST - SECOND) is None
    unknown = looked_at(one, NIGHT + TAKES_AT_MOST)
    assert (unknown.stage, unknown.results) == (Stage.UNKNOWN, one.results)
    assert begun(unknown, NIGHT + TAKES_AT_MOST) is None


def test_one_failure_among_many_is_not_done(running):
    good = with_result(running, Effect("u1", "signed out"))
    assert finished(good, NIGHT).stage is Stage.DONE
    assert finished(with_result(good, Effect("u2", "failed", is_change=False)), NIGHT).stage is Stage.FAILED


STEPS = st.tuples(st.sampled_from(["propose", "confirm", "look", "begin"]), st.sampled_from("abc"), st.integers(0, 20))


@given(st.lists(STEPS, max_size=25))
def test_whatever_is_typed_when_nothing_is_begun_without_two_persons_in_time(steps):
    at, begins = NIGHT, 0
    measure = foreseen(asked("BR-1", Kind.REVOKE_SESSIONS, ["u1"], by="a", now=at), EFFECTS[:1], at)
    for what, person, minutes in steps:
        at += timedelta(minutes=minutes)
        if what == "propose":
            measure = propose(measure, person, at)[0]
        elif what == "confirm":
            before = measure
            measure, said = confirm(measure, person, measure.mark, at)
            if said is Said.CONFIRMED:
                assert person != before.proposed_by
                assert at <= before.expires_at
        elif what == "look":
            measure = looked_at(measure, at) or measure
        else:
            started = begun(measure, at)
            begins += started is not None
            measure = started or measure
            assert measure.started_at is None or measure.confirmed_by not in {"", measure.proposed_by}
    assert begins <= 1
