"""Texts from outside made literal for the place they go to."""

import re
import unicodedata

BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MARKUP = re.compile(r"([*_~`])")
ISOLATE, END_ISOLATE = "\u2068", "\u2069"
ZERO_WIDTH = "\u200b"


def slack_literal(text: str) -> str:
    """Text that Slack's mrkdwn shows as it is: no mention, no link, no formatting."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKUP.sub(ZERO_WIDTH + r"\1" + ZERO_WIDTH, escaped)


def one_line(text: str) -> str:
    """Text for a mail subject: no line break, no control character."""
    return " ".join("".join(c if unicodedata.category(c) != "Cc" else " " for c in text).split())


def without_links(text: str) -> str:
    """Text from outside for an SMS: no control characters, no bidi overrides, no addresses to tap on."""
    return one_line(_URL.sub("[link]", BIDI_CONTROLS.sub("", text)))


def isolated(text: str) -> str:
    """A Latin name inside Arabic text, kept from reordering its surroundings."""
    return f"{ISOLATE}{text}{END_ISOLATE}"
