"""The second path: a message straight to the providers, past bus, ledger and escalation, for when those have failed."""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from shared.domain.audit import Proof
from shared.domain.bulletins import BulletinText
from shared.domain.configuration import Configuration
from shared.domain.notifications import Channel, address_of
from shared.domain.signals import digest
from shared.errors import DeliveryError
from shared.ports.messages import Notifier, Outgoing
from shared.rendering.bulletin import bulletin_email, bulletin_sms
from shared.rendering.catalogue import recorded, words
from shared.rendering.view import cairo

log = logging.getLogger(__name__)

SHOWN = 10
WAYS = (Channel.EMAIL, Channel.SMS)


def shout(
    proofs: Sequence[Proof], *, notifier: Callable[[Channel], Notifier], config: Configuration, now: datetime
) -> int:
    """Tell those whom channels.yaml names under `auditor`, each on every way there is; how many messages went out.

    One provider that fails does not keep the message from the others.
    """
    return sum(
        _sent(person, channel, proofs, notifier=notifier, config=config, now=now)
        for person in listeners(config)
        for channel in WAYS
    )


def listeners(config: Configuration) -> list[str]:
    """The people on the second path, each once; without any the default contact."""
    targets = config.auditor or (f"person:{config.directory.default_contact}",)
    return [member for member in config.directory.members(targets) if member in config.directory.people]


def _sent(
    person: str,
    channel: Channel,
    proofs: Sequence[Proof],
    *,
    notifier: Callable[[Channel], Notifier],
    config: Configuration,
    now: datetime,
) -> bool:
    address = address_of(config.directory, person, channel)
    if not address:
        return False
    locale = config.directory.people[person].locale
    text = BulletinText(words(locale)["audit_title"], tuple(_lines(proofs, locale)))
    body = bulletin_email(text, locale=locale) if channel is Channel.EMAIL else bulletin_sms(text)
    reference = digest("audit", person, channel, now.isoformat())
    try:
        notifier(channel).send(Outgoing(reference, address, body, since=now))
    except DeliveryError as error:
        log.critical(
            "audit: a listener could not be told", extra={"person": person, "channel": channel, "error": error.code}
        )
        return False
    return True


def _lines(proofs: Sequence[Proof], locale: str) -> Iterator[str]:
    for proof in proofs[:SHOWN]:
        yield f"{recorded(proof.finding, locale)}: \u2068{proof.about}\u2069 ({cairo(proof.since, locale)})"
    if len(proofs) > SHOWN:
        yield f"+ {len(proofs) - SHOWN}"
