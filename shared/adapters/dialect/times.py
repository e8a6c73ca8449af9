"""Instants and days: the nodes that give BigQuery's results, in UTC unless a zone is named."""

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from shared.adapters.dialect.trees import call

_MICROSECONDS = {
    "MICROSECOND": 1,
    "MILLISECOND": 1_000,
    "SECOND": 1_000_000,
    "MINUTE": 60_000_000,
    "HOUR": 3_600_000_000,
    "DAY": 86_400_000_000,
}
_WEEKDAYS = ("SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY")


def _from_unix(node: exp.UnixToTime) -> exp.Expr:
    scale = node.args.get("scale")
    return call("bq_instant", node.this, exp.Literal.number(10 ** (6 - (int(scale.name) if scale else 0))))


def _between(node: exp.TimestampDiff) -> exp.Expr:
    scale = _MICROSECONDS[node.args["unit"].name.upper()]
    return call("bq_between", node.this, node.expression, exp.Literal.number(scale))


def _truncated_date(node: exp.DateTrunc) -> exp.Expr:
    unit = node.args["unit"]
    if isinstance(unit, exp.WeekStart):
        return call("bq_week", node.this, exp.Literal.number(_WEEKDAYS.index(unit.name.upper())))
    return exp.cast(call("date_trunc", exp.Literal.string(unit.name.lower()), node.this), "DATE")


def _shifted_date(node: exp.DateAdd | exp.DateSub) -> exp.Expr:
    """A date moved by days is a date (DuckDB: a timestamp)."""
    return exp.cast(node.copy(), "DATE")


def _formatted(node: exp.TimeToStr) -> exp.Expr:
    text = node.args["format"]
    if isinstance(node.this, exp.TsOrDsToDate):
        return call("strftime", exp.cast(node.this.this.copy(), "DATE"), text)
    return call("bq_format", node.this.this, node.args.get("zone") or exp.Literal.string("UTC"), text)


def _part(node: exp.Extract) -> exp.Expr:
    part = node.name.upper()
    if part == "DATE":
        return exp.cast(node.expression.copy(), "DATE")
    if part == "DAYOFWEEK":  # 1 is Sunday
        return exp.Paren(this=exp.Add(this=node.copy(), expression=exp.Literal.number(1)))
    return node


TIME_CORRECTIONS: dict[type[exp.Expr], Callable[[Any], exp.Expr]] = {
    exp.DateAdd: _shifted_date,
    exp.DateSub: _shifted_date,
    exp.DateTrunc: _truncated_date,
    exp.Extract: _part,
    exp.StrToDate: lambda node: call("bq_parse_date", node.this, node.args["format"]),
    exp.StrToTime: lambda node: call("bq_parse_instant", node.this, node.args["format"]),
    exp.TimeToStr: _formatted,
    exp.TimestampDiff: _between,
    exp.UnixMicros: lambda node: call("epoch_us", node.this),
    exp.UnixMillis: lambda node: call("bq_unix", node.this, exp.Literal.number(1_000)),
    exp.UnixSeconds: lambda node: call("bq_unix", node.this, exp.Literal.number(1_000_000)),
    exp.UnixToTime: _from_unix,
}
