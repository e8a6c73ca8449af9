"""Matchers over labels, with Alertmanager's operators and meaning: a label that is missing is an empty one."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from shared.domain.patterns import compiled, matches

_WRITTEN = re.compile(r"\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(=~|!~|!=|=)\s*(.*?)\s*", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_BARE = re.compile(r'(?:[^"\\]|\\.)*\\?', re.DOTALL)
_ESCAPE = re.compile(r'\\([n"\\])')


class Operator(StrEnum):
    """How a label is compared."""

    EQUAL = "="
    NOT_EQUAL = "!="
    MATCHES = "=~"
    NOT_MATCHES = "!~"

    @property
    def is_pattern(self) -> bool:
        """True when the value is a regular expression."""
        return self in {Operator.MATCHES, Operator.NOT_MATCHES}


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition on one label. Patterns are anchored at both ends. Raises ValueError for one that cannot be used."""

    name: str
    operator: Operator
    value: str

    def __post_init__(self) -> None:
        if self.operator.is_pattern:
            compiled(self.value)

    def accepts(self, labels: Mapping[str, str]) -> bool:
        """True when the label (an empty one where it is missing) fits.

        What is too long to be tried fits no pattern, and no negated one either: rather told than muted by mistake.
        """
        value = labels.get(self.name, "")
        if self.operator.is_pattern:
            return matches(self.value, value) is (self.operator is Operator.MATCHES)
        return (value == self.value) is (self.operator is Operator.EQUAL)

    def __str__(self) -> str:
        return f'{self.name}{self.operator}"{_escaped(self.value)}"'


def all_accept(matchers: Iterable[Matcher], labels: Mapping[str, str]) -> bool:
    """True when every matcher accepts the labels."""
    return all(matcher.accepts(labels) for matcher in matchers)


def parse(text: str) -> Matcher:
    r"""A matcher as people write it: service="orders-api", alert_type=~"log\\..*"; quotes may be left out.

    As in Alertmanager a backslash escapes a quote, itself and n (a new line); elsewhere it stands for itself. Raises
    ValueError saying what is wrong.
    """
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(f'{text!r} is not a matcher; write for example service="orders-api"')
    name, operator, value = found.groups()
    quoted = _QUOTED.fullmatch(value)
    if quoted is None and not _BARE.fullmatch(value):
        raise ValueError(f"{text!r} has a quote that is not closed")
    return Matcher(name, Operator(operator), _unescaped(quoted[1] if quoted else value))


def _unescaped(value: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] == "n" else found[1], value)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
