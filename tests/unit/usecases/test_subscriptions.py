"""Mails about the status page: only to addresses that confirmed, each once, until one click ends them."""

import pytest

from shared.domain.subscriptions import Answer, Door, Visit
from shared.errors import (
    NotYetError,
    PermanentFailureError,
    TemporaryFailureError,
    UnknownOutcomeError,
)
from shared.usecases import mail_subscribers
from shared.usecases.subscription_pages import respond
from shared.usecases.subscriptions import confirm, end
from tests.unit.usecases.status_town import PLACES, Town


@pytest.fixture
def town(world, tmp_path):
    made = Town(world, tmp_path / "site")
    made.all_is_well()
    world.bus.messages.clear()
    return made


def visits(town, door=Door.ASK, **changes):
    visit = Visit(door, **{"posted": True, "origin": "192.0.2.1", **changes})
    world = town.world
    return respond(
        visit, config=world.config, store=world.store, publisher=world.bus, clock=world.clock, status_url=PLACES.url
    )


class TestAsking:
    def test_nothing_is_sent_but_a_link_until_the_address_confirms(self, town):
        town.asks()
        handle = town.handle_in_mail()
        town.write("Broken.")
        assert town.mail_last_update() == 0
        assert confirm(handle, posted=False, store=town.world.store, clock=town.world.clock) is Answer.CONFIRM
        assert town.mail_last_update() == 0
        confirm(handle, posted=True, store=town.world.store, clock=town.world.clock)
        assert town.mail_last_update() == 1

    def test_the_answer_is_the_same_whether_the_address_is_known_or_not(self, town):
        town.subscribed()
        known, unknown = (visits(town, email=email) for email in ("nour@souk.example", "new@souk.example"))
        assert known == unknown
        assert town.published("status-mails") != []

    def test_a_known_address_gets_no_further_link(self, town):
        town.subscribed()
        town.after(hours=1).asks()
        (kept,) = town.subscriptions()
        assert (kept["state"], kept["expires_at"]) == ("confirmed", None)
        for data in town.published("status-mails"):
            mail_subscribers.mail_link(data["confirm"], doors=mail_subscribers.Doors("", ""), ports=town.mailing)
        assert town.mails.sent == []

    def test_nobody_is_flooded_in_somebody_else_s_name(self, town):
        for number in range(8):
            town.asks(origin=f"192.0.2.{number}")
        town.handle_in_mail()
        assert len(town.mails.sent) == 1
        town.after(minutes=10).asks()
        town.handle_in_mail()
        assert len(town.mails.sent) == 2

    def test_one_origin_may_ask_ten_times_an_hour(self, town):
        answers = [town.asks(f"a{number}@souk.example") for number in range(11)]
        assert answers == [Answer.SENT] * 10 + [Answer.TOO_MANY]
        assert town.asks("b@souk.example", origin="198.51.100.7") is Answer.SENT
        town.after(hours=1)
        assert town.asks("c@souk.example") is Answer.SENT

    def test_a_link_works_for_two_days(self, town):
        town.asks()
        handle = town.handle_in_mail()
        town.after(days=2)
        assert confirm(handle, posted=True, store=town.world.store, clock=town.world.clock) is Answer.GONE

    def test_the_origin_and_the_address_are_no_names_of_documents(self, town):
        town.asks()
        kept = town.subscriptions()
        assert len(kept) == 1
        assert all("nour" not in row["id"] and "192.0.2.1" not in str(row) for row in kept)


class TestPages:
    @pytest.mark.parametrize("locale", ["en", "ar"])
    def test_every_page_is_in_the_reader_s_language_and_leads_back(self, town, locale):
        handle = town.subscribed()
        for door, posted in [(Door.ASK, False), (Door.CONFIRM, False), (Door.OFF, False), (Door.OFF, True)]:
            page, status, headers = visits(town, door, posted=posted, handle=handle, locale=locale)
            assert status == 200
            assert f'lang="{locale}"' in page
            assert PLACES.url in page
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]

    def test_what_is_no_address_and_who_asks_too_often_is_told_so(self, town):
        assert visits(town, email="")[1] == 400
        assert [visits(town, email=f"a{n}@souk.example")[1] for n in range(11)] == [200] * 10 + [429]
        assert visits(town, Door.CONFIRM, handle="x" * 32)[1] == 404


