"""Matchers over labels, with Alertmanager's operators and meaning: a label that is missing is an empty one."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

MAX_PATTERN = 500
MAX_VALUE = 1_000
_WRITTEN = re.compile(r"\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*(.*?)\s*", re.DOTALL)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
# A repeated group that repeats inside itself takes exponential time; the engines behind Alertmanager have no such trap.
_NESTED = re.compile(r"[*+}]\)?[*+{]|\([^()]*[*+}][^()]*\)[*+{]")


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
            _compiled(self.value)

    def accepts(self, labels: Mapping[str, str]) -> bool:
        """True when the label (an empty one where it is missing) fits."""
        value = labels.get(self.name, "")
        if self.operator.is_pattern:
            fits = _compiled(self.value).fullmatch(value[:MAX_VALUE]) is not None
            return fits is (self.operator is Operator.MATCHES)
        return (value == self.value) is (self.operator is Operator.EQUAL)

    def __str__(self) -> str:
        return f'{self.name}{self.operator}"{_escaped(self.value)}"'


def all_accept(matchers: Iterable[Matcher], labels: Mapping[str, str]) -> bool:
    """True when every matcher accepts the labels."""
    return all(matcher.accepts(labels) for matcher in matchers)


def parse(text: str) -> Matcher:
    """A matcher as people write it: service="orders-api", alert_type=~"log[.].*"; quotes may be left out.

    Raises ValueError saying what is wrong.
    """
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(f'{text!r} is not a matcher; write for example service="orders-api"')
    name, operator, value = found.groups()
    quoted = _QUOTED.fullmatch(value)
    if quoted is None and '"' in value:
        raise ValueError(f"{text!r} has a quote that is not closed")
    return Matcher(name, Operator(operator), re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else value)


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> "re.Pattern[str]":
    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"a pattern may have {MAX_PATTERN} characters")
    if _NESTED.search(pattern):
        raise ValueError(f"the pattern {pattern!r} repeats what repeats already")
    try:
        return re.compile(pattern, re.DOTALL)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"the pattern {pattern!r} is not a regular expression: {error}") from error


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
