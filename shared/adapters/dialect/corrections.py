"""Where sqlglot's translation, or DuckDB, would give another result than BigQuery: the node that gives BigQuery's."""

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from shared.adapters.dialect.elements import over_elements
from shared.adapters.dialect.times import TIME_CORRECTIONS
from shared.adapters.dialect.trees import call

_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.IntDiv, exp.Mod)
_WHOLE = (exp.Ceil, exp.Floor, exp.Round)
_MACRO_OF_TYPE = {"BIGINT": "int64", "DOUBLE": "float64", "BOOLEAN": "bool", "TEXT": "string"}


def corrected(tree: exp.Expr) -> exp.Expr:
    """The tree with every correction made, children before their parents."""
    for node in reversed(list(tree.walk())):
        correct = _CORRECTIONS.get(type(node))
        new = correct(node) if correct else node
        if new is node:
            continue
        if node is tree:
            return new
        node.replace(new)
    return tree


def _literal(node: exp.Literal) -> exp.Expr:
    """A number with a point is FLOAT64 (DuckDB: DECIMAL), one in a calculation INT64 (DuckDB: 32 bits)."""
    if node.is_string:
        return node
    if not node.is_int:
        return exp.cast(node.copy(), "DOUBLE")
    return exp.cast(node.copy(), "BIGINT") if isinstance(node.parent, _ARITHMETIC) else node


def _divide(node: exp.Div) -> exp.Expr:
    return node if isinstance(node.parent, exp.SafeDivide) else call("bq_divide", node.this, node.expression)


def _cast(node: exp.Cast) -> exp.Expr:
    """Casts of values that DuckDB converts more freely, or rounds to even."""
    macro = _MACRO_OF_TYPE.get(node.to.this.name)
    if macro is None or (isinstance(node.this, exp.Literal) and not node.this.is_string):
        return node
    if macro == "int64" and isinstance(node.this, exp.Cast) and isinstance(node.this.this, _WHOLE):
        return node  # whole already
    return call(f"bq_{'safe_' if isinstance(node, exp.TryCast) else ''}{macro}", node.this)


def _whole(node: exp.Expr) -> exp.Expr:
    """CEIL, FLOOR and ROUND give FLOAT64 of an INT64 too."""
    return exp.cast(node.copy(), "DOUBLE")


def _count_if(node: exp.CountIf) -> exp.Expr:
    """COUNTIF of no rows is 0 (DuckDB: NULL)."""
    return exp.Count(this=exp.If(this=node.this, true=exp.Literal.number(1)))


def _in(node: exp.In) -> exp.Expr:
    """IN UNNEST: a subquery lets DuckDB hash the list."""
    if not (unnest := node.args.get("unnest")):
        return node
    elements = exp.Select(expressions=[call("unnest", unnest.expressions[0])])
    return exp.In(this=node.this, query=exp.Subquery(this=elements))


def _element(node: exp.Bracket) -> exp.Expr:
    """OFFSET counts from 0, ORDINAL from 1; out of bounds is an error unless SAFE."""
    macro = "bq_safe_element" if node.args.get("safe") else "bq_element"
    index = node.expressions[0]
    if node.args.get("offset"):
        index = exp.Paren(this=exp.Sub(this=exp.Paren(this=index), expression=exp.Literal.number(1)))
    return call(macro, node.this, index)


def _array_agg(node: exp.ArrayAgg) -> exp.Expr:
    """LIMIT within ARRAY_AGG."""
    limit = node.this
    if not isinstance(limit, exp.Limit):
        return node
    everything = node.copy()
    everything.set("this", limit.this.copy())
    return call("list_slice", everything, exp.Literal.number(1), limit.expression)


def _quantiles(node: exp.ApproxQuantiles) -> exp.Expr:
    """The exact quantiles, which any approximation may give."""
    parts = int(node.expression.name)
    shares = exp.Array(expressions=[exp.Literal.number(part / parts) for part in range(parts + 1)])
    return call("quantile_disc", node.this, shares)


def _distinct(node: exp.ApproxDistinct) -> exp.Expr:
    return exp.Count(this=exp.Distinct(expressions=[node.this]))


def _substring(node: exp.Substring) -> exp.Expr:
    """A position of 0, or one before the beginning, is the beginning (without a length DuckDB agrees)."""
    length = node.args.get("length")
    return call("bq_substr", node.this, node.args["start"], length) if length else node


_CORRECTIONS: dict[type[exp.Expr], Callable[[Any], exp.Expr]] = {
    **TIME_CORRECTIONS,
    exp.ApproxDistinct: _distinct,
    exp.ApproxQuantiles: _quantiles,
    exp.ArrayAgg: _array_agg,
    exp.Bracket: _element,
    exp.Cast: _cast,
    exp.Ceil: _whole,
    exp.CountIf: _count_if,
    exp.Div: _divide,
    exp.Floor: _whole,
    exp.In: _in,
    exp.Literal: _literal,
    exp.Ln: lambda node: call("bq_ln", node.this),
    exp.NetFunc: lambda node: call("bq_host", node.this.this),
    exp.Round: _whole,
    exp.Subquery: over_elements,
    exp.Substring: _substring,
    exp.TryCast: _cast,
}
