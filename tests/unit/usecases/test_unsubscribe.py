"""Optional mails end with one click and come back with another; looking at the link changes nothing."""

from dataclasses import replace

import pytest

from shared.adapters.folder import FolderObjects
from shared.domain.bulletins import Bulletin, BulletinKind, BulletinText
from shared.domain.notifications import Channel, Recipient
from shared.errors import RefusedError
from shared.rendering.catalogue import words
from shared.usecases.bulletins import tell
from shared.usecases.compose import Addresses, Composer
from shared.usecases.links import acknowledge_url, unsubscribe_link
from shared.usecases.present import present
from shared.usecases.unsubscribe_page import respond
from tests.conftest import NIGHT

KEYS = ("old", "new")
DIGEST = BulletinKind.DIGEST
SAID = Bulletin("d1", DIGEST, NIGHT, {"en": BulletinText("Digest", ("line",)), "ar": BulletinText("ملخص", ("سطر",))})


def token_of(person="omar", kind=DIGEST, keys=KEYS):
    return unsubscribe_link("", person, kind, keys=keys).removeprefix("/")


@pytest.fixture
def ask(world):
    def asked(token, form=None, language=""):
        config = present(world.config, store=world.store, now=world.clock.now())
        page, status, _ = respond(
            token, form=form, language=language, keys=KEYS, config=config, store=world.store, clock=world.clock
        )
        assert status == 200
        return page

    return asked


@pytest.fixture
def unsubscribed(world):
    def of(person="omar"):
        people = present(world.config, store=world.store, now=world.clock.now()).directory.people
        return people[person].unsubscribed

    return of


def test_E71_looking_at_the_link_changes_nothing(ask, unsubscribed):
    page = ask(token_of())
    assert words("ar")["unsubscribe_title"] in page
    assert 'dir="rtl"' in page
    assert unsubscribed() == frozenset()


@pytest.mark.parametrize("form", [{}, {"List-Unsubscribe": "One-Click"}], ids=["button", "one click (RFC 8058)"])
def test_a_post_ends_mails_of_that_kind_and_of_no_other_and_says_what_still_comes(ask, unsubscribed, form):
    page = ask(token_of(), form, "en")
    assert words("en")["unsubscribed"] in page
    assert words("en")["still_come"] in page
    assert words("en")["resubscribe_button"] in page
    assert (unsubscribed(), unsubscribed("mona")) == ({DIGEST}, frozenset())


def test_twice_is_as_once_and_the_button_brings_them_back(ask, unsubscribed):
    ask(token_of(), {})
    ask(token_of(), {})
    assert words("en")["resubscribed"] in ask(token_of(), {"again": "1"}, "en")
    assert unsubscribed() == frozenset()


def test_the_link_works_after_the_key_was_rotated_and_as_long_as_the_old_one_is_kept(ask, unsubscribed):
    ask(token_of(keys=("old",)), {})
    assert unsubscribed() == {DIGEST}


@pytest.mark.parametrize(
    "token",
    [
        "",
        "omar~digest",
        token_of(keys=("other",)),
        token_of()[:-1],
        token_of().replace("omar", "mona"),
        token_of().replace("digest", "notice"),
        acknowledge_url("", "omar~digest", keys=KEYS)[1:],
    ],
)
def test_a_link_that_we_did_not_make_is_refused(ask, unsubscribed, token):
    with pytest.raises(RefusedError) as refused:
        ask(token, {})
    assert (refused.value.status, unsubscribed()) == (401, frozenset())


def test_a_link_of_somebody_who_left_leads_nowhere(ask):
    with pytest.raises(RefusedError) as refused:
        ask(token_of("gone"), {})
    assert refused.value.status == 404


@pytest.fixture
def mail(world, tmp_path):
    def sent(said=SAID, before=lambda: None):
        addresses = Addresses("https://p", "https://l", "https://c", "https://u.souk.example")
        rows = tell(said, [Recipient("omar", Channel.EMAIL)], store=world.store, publisher=world.bus)
        before()
        config = present(world.config, store=world.store, now=world.clock.now())
        compose = Composer(config, world.store, world.clock, FolderObjects(tmp_path), addresses, KEYS)
        world.pump(compose=compose)
        assert rows
        return [message.body for message in world.notifiers[Channel.EMAIL].sent]

    return sent


def test_what_a_reader_may_do_without_carries_the_link(mail, ask, unsubscribed):
    (body,) = mail()
    assert body.unsubscribe_url.startswith("https://u.souk.example/")
    assert body.unsubscribe_url in body.html
    assert body.unsubscribe_url in body.text
    assert body.list_name == "digest"
    ask(body.unsubscribe_url.rsplit("/", 1)[-1], {})
    assert unsubscribed() == {DIGEST}


def test_a_notice_about_the_reader_s_own_duty_carries_none(mail):
    (body,) = mail(replace(SAID, kind=BulletinKind.NOTICE))
    assert (body.unsubscribe_url, body.list_name) == ("", "")


def test_a_mail_that_is_already_planned_is_not_sent_to_who_has_just_unsubscribed(mail, ask):
    assert mail(before=lambda: ask(token_of(), {})) == []


@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("kind", [kind for kind in BulletinKind if kind.is_optional])
def test_every_kind_that_can_be_ended_says_what_it_is(ask, kind, locale):
    assert words(locale)[kind] in ask(token_of(kind=kind), None, locale)
