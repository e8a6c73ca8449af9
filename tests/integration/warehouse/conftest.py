"""A warehouse in memory with the real tables and views, and a short way to roll up and look."""

import pytest

from infra.local.warehouse.preparing import load, prepare
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from tests.integration.warehouse.rows import DAY, at

EVERYTHING = "SELECT p.metric AS metric, p.minute AS minute, p.dimensions AS dimensions, p.source AS source, p.count AS count, p.sum AS sum, p.bad AS bad, p.bad_clients AS bad_clients, p.buckets AS buckets FROM soukmon.metric_points AS p ORDER BY p.metric, p.minute, p.dimensions"


class Rolled:
    """The warehouse under test."""

    def __init__(self):
        self.warehouse = DuckDBWarehouse(None)
        prepare(self.warehouse)

    def load(self, *rows):
        load(self.warehouse, rows)

    def roll(self, source, since="00:00", until="24:00", day=DAY):
        since, until = (at(one, day) if isinstance(one, str) else one for one in (since, until))
        self.warehouse.query(f"rollup_{source}", {"since": since, "until": until})

    def ask(self, name, **parameters):
        return [dict(row) for row in self.warehouse.query(name, parameters).rows]

    def run(self, sql):
        return [dict(row) for row in self.warehouse.run(sql, {}).rows]

    def points(self, *metrics):
        return [row for row in self.run(EVERYTHING) if not metrics or row["metric"] in metrics]

    def counts(self, metric):
        """(minute, dimensions, count, bad, bad_clients) of each point."""
        keys = ("dimensions", "count", "bad", "bad_clients")
        return [(f"{row['minute']:%H:%M}", *(row[key] for key in keys)) for row in self.points(metric)]

    def total(self, metric, field="count"):
        return sum(row[field] for row in self.points(metric))


@pytest.fixture
def rolled():
    return Rolled()
