"""The pages of the local platform and of the acknowledgement link; they work without JavaScript."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.domain.incidents import Acked, Incident, TimelineEntry
from shared.domain.notifications import Notification
from shared.rendering.segments import segments
from shared.rendering.templating import render
from shared.rendering.view import IncidentView

Message = Mapping[str, Any]
_LINK = re.compile(r"<(https?://[^|>\s]+)(?:\|([^>]*))?>|(https?://[^\s<>]+)")
_MENTION = re.compile(r"<@(\w+)>")


def home(stats: Mapping[str, Any]) -> str:
    """What runs and what is open; every figure is given, none is made up."""
    return render("home.html", **stats)


def inbox(messages: Sequence[Message], *, locale: str = "en", only: str = "", user: str = "") -> str:
    """Every message as its receiver would see it, newest first; buttons are pressed as `user`."""
    shown = [_shown(message) for message in messages if not only or message["provider"] == only]
    counts = {key: sum(m["provider"] == key for m in messages) for key in ("slack", "twilio", "smtp")}
    return render(
        "inbox.html", locale=locale, messages=shown, only=only, user=user, counts={"": len(messages), **counts}
    )


def incident_page(
    incident: Incident,
    timeline: Sequence[TimelineEntry],
    notifications: Sequence[Notification],
    *,
    now: datetime,
    locale: str = "en",
    runbook: str = "",
    people: Mapping[str, str] | None = None,
) -> str:
    """One incident with its record and its ledger."""
    view = IncidentView(incident, now)
    return render(
        "incident.html",
        locale=locale,
        incident=incident,
        timeline=timeline,
        notifications=notifications,
        now=now,
        links=view.links,
        runbook=runbook,
        people=people or {},
    )


def acknowledge_page(view: IncidentView, *, locale: str = "en") -> str:
    """What a GET of the signed link shows: looking changes nothing."""
    return render("acknowledge.html", locale=locale, incident=view.incident, now=view.now, owner=view.owner_name)


def acknowledged_page(outcome: str, *, incident: Incident | None, text: str, locale: str = "en") -> str:
    """What a POST of the signed link came to."""
    return render("acknowledged.html", locale=locale, done=outcome == Acked.ACCEPTED, incident=incident, text=text)


def _shown(message: Message) -> dict[str, Any]:
    content = message["content"]
    shown = {
        key: message.get(key) or "" for key in ("id", "provider", "to", "created_at", "updated_at", "status", "thread")
    } | {"only_for": content.get("only_for", "")}
    if message["provider"] == "slack":
        return shown | {"blocks": [_block(block) for block in content.get("blocks") or []] or [_text(content["text"])]}
    if message["provider"] == "twilio":
        encoding, count = segments(content["body"])
        return shown | {"parts": _parts(content["body"]), "encoding": encoding, "segments": count}
    return shown | {"subject": content["subject"], "html": content["html"]}


def _block(block: Mapping[str, Any]) -> dict[str, Any]:
    match block["type"]:
        case "header":
            return {"type": "header", "text": block["text"]["text"]}
        case "actions":
            buttons = [{**e, "text": e["text"]["text"], "style": e.get("style", "")} for e in block["elements"]]
            return {"type": "actions", "buttons": buttons}
        case "context":
            return {"type": "context", "parts": _parts(" ".join(e["text"] for e in block["elements"]))}
        case _ if "fields" in block:
            return {"type": "fields", "fields": [field["text"] for field in block["fields"]]}
        case _:
            return _text(block["text"]["text"], plain=block["text"]["type"] == "plain_text")


def _text(text: str, *, plain: bool = False) -> dict[str, Any]:
    return {"type": "text", "parts": [{"text": text, "url": ""}] if plain else _parts(text)}


def _parts(text: str) -> list[dict[str, str]]:
    """Text and links in turn, as Slack and phones show them."""
    text = _MENTION.sub(r"@\1", text)
    parts, end = [], 0
    for found in _LINK.finditer(text):
        url = found[1] or found[3]
        parts += [
            {"text": _unescaped(text[end : found.start()]), "url": ""},
            {"text": _unescaped(found[2] or url), "url": url},
        ]
        end = found.end()
    return [*parts, {"text": _unescaped(text[end:]), "url": ""}]


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
