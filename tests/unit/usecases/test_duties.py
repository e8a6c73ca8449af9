"""Duties change hands while we run: one commit, politely refused where it makes no sense, told to those concerned."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.folder import FolderObjects
from shared.domain.amendments import ChannelOff, address_digest
from shared.domain.duties import CancelDuty, DutyOutcome, SwapDuties, TakeDuty
from shared.domain.notifications import Channel
from shared.domain.oncall import Override, Person, duty_at, on_call_at
from shared.usecases.compose import Addresses, Composer
from shared.usecases.duties import cancel_duty, duty_changes, prune, swap_duties, take_duty
from shared.usecases.escalate import escalate
from shared.usecases.present import amendment_write, amendments_of, present
from tests.conftest import NIGHT, configuration

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
TONIGHT = (NIGHT, NIGHT + 8 * HOUR)


def ports(world):
    return {"config": world.config, "store": world.store, "clock": world.clock}


def takes(world, person="mona", start=NIGHT, end=NIGHT + 8 * HOUR, *, rotation="primary", by=""):
    return take_duty(TakeDuty(rotation, person, start, end, by or person), **ports(world))


def on_call(world, at=NIGHT):
    return on_call_at(present(world.config, store=world.store, now=NIGHT).directory, "primary", at)


def test_whoever_takes_the_duty_has_it_until_the_end_and_not_longer(world):
    before = on_call(world)
    answer = takes(world, "lead")
    assert answer.outcome is DutyOutcome.TAKEN
    assert [on_call(world, NIGHT + hours * HOUR) for hours in (0, 7, 8)] == ["lead", "lead", before]
    assert answer.sentence() == ("Taken over in primary. Laila Nour: Tue 10 Mar 02:10 EET to Tue 10 Mar 10:10 EET")
    assert answer.sentence("ar").startswith("تم تسلّم مناوبة primary.")


def test_it_is_on_record_who_asked(world):
    takes(world, "lead", by="omar")
    takes(world, "mona")
    assert [(one.what, one.by, one.duties[0].person) for one in duty_changes("primary", store=world.store)] == [
        ("taken over", "mona", "mona"),
        ("taken over", "omar", "lead"),
    ]


REFUSED = [
    ({"rotation": "tertiary"}, DutyOutcome.UNKNOWN_ROTATION),
    ({"person": "stranger"}, DutyOutcome.UNKNOWN_PERSON),
    ({"person": "board"}, DutyOutcome.NOT_ENTITLED),
    ({"person": "mona", "by": "board"}, DutyOutcome.NOT_ENTITLED),
    ({"person": "ghost"}, DutyOutcome.UNREACHABLE),
    ({"end": NIGHT - HOUR, "start": NIGHT}, DutyOutcome.BACKWARDS),
    ({"end": NIGHT, "start": NIGHT}, DutyOutcome.BACKWARDS),
    ({"end": NIGHT - HOUR, "start": NIGHT - 2 * HOUR}, DutyOutcome.OVER),
    ({"end": NIGHT + 14 * DAY + HOUR}, DutyOutcome.TOO_LONG),
    ({"person": "omar"}, DutyOutcome.ALREADY_THEIRS),
]


@pytest.mark.parametrize(
    ("changed", "outcome"), REFUSED, ids=lambda value: str(value) if isinstance(value, str) else ""
)
def test_what_makes_no_sense_is_refused_politely_and_changes_nothing(world, changed, outcome):
    people = {**world.config.directory.people, "ghost": Person("ghost", "Ghost", phone="+201000000099")}
    world.config = configuration(directory=replace(world.config.directory, people=people))
    off = ChannelOff("ghost", "sms", address_digest("+201000000099"), "30005", NIGHT)
    world.store.commit([amendment_write(off), amendment_write(replace(off, channel="voice"))])
    answer = takes(world, **changed)
    assert answer.outcome is outcome
    assert answer.sentence()
    assert answer.sentence("ar")
    assert answer.sentence() != answer.sentence("ar")
    assert [one for one in amendments_of(world.store) if isinstance(one, Override)] == []
    assert (duty_changes("primary", store=world.store), world.ledger()) == ([], [])


def test_fourteen_days_are_not_too_long_and_what_began_already_begins_now(world):
    assert takes(world, "lead", NIGHT - DAY, NIGHT + 14 * DAY).outcome is DutyOutcome.TAKEN
    (taken,) = [one for one in amendments_of(world.store) if isinstance(one, Override)]
    assert taken.start == NIGHT


def test_the_last_who_asked_has_it(world):
    takes(world, "lead")
    world.clock.advance(timedelta(minutes=1))
    takes(world, "mona", NIGHT + HOUR, NIGHT + 2 * HOUR)
    world.clock.advance(timedelta(minutes=1))
    takes(world, "boss", NIGHT + 90 * timedelta(minutes=1), NIGHT + 3 * HOUR)
    people = [on_call(world, NIGHT + minutes * timedelta(minutes=1)) for minutes in (30, 75, 100, 170, 200)]
    assert people == ["lead", "mona", "boss", "boss", "lead"]


def test_those_concerned_are_told_with_the_next_tick(world, tmp_path):
    takes(world, "lead", NIGHT + 3 * DAY, NIGHT + 4 * DAY)
    compose = Composer(
        world.config,
        world.store,
        world.clock,
        FolderObjects(tmp_path),
        Addresses("https://p", "https://l", "https://c"),
        ("k",),
    )
    assert world.told("email") == []
    escalate(**world.ports)
    world.pump(compose=compose)
    mails = {message.to: message.body for message in world.notifiers[Channel.EMAIL].sent}
    assert set(mails) == {"lead@souk.example", "omar@souk.example"}
    assert mails["lead@souk.example"].subject == "On call in primary: a change"
    assert "Laila Nour: Fri 13 Mar 02:10 EET to Sat 14 Mar 02:10 EET" in mails["lead@souk.example"].text
    assert mails["omar@souk.example"].subject == "تغيير في مناوبة primary"
    assert world.told("slack") == ["C0INCIDENTS"]
    assert world.told("sms") == []


def test_who_is_put_on_call_for_tonight_by_somebody_else_hears_it_from_their_telephone(world):
    takes(world, "lead", by="omar")
    assert [row.recipient for row in world.ledger(channel=Channel.SMS)] == ["lead"]
    takes(world, "mona")
    assert [row.recipient for row in world.ledger(channel=Channel.SMS)] == ["lead"]


def duties(world, *instants):
    directory = present(world.config, store=world.store, now=NIGHT).directory
    return [duty_at(directory, "primary", at) for at in instants]


def test_a_swap_exchanges_two_whole_turns_at_once(world):
    one, other = duties(world, NIGHT + WEEK, NIGHT + 2 * WEEK)
    answer = swap_duties(SwapDuties("primary", NIGHT + WEEK, NIGHT + 2 * WEEK, "mona"), **ports(world))
    assert answer.outcome is DutyOutcome.SWAPPED
    assert [on_call(world, at) for at in (one.start, one.end - HOUR, other.start, other.end - HOUR)] == [
        other.person, other.person, one.person, one.person,
    ]  # fmt: skip
    assert len(duty_changes("primary", store=world.store)) == 1


def test_giving_a_swap_back_gives_both_halves_back(world):
    before = duties(world, NIGHT + WEEK, NIGHT + 2 * WEEK)
    swap_duties(SwapDuties("primary", NIGHT + WEEK, NIGHT + 2 * WEEK, "mona"), **ports(world))
    answer = cancel_duty(CancelDuty("primary", NIGHT + WEEK, "omar"), **ports(world))
    assert answer.outcome is DutyOutcome.CANCELLED
    assert duties(world, NIGHT + WEEK, NIGHT + 2 * WEEK) == before


@pytest.mark.parametrize(
    ("one", "other", "outcome"),
    [
        (NIGHT - 2 * WEEK, NIGHT + WEEK, DutyOutcome.OVER),
        (NIGHT, NIGHT + HOUR, DutyOutcome.ALREADY_THEIRS),
        (NIGHT, NIGHT + 2 * WEEK, DutyOutcome.ALREADY_THEIRS),
    ],
)
def test_a_swap_that_makes_no_sense_is_refused(world, one, other, outcome):
    assert swap_duties(SwapDuties("primary", one, other, "mona"), **ports(world)).outcome is outcome
    assert duty_changes("primary", store=world.store) == []


def test_a_gap_can_be_taken_over_but_not_swapped(world):
    hole = Override("primary", None, NIGHT + DAY, NIGHT + 2 * DAY)
    world.config = configuration(directory=replace(world.config.directory, overrides=(hole,)))
    wish = SwapDuties("primary", NIGHT + 30 * HOUR, NIGHT + WEEK, "mona")
    assert swap_duties(wish, **ports(world)).outcome is DutyOutcome.NOBODY_THERE
    assert takes(world, "mona", NIGHT + DAY, NIGHT + 2 * DAY).outcome is DutyOutcome.TAKEN
    assert on_call(world, NIGHT + 30 * HOUR) == "mona"


def test_what_was_served_stays_served_when_the_rest_is_given_back(world):
    regular = on_call(world)
    takes(world, "lead")
    world.clock.advance(2 * HOUR)
    assert cancel_duty(CancelDuty("primary", NIGHT + 2 * HOUR, "lead"), **ports(world)).outcome is DutyOutcome.CANCELLED
    assert [on_call(world, NIGHT + hours * HOUR) for hours in (1, 2, 7)] == ["lead", regular, regular]


def test_what_stands_in_the_file_is_not_cancelled_here(world):
    filed = Override("primary", "lead", *TONIGHT)
    world.config = configuration(directory=replace(world.config.directory, overrides=(filed,)))
    assert cancel_duty(CancelDuty("primary", NIGHT, "lead"), **ports(world)).outcome is DutyOutcome.NOTHING_TAKEN


class Interrupted:
    """A store in which somebody else commits just before the first commit."""

    def __init__(self, store, meanwhile):
        self.find, self.get = store.find, store.get
        self._store, self._meanwhile = store, [meanwhile]

    def commit(self, writes):
        while self._meanwhile:
            self._meanwhile.pop()()
        self._store.commit(writes)


def test_a_swap_is_decided_again_when_somebody_takes_one_of_the_duties_meanwhile(world):
    one, other = duties(world, NIGHT + WEEK, NIGHT + 2 * WEEK)
    store = Interrupted(world.store, lambda: takes(world, "lead", one.start, one.end))
    wish = SwapDuties("primary", NIGHT + WEEK, NIGHT + 2 * WEEK, "mona")
    answer = swap_duties(wish, **{**ports(world), "store": store})
    assert "Laila Nour" in answer.sentence()
    assert [on_call(world, at) for at in (NIGHT + WEEK, NIGHT + 2 * WEEK)] == [other.person, "lead"]
    assert [change.seq for change in duty_changes("primary", store=world.store)] == ["000002", "000001"]


def test_of_many_who_ask_at_once_each_is_on_record_and_the_last_has_it(world):
    barrier = threading.Barrier(4)

    def asks(person):
        barrier.wait()
        takes(
            world,
            person,
            end=NIGHT + DAY + {"mona": HOUR, "lead": 2 * HOUR, "boss": 3 * HOUR, "omar": DAY}[person],
            by=person,
        )

    takes(world, "boss", end=NIGHT + 5 * DAY)
    threads = [threading.Thread(target=asks, args=(person,)) for person in ("mona", "lead", "boss", "omar")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    recorded = duty_changes("primary", store=world.store)
    assert [int(one.seq) for one in recorded] == list(range(len(recorded), 0, -1))
    assert len({one.seq for one in recorded}) == len(recorded) >= 4


def test_what_is_long_over_is_forgotten_and_what_the_notice_looks_back_on_is_not(world):
    takes(world, "lead")
    assert prune(config=world.config, store=world.store, now=NIGHT + 5 * WEEK) == 0
    assert prune(config=world.config, store=world.store, now=NIGHT + 5 * WEEK + 8 * HOUR) == 1
    assert amendments_of(world.store) == []
    assert len(duty_changes("primary", store=world.store)) == 1


def test_E62_a_duty_taken_over_during_an_incident_gets_the_next_step(world):
    world.fires("crash")
    world.pump()
    assert world.told("sms") == ["omar"]
    takes(world, "mona")
    world.clock.advance(2 * HOUR)
    world.config = present(world.config, store=world.store, now=world.clock.now())
    world.fires("crash", event="again")
    world.pump()
    assert world.told("sms") == ["omar", "mona"]
