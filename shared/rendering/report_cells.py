"""Tables of reports in words: a text for every cell, whatever it holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.reports import Amount, Cell, Table
from shared.rendering.escaping import isolated, one_line
from shared.rendering.evidence import metric_name
from shared.rendering.figures import amount, scale_of
from shared.rendering.job_words import JOBS, STEPS, VERDICTS
from shared.rendering.regions import region_name
from shared.rendering.report_names import (
    CHANGES,
    COLUMNS,
    GAPS,
    OBJECTIVES,
    SEVERITIES,
    STANDINGS,
    STATES,
    TABLES,
    TRENDS,
    Names,
    named,
)
from shared.rendering.report_times import length_words, short_moment
from shared.rendering.report_words import report_words

LONGEST = 160
OF_METRICS = frozenset({"metric", "measure"})
NOT_RUN = ("has not run yet", "لم تُنفَّذ بعد")
OF_OBJECTIVES = frozenset({"slo", "objective"})


@dataclass(frozen=True, slots=True)
class TableView:
    """A table in one language; `numeric` says of each column whether it holds figures. Without rows it is `empty`.

    `more` says how many rows were left out ("" for none); `order` is what each cell of `rows` is sorted by, None for
    one that is sorted by its text.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    empty: str
    more: str = ""
    order: tuple[tuple[float | None, ...], ...] = ()


def table_view(table: Table, locale: str) -> TableView:
    """The table; figures keep their units, instants are Cairo's, ids of ours have words."""
    return TableView(
        table.name,
        named(table.name, TABLES, locale),
        tuple(named(column, COLUMNS, locale) for column in table.columns),
        tuple(
            tuple(_cell(cell, column, locale) for cell, column in zip(row, table.columns, strict=True))
            for row in table.rows
        ),
        tuple(any(_is_number(row[place]) for row in table.rows) for place in range(len(table.columns))),
        report_words(locale)["no_rows"],
        report_words(locale)["more_rows"].format(count=f"{table.more:,}") if table.more else "",
        tuple(tuple(map(_sorted_by, row)) for row in table.rows),
    )


def amount_words(one: Amount, locale: str) -> str:
    """A value with its unit; "n/a" where there is none."""
    if one.value is None:
        return report_words(locale)["not_available"]
    apart = () if one.apart_from is None else (one.apart_from,)
    return amount(one.value, scale_of(one.unit, one.value), locale, apart_from=apart)


def _cell(cell: Cell, column: str, locale: str) -> str:
    match cell:
        case None:
            return report_words(locale)["not_available"]
        case Amount():
            return amount_words(cell, locale)
        case datetime():
            return short_moment(cell, locale)
        case timedelta():
            return length_words(cell, locale)
        case int():
            return f"{cell:,}"
        case _:
            return _text(cell, column, locale)


def _text(text: str, column: str, locale: str) -> str:
    if column in OF_METRICS:
        return metric_name(text, locale)
    if column in OF_OBJECTIVES:
        return named(text, OBJECTIVES, locale)
    if column == "region":
        return region_name(text, locale)
    if text in _IDS.get(column, {}):
        return named(text, _IDS[column], locale)
    line = one_line(text)
    shown = line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
    return isolated(shown) if locale == "ar" and shown else shown


def _sorted_by(cell: Cell) -> float | None:
    match cell:
        case Amount():
            return cell.value
        case datetime():
            return cell.timestamp()
        case timedelta():
            return cell.total_seconds()
        case int():
            return cell
        case _:
            return None


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | Amount | timedelta)


_IDS: Mapping[str, Names] = {
    "severity": SEVERITIES,
    "standing": STANDINGS,
    "trend": TRENDS,
    "gap": GAPS,
    "state": {**STATES, **STANDINGS},
    "kind": CHANGES,
    "job": JOBS,
    "step": STEPS,
    "verdict": {**{str(verdict): words for verdict, words in VERDICTS.items()}, "not_run": NOT_RUN},
}
