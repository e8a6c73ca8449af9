"""Messages and the channels that carry them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.ports.store import Body


@dataclass(frozen=True, slots=True)
class SlackBody:
    """A Slack message: `text` is the fallback shown in notifications, `blocks` is Block Kit JSON."""

    text: str
    blocks: tuple[Body, ...] = ()


@dataclass(frozen=True, slots=True)
class InlinePicture:
    """A PNG inside a mail; the mail's HTML shows it as "cid:<name>"."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class EmailBody:
    """An e-mail's content; `thread` is a stable name that keeps one incident in one thread.

    `unsubscribe_url` is where one click ends mails of this kind (RFC 8058); only what may be ended has one, and a
    `list_name` ("digest") by which mail readers sort it (RFC 2919).
    """

    subject: str
    text: str
    html: str
    locale: str = "en"
    thread: str = ""
    pictures: tuple[InlinePicture, ...] = ()
    unsubscribe_url: str = ""
    list_name: str = ""


@dataclass(frozen=True, slots=True)
class SmsBody:
    """A text message, already bounded for its segments."""

    text: str


@dataclass(frozen=True, slots=True)
class CallBody:
    """A telephone call; what is said is asked for when somebody answers, so that it is never out of date."""


@dataclass(frozen=True, slots=True)
class PushBody:
    """What a telephone shows at once: two short texts; a tap on them leads to `url`.

    A newer message replaces an older one of the same `group`. `urgent` ones break through a sleeping telephone's
    saving of power and its summaries.
    """

    title: str
    text: str
    url: str = ""
    group: str = ""
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message for one address. `reference` is our own id, by which a lost answer can be looked up later.

    Slack: `to` is a channel id (or name), `thread` a message's ts to answer under, `replaces` the ts of the message to
    update in place, `only_for` the user who alone may see it. Push: `to` is a line for each
    of the person's devices. Elsewhere `to` is the address or E.164 number. `opens` is the name under which a later
    message finds this one to replace it.
    """

    reference: str
    to: str
    body: SlackBody | EmailBody | SmsBody | CallBody | PushBody
    thread: str = ""
    replaces: str = ""
    only_for: str = ""
    since: datetime | None = None
    opens: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider took the message; `provider_id` is its id there ("C123:1700000000.000100" on Slack: channel:ts).

    `dead` are those of its addresses (devices) behind which there is nobody any more.
    """

    provider_id: str
    dead: tuple[str, ...] = ()


class Notifier(Protocol):
    """One channel's provider."""

    def send(self, message: Outgoing) -> Sent:
        """Hand the message over; raises TemporaryFailureError, PermanentFailureError or UnknownOutcomeError."""

    def find(self, message: Outgoing) -> Sent | None:
        """The message of an earlier send whose answer was lost; None when the provider does not know it."""
