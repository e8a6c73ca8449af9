"""Every .sql file keeps the rules that the warehouse, Terraform and the byte bill rely on."""

import json
import re
from dataclasses import asdict

import pytest
import sqlglot
from sqlglot import exp

from shared.adapters.bigquery.installation import LAYOUT, SQL, TABLES, VIEWS, Installation, own_tables, views

QUERIES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(SQL.glob("*.sql"))}
TEMPLATES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(VIEWS.glob("*.sql"))}
SELECTS = {name.removeprefix("soukmon."): text for name, text in views(Installation())}
ROLLUPS = sorted(name for name in QUERIES if name.startswith("rollup_"))
SOURCES = {"requests", "analytics", "crashes", "performance", "web_errors", "probes", "measurements"}

every_query = pytest.mark.parametrize("name", QUERIES)
every_view = pytest.mark.parametrize("name", TEMPLATES)
every_rollup = pytest.mark.parametrize("name", ROLLUPS)


def parsed(text):
    (tree,) = sqlglot.parse(text, read="bigquery")
    return tree


def tables_of(tree):
    return {f"{table.db}.{table.name}" for table in tree.find_all(exp.Table) if table.db}


def test_each_source_has_its_rollup_and_the_readers_are_there():
    assert {name.removeprefix("rollup_") for name in ROLLUPS} == SOURCES
    assert set(QUERIES) - set(ROLLUPS) >= {"evaluate", "read_points", "impact"}


@every_query
def test_the_first_line_names_exactly_the_parameters(name):
    first, _, rest = QUERIES[name].partition("\n")
    declared = re.findall(r"@(\w+) (?:STRING|TIMESTAMP|INT64|ARRAY<\w+>)(?:, |$)", first)
    assert first.startswith("-- @")
    assert len(declared) == first.count("@")
    assert set(declared) == set(re.findall(r"@(\w+)", rest))


@every_query
def test_a_query_is_one_statement_that_reads_only_our_dataset(name):
    assert {table.partition(".")[0] for table in tables_of(parsed(QUERIES[name]))} == {"soukmon"}


def test_evaluation_reads_metric_points_and_nothing_else():
    for name in ("evaluate", "read_points"):
        assert tables_of(parsed(QUERIES[name])) == {"soukmon.metric_points"}


def test_every_read_of_metric_points_is_bounded_in_time():
    for name in ("evaluate", "read_points"):
        scans = [
            select
            for select in parsed(QUERIES[name]).find_all(exp.Select)
            if isinstance(select.args["from_"].this, exp.Table) and select.args["from_"].this.name == "metric_points"
        ]
        assert scans
        for scan in scans:
            filters = scan.args["where"].sql("bigquery")
            assert "p.minute >= " in filters or "TIMESTAMP_TRUNC(p.minute, HOUR) IN UNNEST(@hours)" in filters


@every_rollup
def test_a_rollup_is_one_merge_that_touches_its_own_source_only(name):
    source, tree = name.removeprefix("rollup_"), parsed(QUERIES[name])
    assert isinstance(tree, exp.Merge)
    assert f"VALUES (s.metric, s.minute, s.dimensions, '{source}', " in QUERIES[name]
    delete = QUERIES[name].partition("WHEN NOT MATCHED BY SOURCE")[2]
    assert f"AND t.source = '{source}' AND t.minute >= " in delete
    assert "t.minute < @until" in delete
    assert f"'rows.{source}' AS metric" in QUERIES[name]


@every_rollup
def test_rollups_end_alike(name):
    """The tail that makes histograms and sums of `measured` is the same idea, hence the same text, in all of them."""

    def tail(text):
        return text.partition("  histograms AS (")[2].partition("ON FALSE")[0]

    assert tail(QUERIES[name]) == tail(QUERIES["rollup_requests"])
    assert "LN(1.01 / 0.99)" in tail(QUERIES[name])


@pytest.mark.parametrize("text", [*QUERIES.values(), *SELECTS.values()], ids=[*QUERIES, *SELECTS])
def test_every_unnest_has_an_alias(text):
    unnests = [node for node in parsed(text).find_all(exp.Unnest) if not isinstance(node.parent, exp.In)]
    assert all(node.args.get("alias") for node in unnests)


@every_view
def test_no_view_reads_another_view(name):
    assert not tables_of(parsed(SELECTS[name])) & {f"soukmon.{view}" for view in TEMPLATES}


@every_view
def test_a_view_names_its_columns_and_tells_what_is_filled_in(name):
    tree = parsed(SELECTS[name])
    assert not [star for star in tree.find_all(exp.Star) if not isinstance(star.parent, exp.Count)]
    comment = " ".join(line.removeprefix("-- ") for line in TEMPLATES[name].splitlines() if line.startswith("--"))
    told = set(re.findall(r"\w+", re.sub(r"\(.*?\)", "", comment.partition("Filled in:")[2])))
    assert told == set(re.findall(r"\$\{(\w+)\}", TEMPLATES[name]))


def test_views_use_every_name_of_an_installation_and_no_other_and_nothing_else_that_terraform_reads():
    used = {name for text in TEMPLATES.values() for name in re.findall(r"\$\{(\w+)\}", text)}
    assert used == set(asdict(Installation()))
    assert not [name for name, text in TEMPLATES.items() if "%{" in text or re.search(r"\$(?!\{)", text)]


def test_a_project_is_put_before_each_table():
    renamed = Installation(requests="shop.logs.requests")
    assert "FROM `shop.logs.requests` AS r" in dict(views(renamed))["soukmon.requests"]


def test_no_view_has_the_name_of_a_table():
    assert not set(TEMPLATES) & {path.stem for path in TABLES.glob("*.json")}


def test_our_tables_are_partitioned_by_a_column_they_have():
    layout = json.loads(LAYOUT.read_text(encoding="utf-8"))
    tables = {table.name.removeprefix("soukmon."): table for table in own_tables(Installation())}
    assert set(layout) == set(tables)
    for name, table in tables.items():
        columns = {column["name"]: column["type"] for column in table.schema}
        assert columns[table.partitioned_by[0]] == "TIMESTAMP"
        assert set(layout[name]["clustering"]) <= set(columns)
    assert tables["metric_points"].partitioned_by == ("minute", "HOUR")
