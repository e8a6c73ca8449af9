"""Money: texts are counted, then short, then kept back; never a critical page."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.adapters.folder import FolderObjects
from shared.domain.notifications import Channel, LedgerState
from shared.domain.reasons import Notify, Suppressed
from shared.domain.spending import Budget, month_of
from shared.ports.store import Put
from shared.rendering.segments import segments
from shared.usecases.compose import Addresses, Composer
from shared.usecases.records import SPENDING
from tests.unit.domain.test_spending import EGYPT, EMIRATES

LINK = "https://alerts.souk-el-sayarat.example/a"


@pytest.fixture
def spend(world, tmp_path):
    """Fire something with so much of a budget of 50 spent; texts are composed as in production."""
    limits = replace(world.config.limits, sms_budget=Budget(50, 80), rate_caps={})
    world.config = replace(world.config, limits=limits, countries={"EG": EGYPT, "AE": EMIRATES})

    def fired(usd, name="crash", **changes):
        world.store.commit([Put(SPENDING, month_of(world.clock.now()), {"usd": usd})])
        world.fires(name, **changes)
        addresses = Addresses("https://p", LINK, "https://c")
        world.pump(
            compose=Composer(world.config, world.store, world.clock, FolderObjects(tmp_path), addresses, ("k" * 32,))
        )
        return spent(world)

    return fired


def spent(world):
    return world.store.get(SPENDING, month_of(world.clock.now())).body["usd"]


def texts(world):
    return [message.body.text for message in world.notifiers[Channel.SMS].sent]


def test_every_text_is_counted_by_its_segments_in_the_commit_that_marks_it_sent(world, spend, monkeypatch):
    commits, real = [], world.store.commit
    monkeypatch.setattr(world.store, "commit", lambda writes: commits.append(writes) or real(writes))
    after = spend(0)
    (text,) = texts(world)
    assert after == pytest.approx(segments(text)[1] * 0.3)
    (counted,) = [writes for writes in commits if any(w.collection == SPENDING for w in writes)][1:]
    assert {w.collection for w in counted} == {"notifications", SPENDING}


def test_the_lead_is_told_once_when_the_budget_runs_short_and_once_when_it_is_spent(world, spend):
    spend(39.9)
    spend(41, "second")
    assert [m.body.subject for m in world.notifiers[Channel.EMAIL].sent if m.to == "lead@souk.example"] == [
        "Budget for texts and calls is running short"
    ]
    spend(49.9, "third")
    spend(39.9, "fourth")  # a raised budget crosses the same line again: told before, and no commit may fail for it
    titles = [m.body.subject for m in world.notifiers[Channel.EMAIL].sent if m.to == "lead@souk.example"]
    assert titles[1:] == ["Budget for texts and calls is spent"]
    assert {row.state for row in world.ledger(channel=Channel.SMS)} == {LedgerState.SENT}


def test_when_money_is_short_a_text_is_one_segment_with_its_link_whole(world, spend):
    spend(41, title="فشل الدفع في صفحة الطلب " * 5)
    spend(41, "second", title="Checkout fails for everybody who pays with a card " * 5)
    for text in texts(world):
        assert segments(text) == ("GSM-7", 1)
        assert LINK in text.splitlines()[-1]


def test_when_it_is_spent_a_critical_page_still_wakes(world, spend):
    spend(60)
    assert world.told("sms") == ["+201000000012"]
    assert world.ledger(channel=Channel.SMS)[0].state is LedgerState.SENT


def test_when_it_is_spent_the_rest_is_held_back_with_its_reason_because_the_mail_tells_it(world, spend):
    spend(60, alert_type="other.thing")
    assert world.told("sms") == ["+201000000012"]  # the first page of a high incident
    world.clock.advance(timedelta(minutes=15))
    world.tick()
    (text,) = world.ledger(channel=Channel.SMS, reason=Notify.ESCALATED, recipient="lead")
    assert (text.state, text.note) == (LedgerState.SUPERSEDED, Suppressed.BY_BUDGET)
    assert len(world.told("sms")) == 1
    assert "lead" in world.told("email")


def test_what_is_held_back_from_somebody_without_a_mail_goes_out_after_all(world, spend):
    people = world.config.directory.people
    without = {name: replace(person, email="") for name, person in people.items()}
    world.config = replace(world.config, directory=replace(world.config.directory, people=without))
    spend(60, alert_type="other.thing")
    world.clock.advance(timedelta(minutes=15))
    world.tick()
    assert len(world.told("sms")) > 1


def test_where_no_mail_was_planned_one_takes_the_place_of_the_text_and_says_the_same(world, spend):
    rules = tuple(replace(rule, channels=("sms", "slack")) for rule in world.config.event_rules)
    world.config = replace(world.config, event_rules=rules)
    spend(60, alert_type="other.thing")
    world.clock.advance(timedelta(minutes=15))
    world.tick()
    (mail,) = world.ledger(channel=Channel.EMAIL, recipient="lead")
    assert (mail.reason, mail.note, mail.state) == (Notify.ESCALATED, Suppressed.BY_BUDGET, LedgerState.SENT)


def test_a_text_to_a_country_that_drops_links_has_none(world, spend):
    people = world.config.directory.people
    moved = {**people, "omar": replace(people["omar"], phone="+971501234567")}
    world.config = replace(world.config, directory=replace(world.config.directory, people=moved))
    spend(0)
    assert "http" not in texts(world)[0]
