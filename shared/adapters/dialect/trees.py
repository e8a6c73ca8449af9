"""Small pieces that corrections are made of."""

from typing import NoReturn

from sqlglot import exp

from shared.errors import QueryError


def call(name: str, *arguments: exp.Expr) -> exp.Expr:
    """A call of a DuckDB function or of one of our macros."""
    return exp.Anonymous(this=name, expressions=[argument.copy() for argument in arguments])


def refused(what: str) -> NoReturn:
    """Raise the QueryError that names what the engine does not do."""
    raise QueryError(f"Not supported by the embedded engine: {what}")
