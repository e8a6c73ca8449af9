"""What a statement reads: views are put in where they are named, wildcards become the tables they match."""

from dataclasses import dataclass, field

from sqlglot import exp

from shared.adapters.dialect.allowed import parsed
from shared.errors import QueryError

SUFFIX = "_TABLE_SUFFIX"


@dataclass(slots=True)
class Catalog:
    """The tables ("dataset.table") and the views with their BigQuery text."""

    tables: set[str] = field(default_factory=set)
    views: dict[str, str] = field(default_factory=dict)


def resolved(tree: exp.Expr, catalog: Catalog, *, within: tuple[str, ...] = ()) -> exp.Expr:
    """The tree with its views and wildcards replaced; `within` are the views it lies in itself."""
    for table in list(tree.find_all(exp.Table)):
        name = f"{table.db}.{table.name}"
        if name in within:
            raise QueryError(f"The view {name} reads itself")
        if name in catalog.views:
            query = resolved(parsed(catalog.views[name]), catalog, within=(*within, name))
        elif name.endswith("*"):
            query = _matching(name, table, catalog)
        else:
            continue
        alias = exp.TableAlias(this=exp.to_identifier(table.alias or table.name.rstrip("*_")))
        table.replace(exp.Subquery(this=query, alias=alias))
    return tree


def _matching(pattern: str, table: exp.Table, catalog: Catalog) -> exp.Expr:
    """All matching tables under each other, with the rest of their names as _TABLE_SUFFIX."""
    prefix = pattern.rstrip("*")
    names = sorted(name for name in catalog.tables if name.startswith(prefix))
    if not names:
        raise QueryError(f"Not found: {pattern} does not match any table.")
    select = table.find_ancestor(exp.Select)
    if select and any(isinstance(one, exp.Star) or one.is_star for one in select.expressions):
        raise QueryError("Not supported by the embedded engine: SELECT * over a wildcard table")
    return _under_each_other([_whole_table(name, name.removeprefix(prefix)) for name in names])


def _whole_table(name: str, suffix: str) -> exp.Expr:
    dataset, _, table = name.partition(".")
    mark = exp.alias_(exp.Literal.string(suffix), SUFFIX)
    return exp.Select(expressions=[exp.Star(), mark]).from_(exp.table_(table, db=dataset, quoted=True))


def _under_each_other(queries: list[exp.Expr]) -> exp.Expr:
    """A balanced tree, because a year of days would make a deep one."""
    if len(queries) == 1:
        return queries[0]
    middle = len(queries) // 2
    left, right = _under_each_other(queries[:middle]), _under_each_other(queries[middle:])
    return exp.Union(this=left, expression=right, distinct=False, by_name=True)
