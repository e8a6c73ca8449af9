"""The first page of a configuration: a rule's alert through every function, and what its receivers read."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.firing import fired
from infra.local.platform import Platform
from infra.local.replay import private_platform
from shared import bootstrap
from shared.domain.configuration import Configuration
from shared.domain.notifications import Channel, Notification
from shared.domain.reasons import Notify
from shared.usecases.records import notifications_of

SHOWN = (Channel.SLACK, Channel.SMS, Channel.VOICE, Channel.PUSH, Channel.EMAIL)


@dataclass(frozen=True, slots=True)
class Told:
    """One message: by which channel, to whom and at which address, in which language, its fate, its text."""

    channel: Channel
    who: str
    address: str
    language: str
    state: str
    text: str


def first_page(rule: str, *, config_dir: Path | None) -> list[Told]:
    """Everybody who is told when the rule's alert opens an incident. Raises LookupError for an unknown rule."""
    with private_platform(config_dir) as platform:
        incident = fired(platform, rule)
        rows = notifications_of(bootstrap.state(), incident.id) if incident else []
        first = [row for row in rows if row.reason is Notify.FIRST]
        told = [_told(row, platform, bootstrap.config()) for row in first]
    return sorted(told, key=lambda one: (SHOWN.index(one.channel), one.who))


def _told(row: Notification, platform: Platform, config: Configuration) -> Told:
    person = config.directory.people.get(row.recipient)
    message = platform.providers.store.get(row.provider_id) if row.provider_id else None
    text = "\n".join(_lines(message.content)) if message else ""
    if person is None:
        channel = row.recipient.removeprefix("slack:")
        return Told(row.channel, f"#{channel}", config.slack_channels.get(channel, ""), "en", str(row.state), text)
    address = person.email if row.channel is Channel.EMAIL else person.phone
    return Told(row.channel, person.name, address, person.locale, str(row.state), text)


def _lines(content: dict[str, Any]) -> Iterator[str]:
    """What is read (or heard) of a message: Slack's blocks, a text's body, what a call says."""
    for block in content.get("blocks", ()):
        texts = [block.get("text"), *block.get("fields", ())]
        yield from (text["text"] for text in texts if isinstance(text, dict))
    yield from str(content.get("body", "")).splitlines()
    yield from content.get("spoken", ())
