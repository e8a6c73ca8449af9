"""The dashboards as their readers get them: figures that the warehouse confirms, in every form, safe and small."""

import csv
import json
import re
from dataclasses import replace
from io import StringIO

import pytest

from infra.local.warehouse.preparing import prepare
from shared.adapters.duckdb_warehouse import DuckDBWarehouse
from shared.domain.boards import Reach
from shared.domain.severities import Severity
from shared.usecases.records import incident_writes, read_incident
from tests.integration.pages.figures import HOUR, MINUTE, TABLE, a_day, with_figures

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
KILOBYTES_150 = 150_000
NAMES = ("executive", "technical")


@pytest.fixture
def warehouse(house):
    house.config = with_figures()
    house.warehouse = DuckDBWarehouse(None)
    prepare(house.warehouse)
    house.warehouse.append(TABLE, list(a_day(house.clock.now())))
    return house.warehouse


@pytest.fixture
def mona(house, warehouse):
    return house.open("iap").as_("mona@souk.example", "iap")


def change(house, name, **changes):
    incident, version = read_incident(house.store, name)
    house.store.commit(incident_writes(replace(incident, **changes), (), version))


def twin(browser, name="technical", **query):
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    answer = browser.get(f"/api/dashboards/{name}?{asked}")
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text)


def tile(said, metric):
    return next(one for one in said["tiles"] if one["metric"] == metric)


def chart(said, name):
    return next(one for one in said["charts"] if one["name"] == name)


@pytest.mark.parametrize("reach", [Reach.HOURS, Reach.DAY, Reach.WEEK])
def test_a_tile_shows_what_a_plain_query_of_the_warehouse_finds(mona, warehouse, reach):
    said = twin(mona, range=reach)
    found = tile(said, "error_rate")
    (direct,) = warehouse.run(
        "SELECT 100.0 * SUM(p.bad) / SUM(p.count) AS rate, SUM(p.count) AS total FROM soukmon.metric_points AS p "
        f"WHERE p.metric = 'error_rate' AND p.minute >= TIMESTAMP '{said['since']}' "
        f"AND p.minute < TIMESTAMP '{said['until']}'",
        {},
    ).rows
    assert (found["value"], found["count"]) == (pytest.approx(direct["rate"]), direct["total"])
    assert f'data-text="value">{found["words"]["value"]}<' in mona.get(f"/dashboard/technical?range={reach}").text


def test_a_tile_says_how_it_stands_where_it_goes_and_how_complete_it_is(mona):
    found = tile(twin(mona), "error_rate")
    assert (found["standing"], found["trend"], found["is_late"]) == ("missed", "worse", False)
    words = found["words"]
    assert (words["icon"], words["state"]) == ("✕", "misses its target")
    assert words["trend"] == "0.69 points more than a week ago, worse"
    assert found["incidents"] == "/incidents?metric=error_rate"
    assert found["course"].startswith("M0 ")


def test_what_nothing_measures_says_what_to_set_up(mona):
    found = tile(twin(mona), "memory_usage")
    assert (found["value"], found["gap"]) == (None, "nothing was measured")
    assert "memory_usage" in mona.get("/dashboard/technical").text


def test_the_comparison_is_of_the_week_before(mona):
    before = [one["text"] for one in chart(twin(mona, compare=1, charts="errors"), "errors")["keys"]]
    assert before[1] == "period before"
    assert "period before" not in str(chart(twin(mona, charts="errors"), "errors"))


def test_the_script_gets_what_it_draws_and_no_more(mona):
    said = twin(mona, charts="errors,made_up")
    drawn = {one["name"] for one in said["charts"] if "spec" in one}
    assert drawn == {"errors"}
    assert len(chart(said, "errors")["spec"]["datasets"]["points"]) == 96


def test_E47_hostile_texts_stay_texts(house, mona):
    name = house.happens(title=EVIL)
    for path in ("/dashboard/executive", "/dashboard/technical?lang=ar", "/dashboard/executive?range=24h&lang=" + EVIL):
        page = mona.get(path).text
        assert "<script>" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert(1)" in page or "lang=ar" in path
        assert f'href="/incidents/{name}"' in page
    assert EVIL in twin(mona)["incidents"][0]["title"]


def test_the_worst_that_nobody_has_is_on_top_and_what_happened_is_told_newest_first(house, mona):
    names = {}
    for key in ("low", "critical"):
        names[key] = house.happens(name=key)
        house.clock.advance(MINUTE)
    change(house, names["low"], severity=Severity.LOW)
    house.clock.advance(HOUR)
    said = twin(mona)
    assert [one["id"] for one in said["incidents"]] == [names["critical"], names["low"]]
    assert (said["open"], [one["url"] for one in said["marks"]]) == (2, [f"/incidents/{names['critical']}"])
    assert said["marks"][0]["ended"] == "still going on"


