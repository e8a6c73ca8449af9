"""One BigQuery statement -> the DuckDB statement that does the same, and what has to be asked around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB  # the class: see allowed.py

from shared.adapters.bigquery.parameters import declared
from shared.adapters.dialect.allowed import parsed
from shared.adapters.dialect.corrections import corrected
from shared.adapters.dialect.schemas import engine_type
from shared.adapters.dialect.sources import Catalog, resolved
from shared.errors import QueryError

_CHANGES = (exp.Merge, exp.Insert, exp.Update, exp.Delete)


@dataclass(frozen=True, slots=True)
class Statement:
    """DuckDB's text and the names of the parameters in it."""

    sql: str
    parameters: frozenset[str]


@dataclass(frozen=True, slots=True)
class Translation:
    """`changed` is the table a statement writes to ("" of a query); `reads` are queries that read what it reads.

    `guard` finds a row that a MERGE would update from two rows of its source, which BigQuery refuses.
    """

    main: Statement
    declarations: Mapping[str, str]
    reads: tuple[Statement, ...]
    changed: str = ""
    guard: Statement | None = None


@dataclass(slots=True)
class Translator:
    """Translates over a catalog as it is then; equal catalogs share their translations."""

    catalog: Catalog
    _tables: frozenset[str] = frozenset()
    _views: tuple[tuple[str, str], ...] = ()

    def translation(self, sql: str) -> Translation:
        """Raises QueryError when the text is wrong or something in it is not supported."""
        if len(self._tables) != len(self.catalog.tables) or len(self._views) != len(self.catalog.views):
            self.forget()
        return _translated(sql, self._tables, self._views)

    def forget(self) -> None:
        """Look at the catalog again: tables or views have changed."""
        self._tables, self._views = frozenset(self.catalog.tables), tuple(sorted(self.catalog.views.items()))


@lru_cache(maxsize=128)
def _translated(sql: str, tables: frozenset[str], views: tuple[tuple[str, str], ...]) -> Translation:
    declarations = declared(sql)
    tree = _typed(corrected(resolved(parsed(sql), Catalog(set(tables), dict(views)))), declarations)
    if not isinstance(tree, _CHANGES):
        main = _statement(tree)
        return Translation(main, _used(main, declarations), (main,))
    target = tree.find(exp.Table)
    if target is None:
        raise QueryError("Syntax error: a statement without a table")
    main, reads = _statement(tree), tuple(_statement(query) for query in _reads(tree, target))
    return Translation(main, _used(main, declarations), reads, f"{target.db}.{target.name}", _guard(tree))


def _typed(tree: exp.Expr, declarations: Mapping[str, str]) -> exp.Expr:
    """Parameters cast to their declared types, so that an empty array has one too."""
    for parameter in list(tree.find_all(exp.Parameter)):
        if not declarations:
            break
        if parameter.name not in declarations:
            raise QueryError(f"Parameter @{parameter.name} is not declared in the first line")
        parameter.replace(exp.cast(parameter.copy(), engine_type(declarations[parameter.name]), dialect=DuckDB))
    return tree


def _statement(tree: exp.Expr) -> Statement:
    names = frozenset(parameter.name for parameter in tree.find_all(exp.Parameter))
    return Statement(tree.sql(dialect=DuckDB, identify=True, comments=False), names)


def _used(main: Statement, declarations: Mapping[str, str]) -> dict[str, str]:
    return {name: declaration for name, declaration in declarations.items() if name in main.parameters}


def _reads(tree: exp.Expr, target: exp.Table) -> list[exp.Expr]:
    """Queries over the source and over the rows of the target that a change has to look at."""
    everything = exp.Select(expressions=[exp.Star()]).from_(target.copy())
    if isinstance(tree, exp.Insert):
        return [tree.expression] if isinstance(tree.expression, exp.Query) else []
    if isinstance(tree, exp.Merge):
        return [exp.Select(expressions=[exp.Star()]).from_(tree.args["using"].copy()), _looked_at(tree, everything)]
    where = tree.args["where"].this.copy()
    return [everything.where(where)]


def _looked_at(merge: exp.Merge, everything: exp.Select) -> exp.Expr:
    """Of a MERGE ON FALSE only the rows that its NOT MATCHED BY SOURCE conditions select."""
    on = merge.args["on"]
    if not (isinstance(on, exp.Boolean) and not on.this):
        return everything
    conditions = [when.args.get("condition") for when in merge.args["whens"].expressions if when.args.get("source")]
    if None in conditions:
        return everything
    return everything.where(exp.or_(*(one.copy() for one in conditions)) if conditions else exp.false())


def _guard(tree: exp.Expr) -> Statement | None:
    if not isinstance(tree, exp.Merge) or not any(when.args.get("matched") for when in tree.args["whens"].expressions):
        return None
    target = tree.this.copy()
    row = exp.column("rowid", table=target.alias_or_name)
    twice = exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(1))
    joined = exp.Select(expressions=[exp.Literal.number(1)]).from_(target)
    joined = joined.join(tree.args["using"].copy(), on=tree.args["on"].copy())
    return _statement(joined.group_by(row).having(twice).limit(1))