class TestEnding:
    def test_one_click_ends_them_and_deletes_the_address(self, town):
        handle = town.subscribed()
        town.write("Broken.")
        assert end(handle, posted=False, store=town.world.store) is Answer.OFF
        assert town.mail_last_update() == 1
        assert end(handle, posted=True, store=town.world.store) is Answer.ENDED
        assert end(handle, posted=True, store=town.world.store) is Answer.ENDED
        assert end("a" * 32, posted=True, store=town.world.store) is Answer.ENDED
        town.write("Still broken.")
        assert town.mail_last_update() == 0

    def test_each_mail_has_the_headers_of_one_click_and_a_handle_nobody_guesses(self, town):
        handles = {town.subscribed(f"{name}@souk.example") for name in "abc"}
        town.write("Broken.")
        town.mail_last_update()
        urls = {mail.body.unsubscribe_url for mail in town.mails.sent}
        assert urls == {f"{PLACES.subscriptions_url}/off/{handle}?lang=en" for handle in handles}
        assert all(len(handle) >= 32 for handle in handles)
        assert {mail.body.list_name for mail in town.mails.sent} == {"status"}


class TestMails:
    def test_everybody_is_written_to_in_their_language_once(self, town):
        town.subscribed("en@souk.example")
        town.subscribed("ar@souk.example", "ar")
        town.minutes(1, reason="dns")
        assert town.mail_last_update() == 2
        assert town.mail_last_update() == 0
        by = {mail.to: mail.body for mail in town.mails.sent}
        assert "Our checks see a disruption of Website" in by["en@souk.example"].text
        assert "ترصد فحوصنا" in by["ar@souk.example"].text
        assert 'dir="rtl"' in by["ar@souk.example"].html

    def test_what_perhaps_was_sent_is_not_sent_again(self, town):
        town.subscribed()
        town.write("Broken.")
        town.mails.faults.append(UnknownOutcomeError("no_answer"))
        assert town.mail_last_update() == 0
        assert town.mail_last_update() == 0
        assert town.mails.sent == []

    def test_what_surely_was_not_sent_is_tried_again_without_a_second_mail_to_others(self, town):
        town.subscribed("a@souk.example")
        town.after(seconds=1).subscribed("b@souk.example")
        town.write("Broken.")
        town.mails.faults.append(TemporaryFailureError("421"))
        with pytest.raises(NotYetError):
            town.mail_last_update()
        assert [mail.to for mail in town.mails.sent] == ["b@souk.example"]
        assert town.mail_last_update() == 1
        assert [mail.to for mail in town.mails.sent] == ["b@souk.example", "a@souk.example"]

    def test_an_address_that_is_gone_is_forgotten(self, town):
        town.subscribed()
        town.write("Broken.")
        town.mails.faults.append(PermanentFailureError("550", address_gone=True))
        assert town.mail_last_update() == 0
        assert town.subscriptions() == []

    def test_many_subscribers_are_written_to_page_by_page(self, town):
        for number in range(5):
            town.after(seconds=1).subscribed(f"a{number}@souk.example")
        town.write("Broken.")
        town.world.bus.messages.clear()
        post, sent, after = town.posts[0].id, [], ""
        for _ in range(10):
            doors = mail_subscribers.Doors(PLACES.url, PLACES.subscriptions_url)
            sent.append(mail_subscribers.mail_update(post, 0, after, doors=doors, ports=town.mailing, page=2))
            onward = town.published("status-mails")
            if not onward:
                break
            after = onward[-1]["after"]
            town.world.bus.messages.clear()
        assert sum(sent) == 5
        assert sorted(mail.to for mail in town.mails.sent) == [f"a{number}@souk.example" for number in range(5)]

    def test_hostile_words_of_a_person_stay_words_in_a_mail(self, town):
        town.subscribed()
        town.write("<script>alert(1)</script>", title=town.world.config.status.name)
        town.mail_last_update()
        (mail,) = town.mails.sent
        assert "<script>" not in mail.body.html
        assert "<script>" in mail.body.text