def test_an_incident_that_only_a_few_may_know_of_is_on_no_dashboard(house, mona):
    name = house.happens(title="Somebody reads the table of customers")
    house.clock.advance(HOUR)
    assert [twin(mona, board)["open"] for board in NAMES] == [1, 1]
    change(house, name, restricted="Amber Heron", labels={"restricted": "Amber Heron"})
    for board in NAMES:
        page = mona.get(f"/dashboard/{board}").text
        assert "table of customers" not in page
        assert "Amber" not in page
        assert (twin(mona, board)["open"], twin(mona, board)["marks"]) == (0, [])


def test_a_chart_is_a_file_for_spreadsheets_in_which_nothing_is_a_formula(mona):
    answer = mona.get("/dashboard/executive/charts/orders_by_region.csv?range=24h")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="executive-orders_by_region.csv"'
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    cells = [cell for row in csv.reader(StringIO(answer.data.decode("utf-8-sig"))) for cell in row]
    assert any("cmd|" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_chart_is_a_file_for_programs_with_every_step(mona):
    said = json.loads(mona.get("/dashboard/technical/charts/errors.json").text)
    (line,) = said["lines"]
    assert (said["step_seconds"], len(line["points"])) == (900, 96)
    assert line["points"][-1][1] == pytest.approx(2.0)


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_a_chart_is_a_picture_that_runs_nothing(mona, locale):
    answer = mona.get(f"/dashboard/technical/charts/errors.svg?lang={locale}")
    assert (answer.headers["Content-Type"], answer.data[:4]) == ("image/svg+xml", b"<svg")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/dashboard/made_up", 404),
        ("/api/dashboards/made_up", 404),
        ("/dashboard/technical/charts/made_up.svg", 404),
        ("/dashboard/technical/charts/orders.csv", 404),
        ("/dashboard/technical?range=1y", 400),
        ("/api/dashboards/technical?range=", 400),
        ("/dashboard/technical/charts/errors.json?range=24H", 400),
    ],
)
def test_what_there_is_not_is_refused(mona, path, status):
    assert mona.get(path).status_code == status


def test_a_range_that_there_is_not_is_told_which_there_are(mona):
    page = mona.get("/dashboard/technical?range=1y").text
    assert all(reach in page for reach in Reach)
    assert json.loads(mona.get("/api/dashboards/technical?range=1y").text) == {"error": "unknown range"}


def test_an_observer_reads_both_and_nobody_of_ours_reads_none(house, warehouse):
    observer = house.open("iap").as_("board@souk.example", "iap")
    assert {observer.get(f"/dashboard/{name}").status_code for name in NAMES} == {200}
    stranger = house.open("iap").as_("eve@souk.example", "iap")
    paths = [
        *(f"/dashboard/{name}" for name in NAMES),
        "/api/dashboards/executive",
        "/dashboard/executive/charts/orders.csv",
    ]
    assert {stranger.get(path).status_code for path in paths} == {403}


def test_a_language_that_a_program_asks_for_is_not_kept_for_its_reader(house, mona):
    mona.get("/dashboard/executive?lang=ar")
    twin(mona, lang="en")
    mona.get("/dashboard/technical/charts/errors.svg?lang=en")
    assert 'dir="rtl"' in mona.get("/dashboard/executive").text


@pytest.mark.parametrize("name", NAMES)
def test_every_page_leads_to_every_other_and_says_where_one_is(mona, name):
    page = mona.get(f"/dashboard/{name}").text
    ways = re.findall(r'<a href="([^"?]+)"( aria-current="page")?>', page.split("</nav>")[0])
    listed = ["/incidents", "/dashboard/executive", "/dashboard/technical", "/reports", "/maintenance"]
    assert [url for url, _ in ways] == listed
    assert [url for url, here in ways if here] == [f"/dashboard/{name}"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("reach", list(Reach))
def test_a_page_with_its_own_files_stays_under_150_kilobytes_beside_the_charts(mona, name, reach):
    page = mona.get(f"/dashboard/{name}?range={reach}&compare=1&lang=ar")
    parts = set(re.findall(r'(?:href|src)="(/assets/[^"]+)"', page.text))
    size = len(page.data) + sum(len(mona.get(part, **{"Accept-Encoding": "gzip"}).data) for part in parts)
    assert (page.status_code, size < KILOBYTES_150) == (200, True), size


def test_what_is_left_of_an_error_budget_is_drawn(mona):
    found = chart(twin(mona, range="7d", charts="errors_budget"), "errors_budget")
    assert (found["nothing"], len(found["spec"]["datasets"]["points"])) == ("", 168)
    assert "Nothing is drawn" in chart(twin(mona, range="7d"), "uptime_budget")["nothing"]
