"""The pages of the local platform and of the acknowledgement link; they work without JavaScript."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.domain.bulletins import BulletinKind
from shared.domain.incidents import Acked, Incident
from shared.rendering.home_words import home_words
from shared.rendering.screens import Message, shown
from shared.rendering.templating import render
from shared.rendering.view import IncidentView

PROVIDERS = ("slack", "twilio", "voice", "fcm", "smtp", "rollback")


def home(stats: Mapping[str, Any], *, locale: str = "en") -> str:
    """What runs and what is open; every figure is given, none is made up."""
    return render("home.html", locale=locale, here=home_words(locale), **stats)


def inbox(messages: Sequence[Message], *, locale: str = "en", only: str = "", user: str = "") -> str:
    """Every message as its receiver would see it, newest first; buttons are pressed as `user`."""
    newest = sorted(messages, key=lambda message: str(message["created_at"]), reverse=True)
    wanted = [shown(message) for message in newest if not only or message["provider"] == only]
    counts = {"": len(messages)} | {key: sum(m["provider"] == key for m in messages) for key in PROVIDERS}
    return render("inbox.html", locale=locale, messages=wanted, only=only, user=user, counts=counts)


def acknowledge_page(view: IncidentView, *, locale: str = "en") -> str:
    """What a GET of the signed link shows: looking changes nothing."""
    return render("acknowledge.html", locale=locale, incident=view.incident, now=view.now, owner=view.owner_name)


def acknowledged_page(outcome: str, *, incident: Incident | None, text: str, locale: str = "en") -> str:
    """What a POST of the signed link came to; `text` is the English sentence about it."""
    done = outcome == Acked.ACCEPTED
    return render("acknowledged.html", locale=locale, done=done, outcome=str(outcome), incident=incident, text=text)


def unsubscribe_page(kind: BulletinKind, *, stopped: bool, done: bool, locale: str = "en") -> str:
    """Mails of a kind: an offer to end them, or (`done`) what a press of the button came to, with its way back."""
    return render("unsubscribe.html", locale=locale, kind=kind, stopped=stopped, done=done)
