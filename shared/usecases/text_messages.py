"""What a text message from somebody leads to, and the text that answers it."""

import logging
from datetime import datetime, timedelta

from shared.domain.amendments import OffReason
from shared.domain.configuration import Configuration
from shared.domain.notifications import Channel
from shared.domain.oncall import Person
from shared.domain.signals import digest
from shared.domain.text_messages import TextMessage, Wish, wish_of
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Create, Replace, StateStore, Write
from shared.rendering.contact_changes import text_answer
from shared.rendering.view import cairo_day
from shared.usecases.channel_off import turn_off, turn_on
from shared.usecases.commits import committed
from shared.usecases.nonces import is_spent, spend
from shared.usecases.records import ANSWERED, instant

log = logging.getLogger(__name__)

MOST_ANSWERS = 5  # a day and number: two machines must not talk to each other at our cost
KEPT_FOR = timedelta(days=2)


def take_text(
    message: TextMessage, *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock
) -> str:
    """Do what the message asks for; the answer, "" for none. A replay has no second effect, a stranger no answer."""
    nonce = digest("text", message.sid)
    if is_spent(nonce, store=store):
        return ""
    wish = wish_of(message)
    people = [person for person in config.directory.people.values() if person.phone == message.sender]
    log.info("text message", extra={"wish": wish, "known": bool(people)})  # never the number
    for person in people:
        _carry_out(wish, person, config=config, store=store, publisher=publisher, clock=clock)
    spend(nonce, store=store, clock=clock)
    if not people or message.is_answered or not _may_answer(message.sender, store=store, now=clock.now()):
        return ""
    return text_answer(wish, people[0].locale)


def _carry_out(
    wish: Wish, person: Person, *, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock
) -> None:
    if wish is Wish.STOP:
        turn_off(
            person.id,
            Channel.SMS,
            reason=OffReason.STOP,
            config=config,
            store=store,
            publisher=publisher,
            clock=clock,
        )
    elif wish is Wish.START:
        turn_on(person.id, Channel.SMS, store=store, now=clock.now())


def _may_answer(number: str, *, store: StateStore, now: datetime) -> bool:
    """Count an answer to the number, unless it has had its share of the day."""
    name = digest("text answers", number, cairo_day(now))

    def attempt() -> bool:
        known = store.get(ANSWERED, name)
        count = int(known.body["count"]) if known else 0
        if count >= MOST_ANSWERS:
            return False
        body = {"count": count + 1, "expires_at": instant(now + KEPT_FOR)}
        write: Write = Replace(ANSWERED, name, body, known.version) if known else Create(ANSWERED, name, body)
        store.commit([write])
        return True

    return committed(attempt)
