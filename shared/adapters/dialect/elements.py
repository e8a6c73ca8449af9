"""Scalar subqueries over the elements of an array, as DuckDB's list functions.

    (SELECT MAX(p.value.int_value) FROM UNNEST(e.event_params) AS p WHERE p.key = 'x')

DuckDB joins such a subquery to the row it belongs to, and pushes no filter below that join: one day's events would be
looked for in all tables. Only this plain form is turned into functions; any other goes to DuckDB as it is.
"""

from sqlglot import exp

from shared.adapters.dialect.trees import call

_SUMMARIES: dict[type[exp.Expr], str] = {exp.Max: "list_max", exp.Min: "list_min", exp.Sum: "list_sum"}
_PLAIN = {"kind", "expressions", "from_", "where"}
_SCALAR_IN = (exp.Alias, exp.Binary, exp.Unary, exp.Func, exp.Select, exp.PropertyEQ, exp.Between, exp.Is)


def over_elements(node: exp.Subquery) -> exp.Expr:
    """The functions that give the subquery's value, or the subquery."""
    select = node.this
    if not (_is_scalar(node) and isinstance(select, exp.Select) and _is_plain(select)):
        return node
    unnest = select.args["from_"].this
    element = unnest.args["alias"].columns[0].name
    elements, where = unnest.expressions[0], select.args.get("where")
    if where:
        elements = call("list_filter", elements, _function(element, where.this))
    return _summary(select.expressions[0].unalias(), elements, element) or node


def _summary(value: exp.Expr, elements: exp.Expr, element: str) -> exp.Expr | None:
    if isinstance(value, exp.Count) and isinstance(value.this, exp.Star):
        return exp.Coalesce(this=call("len", elements), expressions=[exp.Literal.number(0)])
    name = _SUMMARIES.get(type(value))
    body = value.this if name else value
    if body.find(exp.AggFunc, exp.Distinct, exp.Window, exp.Query):
        return None
    return call(name or "bq_single", call("list_transform", elements, _function(element, body)))


def _function(element: str, body: exp.Expr) -> exp.Expr:
    """Under a name of its own: DuckDB takes a column before a parameter of the same name."""
    parameter, renamed = f"element_{element}", exp.Paren(this=body.copy())
    for column in renamed.find_all(exp.Column):
        if (first := column.parts[0]).name == element:
            first.replace(exp.to_identifier(parameter))
    return exp.Lambda(this=renamed.this, expressions=[exp.to_identifier(parameter)])


def _is_scalar(node: exp.Subquery) -> bool:
    parent = node.parent
    if not isinstance(parent, _SCALAR_IN) or isinstance(parent, (exp.Array, exp.Exists)) or node.args.get("alias"):
        return False
    return not isinstance(parent, exp.Select) or node.arg_key == "expressions"


def _is_plain(select: exp.Select) -> bool:
    """One value of the elements of one array, perhaps of some only."""
    source = select.args.get("from_")
    used = {name for name, value in select.args.items() if value}
    if used - _PLAIN or select.args.get("kind") or len(select.expressions) != 1 or source is None:
        return False
    where = select.args.get("where")
    return isinstance(source.this, exp.Unnest) and not (where and where.find(exp.AggFunc, exp.Window, exp.Query))
