"""Who asked for mails about the status page: nothing is sent until the address itself has confirmed."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

ASKED_AGAIN_AFTER = timedelta(minutes=10)
LINK_LIFETIME = timedelta(days=2)
MOST_ASKS = 10  # from one network address within an hour


class Door(StrEnum):
    """The pages there are: to ask for mails, to confirm that, to end them."""

    ASK = "ask"
    CONFIRM = "confirm"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit. `posted` is False for a look; `email` is "" when it is no address; `origin` is who is asking."""

    door: Door
    posted: bool
    handle: str = ""
    email: str = ""
    locale: str = "en"
    origin: str = ""


@dataclass(frozen=True, slots=True)
class StatusMail:
    """Whom to write what: the update of a post to all subscribers beyond a cursor, or a link to one who asked."""

    post: str = ""
    update: int = 0
    after: str = ""
    confirm: str = ""


class Answer(StrEnum):
    """What a visitor is told."""

    FORM = "form"
    SENT = "sent"
    NO_ADDRESS = "no_address"
    TOO_MANY = "too_many"
    CONFIRM = "confirm"
    CONFIRMED = "confirmed"
    GONE = "gone"
    OFF = "off"
    ENDED = "ended"


class Sub(StrEnum):
    """Where a subscription stands."""

    PENDING = "pending"
    CONFIRMED = "confirmed"


class Asked(StrEnum):
    """What became of a wish; whoever made it is told the same in each case."""

    MAILED = "a link to confirm is sent"
    TOO_SOON = "a link was sent a moment ago"
    SUBSCRIBED = "subscribed already"


@dataclass(frozen=True, slots=True)
class Subscription:
    """An address with its language. `handle` is the secret of the links in its mails.

    `expires_at` is when a pending one is forgotten.
    """

    id: str
    email: str
    locale: str
    handle: str
    state: Sub
    asked_at: datetime
    confirmed_at: datetime | None = None
    expires_at: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        """True for a pending one whose link has run out."""
        return self.expires_at is not None and now >= self.expires_at


def asked(before: Subscription | None, fresh: Subscription) -> tuple[Asked, Subscription | None]:
    """What becomes of a wish, and the subscription to keep and mail (None: nothing changes).

    A new link comes at most every ten minutes, so that nobody is flooded in somebody else's name.
    """
    now = fresh.asked_at
    if before is None or before.is_over(now):
        return Asked.MAILED, fresh
    if before.state is Sub.CONFIRMED:
        return Asked.SUBSCRIBED, None
    if now - before.asked_at < ASKED_AGAIN_AFTER:
        return Asked.TOO_SOON, None
    return Asked.MAILED, replace(before, locale=fresh.locale, asked_at=now, expires_at=fresh.expires_at)


def confirmed(subscription: Subscription, now: datetime) -> Subscription | None:
    """The subscription once its address has confirmed; None when the link has run out."""
    if subscription.is_over(now):
        return None
    if subscription.state is Sub.CONFIRMED:
        return subscription
    return replace(subscription, state=Sub.CONFIRMED, confirmed_at=now, expires_at=None)
