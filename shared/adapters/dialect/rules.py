"""What the grammar alone cannot tell: allowed nodes that are refused because of what stands in them or around them."""

import re
from collections.abc import Callable
from typing import Any

from sqlglot import exp

from shared.adapters.dialect.trees import refused


def _written(node: exp.Expr) -> bool:
    return isinstance(node, exp.RawString) or (isinstance(node, exp.Literal) and node.is_string)


def _extract(node: exp.RegexpExtract) -> None:
    """Which group is meant is known only of a pattern that is written out."""
    if not _written(node.expression) or re.compile(node.expression.name).groups > 1:
        refused("REGEXP_EXTRACT with more than one group, or a pattern that is not written out")


def _like(node: exp.Like) -> None:
    """DuckDB has no escape unless one is named."""
    if not _written(node.expression) or "\\" in node.expression.name:
        refused("LIKE with an escape, or a pattern that is not written out")


def _struct(node: exp.Struct) -> None:
    named = all(isinstance(field, exp.PropertyEQ) for field in node.expressions)
    if not named and not isinstance(node.parent, exp.Cast):
        refused("STRUCT without field names")


def _unnest(node: exp.Unnest) -> None:
    if isinstance(node.parent, (exp.From, exp.Join)) and not node.args.get("alias"):
        refused("UNNEST without an alias")


def _select(node: exp.Select) -> None:
    """Beside UNNEST a bare name means a field of the elements to BigQuery, and a column to DuckDB."""
    sources = [source.this for source in (node.args.get("from_"), *(node.args.get("joins") or ())) if source]
    elements = {column.name for source in sources if isinstance(source, exp.Unnest) for column in _columns(source)}
    if not elements:
        return
    known = elements | {one.alias for one in node.expressions}
    for column in node.find_all(exp.Column):
        if not column.table and column.name not in known and column.find_ancestor(exp.Select) is node:
            refused(f"the unqualified name {column.name} beside UNNEST")


def _columns(unnest: exp.Unnest) -> list[exp.Identifier]:
    alias = unnest.args.get("alias")
    return alias.columns if alias else []


def _quantiles(node: exp.ApproxQuantiles) -> None:
    if not (isinstance(node.expression, exp.Literal) and node.expression.is_int):
        refused("APPROX_QUANTILES with a number that is not written out")


def _text(node: exp.TryCast) -> None:
    if node.to.is_type("text"):
        refused("SAFE_CAST to STRING")


def _truncated(node: exp.TimestampTrunc) -> None:
    """Zones shift days and longer; an hour in a zone is not always an hour of UTC."""
    if node.args.get("zone") and node.args["unit"].name.upper() not in ("DAY", "MONTH"):
        refused("TIMESTAMP_TRUNC in a zone to less than a day")


def _format(node: exp.Expr) -> None:
    """Of elements that mean the same on both sides."""
    text = node.args["format"]
    if not _written(text) or not re.fullmatch(r"(?:[^%]|%[YmdHMS])*", text.name):
        refused("a date format other than of %Y %m %d %H %M %S %F %T")


def _with_condition(node: exp.Update | exp.Delete) -> None:
    if not isinstance(node.parent, exp.When) and not node.args.get("where"):
        refused(f"{node.key.upper()} without WHERE")


RULES: dict[type[exp.Expr], Callable[[Any], None]] = {
    exp.ApproxQuantiles: _quantiles,
    exp.Delete: _with_condition,
    exp.Like: _like,
    exp.RegexpExtract: _extract,
    exp.Select: _select,
    exp.StrToDate: _format,
    exp.StrToTime: _format,
    exp.Struct: _struct,
    exp.TimeToStr: _format,
    exp.TimestampTrunc: _truncated,
    exp.TryCast: _text,
    exp.Unnest: _unnest,
    exp.Update: _with_condition,
}
