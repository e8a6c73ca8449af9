"""Bulletins go through the ledger like every message: once an occasion, retried, in the reader's language."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.folder import FolderObjects
from shared.domain.amendments import Unsubscribed
from shared.domain.bulletins import Bulletin, BulletinKind, BulletinText
from shared.domain.notifications import Channel, LedgerState, Recipient
from shared.errors import PermanentFailureError, TemporaryFailureError
from shared.usecases.bulletins import by_email, tell
from shared.usecases.compose import Addresses, Composer
from shared.usecases.present import amendment_write, present
from tests.conftest import NIGHT

SAID = Bulletin(
    "week-1",
    BulletinKind.ONCALL_WEEK,
    NIGHT,
    {"en": BulletinText("Who is on call", ("Mona <b>",)), "ar": BulletinText("المناوبة", ("منى",))},
    "https://souk.example/oncall",
)
EVERYBODY = (
    Recipient("mona", Channel.EMAIL),
    Recipient("omar", Channel.EMAIL),
    Recipient("slack:incidents", Channel.SLACK),
)


@pytest.fixture
def say(world, tmp_path):
    compose = Composer(
        world.config,
        world.store,
        world.clock,
        FolderObjects(tmp_path),
        Addresses("https://p", "https://l", "https://c"),
        ("k",),
    )

    def said(recipients=EVERYBODY):
        rows = tell(SAID, recipients, store=world.store, publisher=world.bus)
        world.pump(compose=compose)
        return rows

    return said


def test_each_reader_gets_the_bulletin_in_their_language(world, say):
    say()
    mails = {message.to: message.body for message in world.notifiers[Channel.EMAIL].sent}
    assert mails["mona@souk.example"].subject == "Who is on call"
    assert mails["omar@souk.example"].subject == "المناوبة"
    assert 'dir="rtl"' in mails["omar@souk.example"].html
    assert "Mona &lt;b&gt;" in mails["mona@souk.example"].html
    assert world.told("slack") == ["C0INCIDENTS"]


def test_a_bulletin_is_told_once(world, say):
    assert len(say()) == 3
    assert say() == ()
    assert len(world.told("email")) == 2


def test_a_bulletin_that_failed_is_tried_again(world, say):
    world.notifiers[Channel.EMAIL].faults = [TemporaryFailureError("x")]
    (row,) = say(EVERYBODY[:1])
    assert world.told("email") == []
    assert world.ledger(id=row.id)[0].state is LedgerState.FAILED_TEMPORARY


def test_a_digest_wakes_nobody_when_its_mail_fails(world, say):
    world.notifiers[Channel.EMAIL].faults = [PermanentFailureError("x")]
    say(EVERYBODY[:1])
    assert world.told("sms") == []


def test_who_unsubscribed_is_left_out_of_what_is_optional(world):
    world.store.commit([amendment_write(Unsubscribed("mona", BulletinKind.ONCALL_WEEK, NIGHT))])
    directory = present(world.config, store=world.store, now=NIGHT).directory
    assert [r.id for r in by_email(["mona", "omar", "omar", "nobody"], SAID, directory)] == ["omar"]
    notice = replace(SAID, kind=BulletinKind.NOTICE)
    assert [r.id for r in by_email(["mona", "omar"], notice, directory)] == ["mona", "omar"]


def test_saying_the_same_change_again_replaces_it(world):
    first = Unsubscribed("mona", "digest", NIGHT)
    world.store.commit([amendment_write(first)])
    world.store.commit([amendment_write(replace(first, at=NIGHT + timedelta(hours=1)))])
    assert present(world.config, store=world.store, now=NIGHT).directory.people["mona"].unsubscribed == {"digest"}
