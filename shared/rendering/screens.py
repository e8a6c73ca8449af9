"""Sent messages as their receivers' screens show them: Slack's blocks, a phone's bubbles, a mail reader's frame."""

import re
from collections.abc import Mapping
from typing import Any

from shared.rendering.segments import segments

Message = Mapping[str, Any]
_LINK = re.compile(r"<(https?://[^|>\s]+)(?:\|([^>]*))?>|(https?://[^\s<>]+)")
_MENTION = re.compile(r"<@(\w+)>")
_HTTP = re.compile(r"https?://")
_KEPT = ("id", "provider", "to", "created_at", "updated_at", "status", "thread")


def shown(message: Message) -> dict[str, Any]:
    """What the inbox's template needs of one sandbox record."""
    content = message["content"]
    kept = {key: message.get(key) or "" for key in _KEPT} | {"only_for": content.get("only_for", "")}
    match message["provider"]:
        case "slack":
            blocks = [part for block in content.get("blocks") or [] for part in _block(block)]
            return kept | {"blocks": blocks or [_text(content.get("text", ""))], "modal": _modal(message)}
        case "twilio":
            encoding, count = segments(content["body"])
            return kept | {"parts": linked(content["body"]), "encoding": encoding, "segments": count}
        case "fcm":
            return kept | {"to": f"{message['to'][:16]}…", **{key: content[key] for key in ("title", "text", "url")}}
        case "voice":
            return kept | {"spoken": content.get("spoken") or [], "open": bool(content.get("answer_to"))}
        case _:
            mail = {key: content.get(key) or "" for key in ("subject", "text", "html")}
            html = mail["html"].replace("<head>", '<head><base target="_blank">', 1)
            for name, picture in (content.get("pictures") or {}).items():
                html = html.replace(f'"cid:{name}"', f'"data:image/png;base64,{picture}"')
            return kept | mail | {"html": html}


def _block(block: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A block of Slack's as one or two things to show; kinds that we never send are named, not drawn."""
    match block["type"]:
        case "header":
            return [{"type": "header", "text": block["text"]["text"]}]
        case "section":
            return _section(block)
        case "actions":
            return [{"type": "actions", "buttons": [_button(e) for e in block["elements"] if e["type"] == "button"]}]
        case "context":
            texts = [element.get("text") or element.get("alt_text", "") for element in block["elements"]]
            return [{"type": "context", "parts": linked(" ".join(texts))}]
        case "image" if _HTTP.match(str(block.get("image_url", ""))):
            return [{"type": "image", "url": block["image_url"], "alt": block.get("alt_text", "")}]
        case "input":
            return [_input(block)]
        case "divider":
            return [{"type": "divider"}]
        case other:
            return [{"type": "context", "parts": linked(f"[{block.get('alt_text') or other}]")}]


def _modal(message: Message) -> dict[str, Any]:
    """What a modal adds to its blocks while it is open; {} for every other message."""
    view = message["content"].get("view")
    if not view or message.get("status") != "open":
        return {}
    submit = (view.get("submit") or {}).get("text", "OK")
    given, errors = (message["content"].get(key) or {} for key in ("values", "errors"))
    return {"title": view["title"]["text"], "submit": submit, "given": given, "errors": errors}


def _input(block: Mapping[str, Any]) -> dict[str, Any]:
    element = block["element"]
    options = [{"value": o["value"], "text": o["text"]["text"]} for o in element.get("options") or ()]
    label, name = block["label"]["text"], element["action_id"]
    return {"type": "input", "label": label, "name": name, "block": block.get("block_id", ""), "options": options}


def _section(block: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = [_text(block["text"]["text"], plain=block["text"]["type"] == "plain_text")] if "text" in block else []
    fields = [_text(field["text"], plain=field["type"] == "plain_text") for field in block.get("fields") or []]
    return [*found, {"type": "fields", "fields": fields}] if fields else found


def _button(element: Mapping[str, Any]) -> dict[str, str]:
    ask = element.get("confirm") or {}
    return {
        "action_id": element.get("action_id", ""),
        "text": element["text"]["text"],
        "style": element.get("style", ""),
        "confirm": ask["text"]["text"] if ask else "",
        "yes": ask["confirm"]["text"] if "confirm" in ask else element["text"]["text"],
    }


def _text(text: str, *, plain: bool = False) -> dict[str, Any]:
    return {"type": "text", "parts": [{"text": text, "url": ""}] if plain else linked(text)}


def linked(text: str) -> list[dict[str, str]]:
    """Text and links in turn, as Slack and phones show them."""
    text = _MENTION.sub(r"@\1", text)
    parts, end = [], 0
    for found in _LINK.finditer(text):
        url = _unescaped(found[1] or found[3])
        parts += [
            {"text": _unescaped(text[end : found.start()]), "url": ""},
            {"text": _unescaped(found[2] or "") or url, "url": url},
        ]
        end = found.end()
    return [*parts, {"text": _unescaped(text[end:]), "url": ""}]


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
