"""How an SMS is counted: GSM-7 in 160 (153) characters, UCS-2 in 70 (67); GSM 03.38 alphabet."""

import unicodedata
from collections.abc import Iterator

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
_PLAIN = {
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2032": "'", "\u2039": "'", "\u203a": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"', "\u2033": '"', "«": '"', "»": '"',
    "\u2212": "-", "\u2022": "*", "\u00b7": "-", "`": "'", "\u00b4": "'", "\u00d7": "x", "\u2192": "->", "\t": " ",
    "\u2264": "<=", "\u2265": ">=", "\u2248": "~",
}  # fmt: skip
GSM, UCS2 = "GSM-7", "UCS-2"
_FLAGS = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_JOINER = "\u200d"


def plain_gsm(text: str) -> str:
    """English text without the typographic characters that would silently turn a message into UCS-2."""
    return "".join(c if c in _BASIC or c in _EXTENDED else _plain(c) for c in text)


def _plain(character: str) -> str:
    if character in _PLAIN:
        return _PLAIN[character]
    match unicodedata.category(character):
        case "Zs":
            return " "
        case "Pd":
            return "-"
        case "Cf" if character != _JOINER:
            return ""
    simple = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    return simple if simple and is_gsm(simple) else character


def is_gsm(text: str) -> bool:
    """True when every character is in the GSM alphabet."""
    return all(c in _BASIC or c in _EXTENDED for c in text)


def utf16(text: str) -> int:
    """Characters as UCS-2 counts them: those beyond the basic plane count twice."""
    return len(text) + sum(ord(c) > 0xFFFF for c in text)  # noqa: PLR2004 - the end of the basic plane


def length(text: str) -> int:
    """Characters as the network counts them: extension characters and those beyond the basic plane count twice."""
    return len(text) + sum(c in _EXTENDED for c in text) if is_gsm(text) else utf16(text)


def segments(text: str) -> tuple[str, int]:
    """The encoding and the number of segments; a character of two units is never split between two of them."""
    encoding, single, multi = (GSM, 160, 153) if is_gsm(text) else (UCS2, 70, 67)
    if length(text) <= single:
        return encoding, 1
    count, used = 1, 0
    for character in text:
        size = 2 if ord(character) > 0xFFFF or (encoding == GSM and character in _EXTENDED) else 1  # noqa: PLR2004
        count, used = (count + 1, size) if used + size > multi else (count, used + size)
    return encoding, count


def cut(text: str, limit: int) -> str:
    """The text within `limit` counted characters, cut between graphemes, with "..." where something is missing."""
    if length(text) <= limit:
        return text
    kept, room = "", limit - len("...")
    for grapheme in _graphemes(text):
        room -= max(length(grapheme), utf16(grapheme))  # the rest may yet turn out to be either encoding
        if room < 0:
            break
        kept += grapheme
    return kept.rstrip() + "..."


def _graphemes(text: str) -> Iterator[str]:
    """What a reader takes for one character: marks, joined emoji, skin tones and the two letters of a flag together."""
    start, flags = 0, 0
    for end in range(1, len(text)):
        flags = flags + 1 if ord(text[end - 1]) in _FLAGS else 0
        if not _joins(text[end - 1], text[end], flags):
            yield text[start:end]
            start = end
    yield text[start:]


def _joins(before: str, after: str, flags: int) -> bool:
    if unicodedata.category(after).startswith("M") or _JOINER in (before, after):
        return True
    return ord(after) in _SKIN_TONES or (ord(after) in _FLAGS and flags % 2 == 1)
