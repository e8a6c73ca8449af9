"""How an SMS is counted: GSM-7 in 160 (153) characters, UCS-2 in 70 (67); GSM 03.38 alphabet."""

import unicodedata

_BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = set("^{}\\[~]|€\f")
_PLAIN = {
    "\u00a0": " ", "\u202f": " ", "\u2009": " ",
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201c": '"', "\u201d": '"',
    "\u201e": '"', "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u2026": "...", "\u2022": "*", "\u00b7": "-", "`": "'",
    "\u2192": "->", "\t": " ",
}  # fmt: skip
GSM, UCS2 = "GSM-7", "UCS-2"


def plain_gsm(text: str) -> str:
    """English text without the typographic characters that would silently turn a message into UCS-2."""
    return "".join(_PLAIN.get(character, character) for character in text)


def is_gsm(text: str) -> bool:
    """True when every character is in the GSM alphabet."""
    return all(c in _BASIC or c in _EXTENDED for c in text)


def length(text: str) -> int:
    """Characters as the network counts them: extension characters and astral ones count twice."""
    if is_gsm(text):
        return sum(2 if c in _EXTENDED else 1 for c in text)
    return len(text.encode("utf-16-be")) // 2


def segments(text: str) -> tuple[str, int]:
    """The encoding and the number of segments."""
    encoding, single, multi = (GSM, 160, 153) if is_gsm(text) else (UCS2, 70, 67)
    count = length(text)
    return encoding, 1 if count <= single else -(-count // multi)


def cut(text: str, limit: int) -> str:
    """The text within `limit` counted characters, cut between graphemes, with "..." where something is missing."""
    if length(text) <= limit:
        return text
    kept = text
    while kept and length(kept + "...") > limit:
        kept = _without_last_grapheme(kept)
    return kept.rstrip() + "..."


def _without_last_grapheme(text: str) -> str:
    end = len(text) - 1
    while end > 0 and _joins(text[end - 1 : end + 1]):
        end -= 1
    return text[:end]


def _joins(pair: str) -> bool:
    before, after = pair[0], pair[1]
    return unicodedata.combining(after) != 0 or after in "\u200d\ufe0f" or before == "\u200d"
