"""Real payloads spoilt: values nobody expects where a value stands, fields lost and doubled, bytes torn."""

import copy
import json
import random
from typing import Any

LONG = "x" * 1_000_000
DEEP: Any = []
for _ in range(300):
    DEEP = [DEEP]
# One of each kind that has broken a parser, a store or a page somewhere.
VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 2**63, 10**400, 1e308, -0.0, float("nan"), float("inf"),
    "", " ", "0", "-1", "1e400", "٣", LONG, "\x00", "nul\x00in", "\ud800", "\udfff\ud800", "\u202eevil\u2066", "\u200b",
    "a\r\nBcc: x@y.example", "<!channel> <https://evil.example|reset>", "<script>alert(1)</script>", "=1+1", "%s%n{0}",
    "../../etc/passwd", "__proto__", "' OR 1=1 --", "https://[", "https://a/\x00", "//evil.example", "javascript:x",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "2026-02-30T00:00:00Z", "2026-13-01", "24:00",
    [], {}, [[]], [None], {"": ""}, {"a": {"b": None}}, DEEP,
)  # fmt: skip
MOST_CHANGES = 3


def spoilt(seed: bytes, dice: random.Random) -> bytes:
    """The payload with up to three things wrong; JSON stays JSON in two cases of three."""
    try:
        raw = _changed(json.loads(seed), dice)
    except (ValueError, RecursionError):
        return torn(seed, dice)
    return torn(raw, dice) if dice.randrange(3) == 0 else raw


def torn(raw: bytes, dice: random.Random) -> bytes:
    """The bytes cut, doubled, in another encoding, or with something in them that is no text."""
    place = dice.randint(0, len(raw))
    match dice.randrange(8):
        case 0:
            return raw[:place]
        case 1:
            return raw + raw[place:]
        case 2:
            return raw[:place] + bytes([dice.randrange(256)]) + raw[place + 1 :]
        case 3:
            return raw[:place] + dice.choice((b"\xff\xfe", b"\x00", b"\xed\xa0\x80", b"\\ud800", b"\r\n")) + raw[place:]
        case 4:
            return raw.decode("utf-8", "replace").encode(dice.choice(("utf-8-sig", "utf-16", "utf-32", "utf-7")))
        case 5:
            return b"[" * dice.choice((100, 101, 100_000)) + raw
        case 6:
            return raw.replace(b'"', b"'", dice.randint(1, 3))
    return dice.randbytes(dice.randint(0, 200))


def _changed(document: Any, dice: random.Random) -> bytes:  # noqa: ANN401 - JSON is anything
    whole = {"": document}
    for _ in range(dice.randint(1, MOST_CHANGES)):
        _change(whole, dice)
    text = json.dumps(whole[""], ensure_ascii=dice.random() < 0.5)  # noqa: PLR2004 - a coin
    return text.encode("utf-8", "surrogatepass")


def _change(whole: dict[str, Any], dice: random.Random) -> None:
    node, place = _some_place(whole, dice)
    match dice.randrange(6):
        case 0 if isinstance(node, dict) and node is not whole:
            del node[place]
        case 1 if isinstance(node, dict) and node is not whole:
            node[str(dice.choice(VALUES))[:2_000]] = node.pop(place)
        case 2:
            node[place] = [node[place]] * 2
        case 3:
            node[place] = str(node[place])
        case _:
            node[place] = copy.copy(dice.choice(VALUES))


def _some_place(whole: dict[str, Any], dice: random.Random) -> tuple[Any, Any]:
    """A container and a key or an index in it, at any depth; each level is as likely to be the last."""
    node: Any = whole
    place: Any = ""
    while isinstance(node[place], dict | list) and node[place] and dice.randrange(4):
        node = node[place]
        place = dice.choice(list(node)) if isinstance(node, dict) else dice.randrange(len(node))
    return node, place
