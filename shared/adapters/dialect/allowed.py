"""Reads a statement and refuses, by name, all syntax and functions that are not in the grammar."""

from collections.abc import Iterator
from enum import Enum
from functools import cache

import sqlglot
from sqlglot import exp
from sqlglot.dialects.bigquery import BigQuery  # by name, sqlglot hands a second thread a dialect half made
from sqlglot.errors import SqlglotError

from shared.adapters.dialect.grammar import ALLOWED
from shared.adapters.dialect.rules import RULES
from shared.adapters.dialect.trees import refused
from shared.errors import QueryError

# What these hold is the query's own.
_NAMED = (exp.Identifier, exp.Literal, exp.RawString, exp.Var, exp.Parameter, exp.JSONPathKey)


def parsed(sql: str) -> exp.Expr:
    """The one statement of a BigQuery text, once nothing in it is refused; raises QueryError."""
    try:
        trees = sqlglot.parse(sql, read=BigQuery)
    except SqlglotError as error:
        raise QueryError(f"Syntax error: {str(error).splitlines()[0]}") from error
    if len(trees) != 1 or trees[0] is None:
        return refused("a script of several statements")
    for node in trees[0].walk():
        _check(node)
    return trees[0]


def features(node: exp.Expr) -> Iterator[str]:
    """What the node uses: each argument it has, with its value where that is a keyword."""
    for key, value in node.args.items():
        if value is None or value is False or value in ([], ""):
            continue
        word = None if isinstance(node, _NAMED) else _keyword(key, value)
        yield f"{key}={word}" if word else key


def _keyword(key: str, value: object) -> str | None:
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, exp.Var) or (key == "unit" and isinstance(value, exp.Literal)):
        return value.name.upper()
    if isinstance(value, (str, int)) and value is not True:
        return str(value).upper().replace(" ", "_")
    return None


def _check(node: exp.Expr) -> None:
    allowed = _table().get(type(node).__name__)
    if allowed is None:
        refused(_name(node))
    for feature in features(node):
        if feature not in allowed:
            refused(f"{_name(node)} with {feature}")
    if rule := RULES.get(type(node)):
        rule(node)


def _name(node: exp.Expr) -> str:
    if isinstance(node, exp.Anonymous):
        return node.name.upper()
    if isinstance(node, exp.Func):
        return node.sql_name()
    return node.key.upper()


@cache
def _table() -> dict[str, frozenset[str]]:
    table: dict[str, frozenset[str]] = {}
    for line in ALLOWED.strip().splitlines():
        name, _, arguments = line.partition(":")
        table[name] = table.get(name, frozenset()) | frozenset(arguments.split())
    return table
