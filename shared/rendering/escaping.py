"""Texts from outside made literal for the place they go to."""

import re
import unicodedata
from urllib.parse import quote

BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
# With a scheme, with "www.", or a host with a path: what a phone makes tappable and a reader takes for an address.
# No alternative can begin inside a run it has already walked over, so a long title costs linear time.
_URL = re.compile(
    r"(?:(?<![a-z0-9+.-])[a-z0-9+.-]+://|www\.)\S*|(?<![\w.-])(?:[\w-]+\.)+[a-z]{2,24}/\S*",
    re.IGNORECASE,
)
_BARE_HOST = re.compile(
    r"(?<![\w.-])((?:[\w-]+\.)+)(?=(?:app|biz|click|co|com|dev|eg|info|io|link|ly|me|net|online|org|ru|shop|site|top|xyz)"
    r"(?![\w.]|\())",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"([*_~`])")
_URL_CHARACTERS = "/:?#[]@!$&'()*+,;=%~"
ISOLATE, END_ISOLATE = "\u2068", "\u2069"
ZERO_WIDTH = "\u200b"


def slack_literal(text: str) -> str:
    """Text that Slack's mrkdwn shows as it is: no mention, no link, no formatting."""
    return _MARKUP.sub(ZERO_WIDTH + r"\1" + ZERO_WIDTH, slack_escaped(text))


def slack_escaped(text: str) -> str:
    """Slack's own escaping of its three control characters, and no more."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def safe_url(url: str) -> str:
    """The address with every character that no address may hold percent-encoded; `<url|name>` cannot be left early."""
    return quote(url, safe=_URL_CHARACTERS, errors="replace")


def printable(text: str) -> str:
    """Text without control characters (line breaks stay), bidi controls and halves of surrogate pairs."""
    shown = (c for c in BIDI_CONTROLS.sub("", text) if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"})
    return "".join(shown)


def one_line(text: str) -> str:
    """Text for a mail subject or a line of its own: no line break, no control character, no bidi control."""
    return " ".join(printable(" ".join(text.split())).split())


def without_links(text: str) -> str:
    """Text from outside for an SMS: one line with nothing to tap on; a bare host stays readable as "souk(.)example"."""
    return _BARE_HOST.sub(lambda host: f"{host[1][:-1]}(.)", _URL.sub("[link]", one_line(text)))


def isolated(text: str) -> str:
    """A Latin name inside Arabic text, kept from reordering its surroundings."""
    return f"{ISOLATE}{text}{END_ISOLATE}"
