"""YAML files read into plain values, keeping the line of everything so that a refusal can point at it.

Only what JSON can say is accepted: dates and times stay text, no aliases, no tags, no key twice.
"""

from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

import yaml

from shared.config.faults import Fault, Finding, Path, sentence
from shared.errors import ConfigurationError

_TAG = "tag:yaml.org,2002:"
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its name as people know it, its values, and the node tree that knows the lines."""

    file: str
    data: Any
    root: yaml.Node | None

    def line(self, path: Path) -> int:
        """The line of the deepest part of `path` that is there, counted from 1."""
        node, line = self.root, 1
        for part in path:
            found = _child(node, part)
            if found is None:
                return line
            line, node = found
        return line

    def refusal(self, fault: Fault) -> ConfigurationError:
        """The fault with file and line."""
        return ConfigurationError(f"{self.file}:{self.line(fault.path)}: {fault}")

    def finding(self, finding: Finding) -> str:
        """The finding as one line."""
        return f"{self.file}:{self.line(finding.path)}: {sentence(finding.path, finding.what, finding.fix)}"


def read(path: FilePath) -> Document:
    """The document of a file; raises OSError where it cannot be read."""
    return parse(path.read_bytes(), file=path.name)


def parse(content: bytes, *, file: str) -> Document:
    """YAML or JSON text as a document. Raises ConfigurationError with the line."""
    try:
        root = _compose(content.decode("utf-8-sig"))
        return Document(file, None if root is None else _plain(file, root), root)
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{file}:1: not UTF-8 text ({error.reason}); save the file as UTF-8") from error
    except yaml.YAMLError as error:
        raise ConfigurationError(_syntax(file, error)) from error
    except RecursionError as error:
        raise ConfigurationError(f"{file}:1: nested too deeply; write it flat") from error


def _compose(text: str) -> yaml.Node | None:
    # JSON may be indented with tabs, YAML may not; a JSON string never holds a raw tab.
    plain = text.replace("\t", " ") if text.lstrip()[:1] in {"{", "["} else text
    root: yaml.Node | None = yaml.compose(plain, Loader=yaml.CSafeLoader)
    return root


def _plain(file: str, root: yaml.Node) -> Any:  # noqa: ANN401 - whatever the file holds
    try:
        return _value(root, (), set())
    except Fault as fault:
        raise Document(file, None, root).refusal(fault) from fault


def _value(node: yaml.Node, path: Path, seen: set[int]) -> Any:  # noqa: ANN401 - whatever the file holds
    if id(node) in seen:
        raise Fault(path, "refers to another place of the file (an alias)", "write the value out")
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, seen)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), seen) for index, item in enumerate(node.value)]
    return _scalar(node, path)


def _mapping(node: yaml.MappingNode, path: Path, seen: set[int]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise Fault(path, "a key is not plain text", "write `name: value`")
        if key.value in values:
            first = f"it is there already in line {lines[key.value]}"
            raise Fault(
                (*path, _Second(key.value)), f"the key {key.value} is written twice: {first}", "keep one of them"
            )
        values[key.value] = _value(value, (*path, key.value), seen)
        lines[key.value] = key.start_mark.line + 1
    return values


class _Second(str):
    """A key whose second appearance is meant."""

    __slots__ = ()


def _scalar(node: yaml.Node, path: Path) -> Any:  # noqa: ANN401 - text, number, truth or nothing
    text = str(node.value)
    match node.tag.removeprefix(_TAG):
        case "str" | "timestamp" | "value" | "merge":
            return text
        case "null":
            return None
        case "bool":
            return _BOOLEANS.get(text.lower(), text)
        case "int" | "float" as kind:
            return _number(text, int if kind == "int" else float)
    raise Fault(path, f"the tag {node.tag} is not allowed", "write plain text, a number, true or false")


def _number(text: str, kind: type[int] | type[float]) -> int | float | str:
    try:
        return kind(text)
    except ValueError:  # 10:30 is a number in YAML 1.1, and a time of day to everybody else
        return text


def _child(node: yaml.Node | None, part: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line + 1, node.value[part]
    if isinstance(node, yaml.MappingNode):
        found = [(key.start_mark.line + 1, value) for key, value in node.value if key.value == part]
        return (found[-1] if isinstance(part, _Second) else found[0]) if found else None
    return None


def _syntax(file: str, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    line = mark.line + 1 if mark else 1
    return f"{file}:{line}: not valid YAML ({problem}); check indentation, quotes and brackets there"
