"""The performance audit over a real site and a real warehouse: what fails, what warns, and the run before it."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from infra.local.warehouse.preparing import load as load_rows
from infra.local.warehouse.preparing import prepare
from shared.adapters.clocks import VirtualClock
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from shared.adapters.http_site import HttpSite
from shared.adapters.sqlite_query_history import SqliteQueryHistory
from shared.adapters.sqlite_state import SqliteState
from shared.config.loader import load
from shared.domain.histograms import bucket_of
from shared.domain.jobs import Run, StepResult, Verdict
from shared.domain.status import Probe, StatusPage
from shared.errors import NotMeasuredError, QueryError, SiteError
from shared.ports.store import Put
from shared.usecases.jobs.performance import Audited, performance_steps
from shared.usecases.records import JOB_RUNS, body_of
from tests.conftest import NIGHT
from tests.integration.jobs.served_site import Site, served
from tests.integration.warehouse.rows import request

SHIPPED = load()
WEEK = timedelta(days=7)
RUN = Run("performance_audit", NIGHT, NIGHT, NIGHT)
INDEX = b'<!doctype html><script type="module" src="/assets/index-BRBmoGS9.js"></script><link rel="stylesheet" href="/assets/index-Ch_J-jJJ.css"><script src="https://cdn.example/gtag.js"></script>'
MANIFEST = {"src/sell.ts": {"file": "assets/sell-DXXmoGS1.js", "isDynamicEntry": True}}


def files(size=600_000, *, manifest=True):
    found = {
        "/": INDEX,
        "/assets/index-BRBmoGS9.js": b"j" * size,
        "/assets/index-Ch_J-jJJ.css": b"c" * 9_000,
        "/assets/sell-DXXmoGS1.js": b"s" * 5_000,
    }
    return {**found, **({"/.vite/manifest.json": json.dumps(MANIFEST).encode()} if manifest else {})}


class Shop:
    """What an audit needs, on real engines."""

    def __init__(self, folder, site):
        self.site = site
        self.clock = VirtualClock(NIGHT)
        self.store = SqliteState(folder / "state.db")
        self.history = SqliteQueryHistory(folder / "queries.db", self.clock)
        self.warehouse = DuckDBWarehouse(None, recorder=self.history)
        prepare(self.warehouse)

    def take(self, step, run=RUN, *, config=None, queries=None):
        page = StatusPage(probes={"website": Probe("website", f"{self.site.url}/")})
        chosen = config or replace(SHIPPED, status=page)
        audited = Audited(chosen, HttpSite(), self.store, self.warehouse, queries or self.history)
        return performance_steps(audited)[step](run)

    def keep(self, result, step, **changes):
        """A run of a week ago that came to this."""
        ago = NIGHT - WEEK
        run = replace(
            Run("performance_audit", ago, ago, ago, finished_at=ago, results=(replace(result, step=step),)), **changes
        )
        self.store.commit([Put(JOB_RUNS, run.id, {**body_of(run), "is_due": "yes"})])

    def measured(self, metric, value, at, times=100):
        row = {
            "metric": metric,
            "minute": at.isoformat(),
            "dimensions": "",
            "source": "analytics",
            "count": times,
            "sum": value * times,
            "bad": 0,
            "bad_clients": 0,
            "buckets": [{"i": bucket_of(value), "n": times}],
        }
        self.warehouse.append("soukmon.metric_points", [row])


@pytest.fixture
def shop(tmp_path):
    with served(Site(files())) as site:
        yield Shop(tmp_path, site)


def test_assets_within_the_budget_pass_with_their_sizes(shop):
    found = shop.take("bundle")
    assert (found.verdict, found.evidence["assets"], found.evidence["raw"]) == (Verdict.PASS, 3, 614_000)
    assert found.evidence["assets/index.js"] == 600_000
    assert found.evidence["transferred"] < 5_000


def test_an_asset_over_the_budget_of_the_rule_fails_by_its_lasting_name(shop):
    shop.site.files = files(750_001)
    found = shop.take("bundle")
    assert (found.verdict, [one.subject for one in found.findings]) == (Verdict.FAIL, ["assets/index.js"])
    shop.site.files = files(750_000)
    assert shop.take("bundle").verdict is Verdict.PASS


def test_what_grew_since_the_last_run_is_a_warning_whatever_its_hash(shop):
    shop.keep(shop.take("bundle"), "bundle")
    shop.site.files = {
        path.replace("BRBmoGS9", "ZZZmoGS2"): body.replace(b"BRBmoGS9", b"ZZZmoGS2")
        for path, body in files(700_000).items()
    }
    found = shop.take("bundle")
    assert (found.verdict, found.reason) == (
        Verdict.WARN,
        "assets/index.js grew to 700.0 KB, 100.0 KB more than at the last look",
    )
    assert found.evidence["raw_before"] == 614_000


@pytest.mark.parametrize("changes", [{"is_dry": True}, {"finished_at": None}])
def test_a_dry_run_or_one_that_did_not_end_is_nothing_to_compare_with(shop, changes):
    shop.keep(StepResult("", Verdict.PASS, evidence={"assets/index.js": 1}), "bundle", **changes)
    assert shop.take("bundle").verdict is Verdict.PASS


def test_a_step_that_raised_in_the_last_run_is_passed_over_for_the_one_before(shop):
    shop.keep(
        StepResult("", Verdict.PASS, evidence={"assets/index.js": 400_000}),
        "bundle",
        occurrence=NIGHT - 2 * WEEK,
        started_at=NIGHT - 2 * WEEK,
    )
    shop.keep(StepResult("", Verdict.FAIL, "SiteError", raised=True), "bundle")
    assert shop.take("bundle").verdict is Verdict.WARN


def test_without_a_manifest_what_the_page_names_is_looked_at(shop):
    shop.site.files = files(manifest=False)
    assert shop.take("bundle").evidence["assets"] == 2


def test_a_host_that_answers_everything_with_its_page_has_no_manifest(shop):
    shop.site.files, shop.site.page = files(manifest=False), INDEX
    found = shop.take("bundle")
    assert (found.verdict, found.evidence["assets"]) == (Verdict.PASS, 2)


def test_an_asset_that_is_gone_fails_also_where_the_page_comes_in_its_place(shop):
    del shop.site.files["/assets/index-BRBmoGS9.js"]
    assert shop.take("bundle").reason == "assets/index.js is not delivered: it answers 404"
    shop.site.page = INDEX
    assert shop.take("bundle").reason == "assets/index.js is not delivered: a page comes in its place"


def test_a_page_that_fails_was_not_looked_at(shop):
    shop.site.status["/"] = 500
    with pytest.raises(SiteError, match="answers 500"):
        shop.take("bundle")


def test_without_an_address_or_a_budget_nothing_is_looked_at_and_it_says_what_to_set(shop):
    found = shop.take("bundle", config=SHIPPED)
    assert (found.verdict, found.reason) == (
        Verdict.SKIPPED,
        "set probes.website.url in status.yaml to the address of the site",
    )
    page = StatusPage(probes={"website": Probe("website", f"{shop.site.url}/")})
    bare = replace(SHIPPED, status=page, metric_rules=(), metrics={})
    assert "give bundle_size a rule" in shop.take("bundle", config=bare).reason


def test_a_page_without_assets_of_its_own_is_a_warning(shop):
    shop.site.files = {"/": b"<h1>Souk</h1>"}
    assert shop.take("bundle").verdict is Verdict.WARN


def test_web_vitals_of_the_week_stand_beside_those_of_the_week_before(shop):
    lately, before = NIGHT - timedelta(days=2), NIGHT - WEEK - timedelta(days=2)
    for at, lcp in ((lately, 4_500), (before, 2_000)):
        shop.measured("largest_contentful_paint", lcp, at)
    shop.measured("cumulative_layout_shift", 0.2, lately)
    found = shop.take("load_time")
    assert [(one.subject, one.verdict) for one in found.findings] == [
        ("largest_contentful_paint", Verdict.FAIL),
        ("cumulative_layout_shift", Verdict.WARN),
    ]
    assert (found.evidence["LCP"], found.evidence["LCP_before"]) == (
        pytest.approx(4_500, rel=0.01),
        pytest.approx(2_000, rel=0.01),
    )


def test_vitals_that_are_good_pass_and_those_not_measured_are_named(shop):
    shop.measured("interaction_to_next_paint", 120, NIGHT - timedelta(days=1))
    found = shop.take("load_time")
    assert (found.verdict, found.reason) == (Verdict.PASS, "not measured: FCP, LCP, CLS")


def test_a_week_without_vitals_is_skipped_never_passed(shop):
    shop.measured("largest_contentful_paint", 9_000, NIGHT - 3 * WEEK)
    found = shop.take("load_time")
    assert (found.verdict, "Google Analytics" in found.reason) == (Verdict.SKIPPED, True)


def test_a_warehouse_that_does_not_answer_was_not_looked_at(shop):
    shop.warehouse.drop("soukmon.metric_points")
    with pytest.raises(QueryError, match="did not answer about"):
        shop.take("load_time")


def requests_at(path, ms, times, at):
    return [request(at + timedelta(seconds=number), path=path, seconds=ms / 1_000) for number in range(times)]


def test_routes_of_the_api_are_named_with_their_share_and_numbers_are_one_route(shop):
    lately, before = NIGHT - timedelta(days=1), NIGHT - WEEK - timedelta(days=1)
    rows = [
        *requests_at("/api/cars/17", 3_000, 30, lately),
        *requests_at("/api/cars/18", 100, 10, lately),
        *requests_at("/api/cars/18", 100, 40, before),
        *requests_at("/about", 9_000, 50, lately),
    ]
    load_rows(shop.warehouse, rows)
    found = shop.take("queries")
    assert found.verdict is Verdict.FAIL
    assert found.reason == "GET /api/cars/* takes over 1,000 ms for 75% of 40 requests, 0% the week before"
    assert found.evidence["routes"] == 1


def test_our_own_queries_are_those_that_the_warehouse_really_ran(shop):
    shop.clock.set(NIGHT - timedelta(days=1))
    shop.take("load_time")
    found = shop.take("queries")
    assert (found.verdict, found.evidence["queries"]) == (Verdict.PASS, 1)
    assert found.evidence["read_figures"] > 0


def test_a_slow_query_is_a_finding_and_a_dearer_one_is_compared_with_the_last_run(shop):
    shop.clock.set(NIGHT - timedelta(days=1))
    shop.history.record("impact", seconds=31.0, billed=1, failed=False)
    shop.history.record("evaluate", seconds=1.0, billed=21 * 1024**3, failed=False)
    shop.keep(StepResult("", Verdict.PASS, evidence={"evaluate": 10 * 1024**3}), "queries")
    found = shop.take("queries")
    assert [(one.subject, one.verdict) for one in found.findings] == [
        ("impact", Verdict.FAIL),
        ("evaluate", Verdict.WARN),
    ]


def test_where_nothing_is_kept_about_queries_routes_are_looked_at_all_the_same(shop):
    class Nothing:
        def costs(self, since, until):
            raise NotMeasuredError("give our account roles/bigquery.resourceViewer")

    assert shop.take("queries", queries=Nothing()).verdict is Verdict.SKIPPED
    load_rows(shop.warehouse, requests_at("/api/cars", 100, 5, NIGHT - timedelta(days=1)))
    found = shop.take("queries", queries=Nothing())
    assert (found.verdict, found.reason) == (Verdict.PASS, "give our account roles/bigquery.resourceViewer")


def test_a_week_that_is_too_much_to_read_becomes_its_last_day(shop):
    load_rows(shop.warehouse, requests_at("/api/cars", 2_000, 30, NIGHT - timedelta(days=3)))
    load_rows(shop.warehouse, requests_at("/api/sell", 2_000, 30, NIGHT - timedelta(hours=3)))

    class Capped:
        """Refuses what reaches further back than two days."""

        def __init__(self, inner):
            self.inner = inner

        def query(self, name, parameters, *, maximum_bytes=None):
            is_wide = parameters["until"] - parameters["before_since"] > timedelta(days=2)
            return self.inner.query(name, parameters, maximum_bytes=1 if is_wide else maximum_bytes)

    shop.warehouse = Capped(shop.warehouse)
    found = shop.take("queries")
    assert [one.subject for one in found.findings] == ["GET /api/sell"]


def test_the_recorded_hours_are_those_of_the_span(tmp_path):
    clock = VirtualClock(datetime.fromisoformat("2026-03-01T10:30:00+00:00"))
    history = SqliteQueryHistory(tmp_path / "queries.db", clock)
    history.record("a", seconds=1.0, billed=5, failed=False)
    history.record("a", seconds=3.0, billed=7, failed=True)
    clock.advance(timedelta(days=1))
    history.record("a", seconds=9.0, billed=1, failed=False)
    hour = clock.now().replace(minute=0)
    (found,) = history.costs(hour - timedelta(days=1), hour)
    assert (found.runs, found.seconds, found.longest, found.bytes_billed, found.failed) == (2, 4.0, 3.0, 12, 1)
    clock.advance(timedelta(days=70))
    again = SqliteQueryHistory(tmp_path / "queries.db", clock)
    assert again.costs(hour - timedelta(days=9), clock.now()) == []
