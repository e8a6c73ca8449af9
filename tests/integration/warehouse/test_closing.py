"""The embedded warehouse is closed between queries, never under one."""

import threading

import pytest

from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from shared.errors import QueryError


def test_closing_waits_for_the_query_that_is_under_way_and_later_ones_are_refused():
    warehouse = DuckDBWarehouse(None)
    with warehouse._engine():
        closing = threading.Thread(target=warehouse.close)
        closing.start()
        closing.join(timeout=0.1)
        assert closing.is_alive()
    closing.join(timeout=30)
    assert not closing.is_alive()
    with pytest.raises(QueryError):
        warehouse.rows("soukmon.metric_points")
