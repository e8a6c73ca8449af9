"""The language of Firebase security rules, as far as a reader of its `allow` statements needs it.

Its reference is https://firebase.google.com/docs/rules/rules-language; what stands in comments and texts is no code.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))|(?P<text>'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*|\d+(?:\.\d+)?)|(?P<sign>\*\*|&&|\|\||[<>=!]=|.)",
    re.DOTALL,
)
_SKIPPED = frozenset({"space", "comment"})


@dataclass(frozen=True, slots=True)
class Token:
    """One word, text or sign, and its line (from 1)."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Allow:
    """One `allow`: what, where (the paths it is nested in, joined), and on which condition (none: always)."""

    methods: tuple[str, ...]
    path: str
    condition: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Ruleset:
    """A source file: its version ("2"; "" when it names none), its allows, and the bodies of its functions."""

    version: str
    allows: tuple[Allow, ...]
    functions: dict[str, tuple[str, ...]]


def tokens(source: str) -> list[Token]:
    """Everything but blanks and comments."""
    found, line = [], 1
    for match in _TOKEN.finditer(source):
        if match.lastgroup not in _SKIPPED:
            found.append(Token(match[0], line))
        line += match[0].count("\n")
    return found


def parsed(source: str) -> Ruleset:
    """What the file says; of a file that is broken, what can be made out."""
    found = tokens(source)
    words = [token.text for token in found]
    version = next((words[n + 2].strip("'\"") for n in range(len(words) - 2) if words[n] == "rules_version"), "")
    return Ruleset(version, tuple(_allows(found)), dict(_functions(words)))


def _allows(found: Sequence[Token]) -> Iterator[Allow]:
    """Paths are kept by the depth of the braces they opened, wildcards ("{id}") being part of a path."""
    open_paths: list[str] = []
    place = 0
    while place < len(found):
        token = found[place]
        if token.text == "match" and place + 1 < len(found) and found[place + 1].text == "/":
            path, place = _path(found, place + 1)
            open_paths.append(path)
        elif token.text == "{":
            open_paths.append("")
        elif token.text == "}":
            del open_paths[-1:]
        elif token.text == "allow":
            end = _end(found, place)
            yield _allow(found[place:end], "".join(open_paths))
            place = end - 1
        place += 1


def _end(found: Sequence[Token], place: int) -> int:
    """Where a statement ends: at its semicolon, or before the brace that closes what it stands in."""
    depth = 0
    while place < len(found) and not (depth <= 0 and found[place].text in {";", "}"}):
        depth += (found[place].text == "{") - (found[place].text == "}")
        place += 1
    return place


def _path(found: Sequence[Token], place: int) -> tuple[str, int]:
    """A path up to the brace that opens its block, which is the one that does not follow a slash."""
    path = ""
    while place < len(found) and not (found[place].text == "{" and not path.endswith("/")):
        path += found[place].text
        if path.endswith("/{"):
            while place + 1 < len(found) and found[place].text != "}":
                place += 1
                path += found[place].text
        place += 1
    return path, place


def _allow(statement: Sequence[Token], path: str) -> Allow:
    words = [token.text for token in statement]
    colon = words.index(":") if ":" in words else len(words)
    methods = tuple(word for word in words[1:colon] if word != ",")
    condition = words[colon + 1 :]
    return Allow(methods, path, tuple(condition[1:] if condition[:1] == ["if"] else condition), statement[0].line)


def _functions(words: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for place, word in enumerate(words[:-1]):
        if word == "function":
            start = end = next((n for n in range(place, len(words)) if words[n] == "{"), len(words))
            depth = 1
            while depth and (end := end + 1) < len(words):
                depth += (words[end] == "{") - (words[end] == "}")
            yield words[place + 1], tuple(words[start + 1 : end])
