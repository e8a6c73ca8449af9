"""The limits Slack puts on blocks (https://docs.slack.dev/reference/block-kit/blocks)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

MESSAGE, MODAL = "message", "modal"
MAX_BLOCKS = {MESSAGE: 50, MODAL: 100}
MAX_TEXT = 40_000

Block = Mapping[str, Any]


def faults_of(blocks: object, *, surface: str = MESSAGE) -> list[str]:
    """What is wrong with the blocks, in Slack's manner; empty when they may be posted (or shown in a modal)."""
    if not isinstance(blocks, list):
        return ["blocks must be an array"]
    most = MAX_BLOCKS[surface]
    if len(blocks) > most:
        return [f"no more than {most} items allowed [json-pointer:/blocks]"]
    names = [block["block_id"] for block in blocks if isinstance(block, dict) and "block_id" in block]
    twice = ["block_id must be unique"] if len(set(names)) < len(names) else []
    found = [
        f"{fault} [json-pointer:/blocks/{i}]" for i, block in enumerate(blocks) for fault in _block(block, surface)
    ]
    return [*twice, *found]


def _block(block: object, surface: str) -> Iterator[str]:
    allowed = isinstance(block, dict) and (surface == MODAL or block.get("type") != "input")
    if not isinstance(block, dict) or not allowed or block.get("type") not in CHECKS:
        yield "unsupported type"
        return
    if len(str(block.get("block_id", ""))) > 255:  # noqa: PLR2004 - Slack's number
        yield "block_id is too long"
    yield from CHECKS[block["type"]](block)


def _section(block: Block) -> Iterator[str]:
    fields = block.get("fields", [])
    if "text" not in block and not fields:
        yield "missing required field: text or fields"
    if "text" in block:
        yield from _text(block["text"], limit=3000)
    if len(fields) > 10:  # noqa: PLR2004
        yield "no more than 10 fields allowed"
    for field in fields:
        yield from _text(field, limit=2000)
    if "accessory" in block:
        yield from _element(block["accessory"])


def _header(block: Block) -> Iterator[str]:
    yield from _text(block.get("text"), limit=150, kinds=("plain_text",))


def _context(block: Block) -> Iterator[str]:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= 10:  # noqa: PLR2004
        yield "between 1 and 10 elements allowed"
    for element in elements:
        if element.get("type") != "image":
            yield from _text(element, limit=3000)


def _actions(block: Block) -> Iterator[str]:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= 25:  # noqa: PLR2004
        yield "between 1 and 25 elements allowed"
    names = [element.get("action_id") for element in elements]
    if len(set(names)) < len(names):
        yield "action_id must be unique"
    for element in elements:
        yield from _element(element)


def _image(block: Block) -> Iterator[str]:
    if not block.get("alt_text") or not (block.get("image_url") or block.get("slack_file")):
        yield "missing required field: alt_text or image_url"
    if len(str(block.get("image_url", ""))) > 3000:  # noqa: PLR2004
        yield "image_url must be less than 3001 characters"
    if len(str(block.get("alt_text", ""))) > 2000:  # noqa: PLR2004
        yield "alt_text must be less than 2001 characters"


def _input(block: Block) -> Iterator[str]:
    yield from _text(block.get("label"), limit=2000, kinds=("plain_text",))
    element = block.get("element")
    if not isinstance(element, dict) or element.get("type") not in {"plain_text_input", "static_select"}:
        yield "unsupported element"
        return
    yield from _element(element)
    if element["type"] == "plain_text_input" and not 1 <= element.get("max_length", 1) <= 3000:  # noqa: PLR2004
        yield "max_length must be between 1 and 3000"
    if element["type"] == "static_select":
        yield from _options(element.get("options"))


def _options(options: object) -> Iterator[str]:
    if not isinstance(options, list) or not 1 <= len(options) <= 100:  # noqa: PLR2004
        yield "between 1 and 100 options allowed"
        return
    for option in options:
        yield from _text(option.get("text"), limit=75, kinds=("plain_text",))
        if not 1 <= len(str(option.get("value", ""))) <= 150:  # noqa: PLR2004
            yield "value must be between 1 and 150 characters"


def _element(element: Block) -> Iterator[str]:
    for name, limit in (("action_id", 255), ("value", 2000), ("url", 3000)):
        if len(str(element.get(name, ""))) > limit:
            yield f"{name} must be at most {limit} characters"
    if element.get("type") == "button":
        yield from _text(element.get("text"), limit=75, kinds=("plain_text",))
        if element.get("style", "primary") not in {"primary", "danger"}:
            yield "style must be primary or danger"


def _text(text: object, *, limit: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        yield f"must be a text object of type {' or '.join(kinds)}"
    elif not isinstance(text.get("text"), str) or not text["text"]:
        yield "must be more than 0 characters"
    elif len(text["text"]) > limit:
        yield f"must be less than {limit + 1} characters"


def _unchecked(_: Block) -> Iterator[str]:
    yield from ()


CHECKS: Mapping[str, Callable[[Block], Iterator[str]]] = {
    "actions": _actions,
    "context": _context,
    "divider": _unchecked,
    "header": _header,
    "image": _image,
    "input": _input,
    "rich_text": _unchecked,
    "section": _section,
}
