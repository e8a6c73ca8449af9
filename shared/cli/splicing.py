"""A value of a YAML text exchanged for another, with every comment and all other lines as they were."""

from typing import Any

import yaml

from shared.config.faults import Path, dotted

WIDTH = 1_000_000


def replaced(text: str, path: Path, value: Any) -> str:  # noqa: ANN401 - whatever YAML can say
    """The text with another value at a path of keys. Raises LookupError where the key is not there."""
    key, old = _pair(text, path)
    if _is_block(value):
        margin = "\n" + " " * (key.start_mark.column + 2)
        new = "".join(margin + line for line in _block(value))
    else:
        new = " " + _flow(value)
    return f"{text[: key.end_mark.index]}:{new}{text[_end(old) :]}"


def without(text: str, path: Path) -> str:
    """The text without a key, its value and the comment right above it; unchanged where the key is not there."""
    try:
        key, old = _pair(text, path)
    except LookupError:
        return text
    lines = text.splitlines(keepends=True)
    first, last = key.start_mark.line, text.count("\n", 0, _end(old))
    while first and lines[first - 1].strip().startswith("# "):
        first -= 1
    if first and lines[first - 1].strip() == "#":  # what parted the comment from the one before
        first -= 1
    return "".join(lines[:first] + lines[last + 1 :])


def _is_block(value: Any) -> bool:  # noqa: ANN401
    """Lists of plain values stay on their line."""
    if isinstance(value, list):
        return any(isinstance(one, dict | list) for one in value)
    return isinstance(value, dict) and bool(value)


def _block(value: Any) -> list[str]:  # noqa: ANN401
    """One entry after the other; what holds nothing but plain values is written on one line."""
    entries = [{key: inner} for key, inner in value.items()] if isinstance(value, dict) else [value]
    dumped = [_dump(one, flow=None if _is_block(list(_inner(one))) else False) for one in entries]
    return "".join(dumped).splitlines()


def _inner(value: Any) -> Any:  # noqa: ANN401
    return value.values() if isinstance(value, dict) else value


def _flow(value: Any) -> str:  # noqa: ANN401
    """On one line, quoted so that it may stand inside a flow mapping as well."""
    return _dump([value], flow=True).strip()[1:-1]


def _dump(value: Any, *, flow: bool | None) -> str:  # noqa: ANN401
    return str(yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=WIDTH, default_flow_style=flow))


def _pair(text: str, path: Path) -> tuple[yaml.Node, yaml.Node]:
    node = yaml.compose(text, Loader=yaml.SafeLoader)  # not the C loader: its marks count bytes
    found: tuple[yaml.Node, yaml.Node] | None = None
    for part in path:
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        found = next(((key, value) for key, value in pairs if key.value == part), None)
        if found is None:
            raise LookupError(f"there is no {dotted(path)} to write over; begin with the file as it was shipped")
        node = found[1]
    if found is None:
        raise LookupError("a whole file cannot be exchanged")
    return found


def _end(node: yaml.Node) -> int:
    """Where the last thing of a value ends: a block's own mark lies behind the comments that follow it."""
    inner = node.value[-1] if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style else None
    if isinstance(inner, tuple):
        inner = inner[1]
    return _end(inner) if inner is not None else int(node.end_mark.index)
