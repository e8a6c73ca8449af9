"""What pipelines post, from the request to the warehouse and to the topic that wakes the rules."""

import hmac
import json
import threading
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from infra.local.ci import post_measurement
from infra.local.platform import Platform
from shared import bootstrap
from tests.conftest import configuration
from tests.e2e.conftest import push
from tests.unit.usecases.test_measure import MemoryWarehouse

NAME = "receive_measurement"
JSON = {"content-type": "application/json"}
SIZE = {"metric": "bundle_size", "value": 748.512, "unit": "KB", "labels": {"asset": "main", "version": "3.4.1"}}
POST = {"measurements": [SIZE], "release": {"service": "web", "version": "3.4.1", "commit": "4f2a"}}
BODY = json.dumps(POST).encode()


@pytest.fixture
def warehouse(monkeypatch):
    kept = MemoryWarehouse()
    monkeypatch.setattr(bootstrap, "warehouse", lru_cache(lambda: kept))
    return kept


def with_settings(driver, **changes):
    settings = replace(bootstrap.settings(), **changes)
    bootstrap.install(settings, clock=driver.clock, publisher=driver.platform.bus, configuration=bootstrap.config())
    return driver


@pytest.fixture
def keyed(driver, warehouse):
    return with_settings(driver, measurement_keys="old,new")


def sign(driver, body, key="new"):
    at = int(driver.clock.now().timestamp())
    mac = hmac.new(key.encode(), f"{at}.".encode() + body, "sha256").hexdigest()
    return {**JSON, "X-Soukmon-Signature": f"t={at},v1={mac}"}


def published(driver):
    found = []
    while driver.platform.bus.push_one(lambda message: found.append((message.topic, json.loads(message.data))) or True):
        pass
    return found


def test_a_post_is_kept_answered_with_its_count_and_wakes_the_rules_of_its_metrics(driver, warehouse):
    answer = driver.post(NAME, BODY, JSON)
    assert (answer.status_code, answer.get_json()) == (202, {"accepted": 2})
    rows = [row for _, row in warehouse.rows]
    assert [(row["metric"], row["value"], row["unit"]) for row in rows] == [
        ("bundle_size", 748_512.0, "bytes"),
        ("release", 1.0, "count"),
    ]
    assert published(driver) == [("touched-metrics", {"metrics": ["bundle_size", "release"]})]


def test_a_push_holds_the_same_body_and_its_redelivery_is_the_same_fact(driver, warehouse):
    message = json.loads(push(POST))
    message["message"]["publishTime"] = driver.clock.now().isoformat()
    for _ in range(2):
        assert driver.post(NAME, json.dumps(message).encode(), JSON).status_code == 204
        driver.after(seconds=30)
    assert len(warehouse.rows) == 4
    assert len({row["event_id"] for _, row in warehouse.rows}) == 2


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (b"{no", "not JSON"),
        (b"{}", "the body: nothing is measured"),
        (BODY.replace(b"748.512", b"NaN"), "measurements[0].value: not a finite number"),
        (BODY.replace(b'"KB"', b'"furlongs"'), "measurements[0].unit: 'furlongs' is not known; write one of"),
        (BODY.replace(b'"commit"', b'"sha"'), "release.sha: unknown field"),
    ],
)
def test_a_poster_is_told_what_is_wrong_in_one_line_and_nothing_is_kept(driver, warehouse, body, line):
    answer = driver.post(NAME, body, JSON)
    assert answer.status_code == 400
    assert answer.get_json()["error"].startswith(line)
    assert (warehouse.rows, driver.dead_letters, published(driver)) == ([], [], [])


def test_E07_a_push_that_does_not_fit_is_kept_with_its_reason_because_its_sender_never_hears(driver, warehouse):
    assert driver.post(NAME, push({"measurements": [{**SIZE, "value": "much"}]}), JSON).status_code == 204
    (letter,) = driver.dead_letters
    assert (letter.body["function"], warehouse.rows) == (NAME, [])
    assert letter.body["reason"].startswith("measurements[0].value: expected float, got str")


@pytest.mark.parametrize("key", ["old", "new"])
def test_either_key_signs(keyed, warehouse, key):
    assert keyed.post(NAME, BODY, sign(keyed, BODY, key)).status_code == 202
    assert len(warehouse.rows) == 2


def test_E68_what_is_unsigned_forged_or_old_gets_401_and_leaves_nothing(keyed, warehouse):
    old = sign(keyed, BODY)
    keyed.after(seconds=301)
    for body, headers in [
        (BODY, JSON),
        (b"{no", JSON),
        (BODY, sign(keyed, BODY, "stolen")),
        (BODY + b" ", sign(keyed, BODY)),
        (BODY, old),
        (push(POST), JSON),
    ]:
        assert keyed.post(NAME, body, headers).status_code == 401
    assert (warehouse.rows, keyed.dead_letters) == ([], [])


def test_E69_a_replay_gets_401_and_has_no_second_effect(keyed, warehouse):
    headers = sign(keyed, BODY)
    assert [keyed.post(NAME, BODY, headers).status_code for _ in range(2)] == [202, 401]
    assert (len(warehouse.rows), len(published(keyed))) == (2, 1)


def test_E14_with_push_tokens_a_push_without_one_gets_401(driver, warehouse):
    with_settings(driver, push_audience="https://ours", push_account="push@p.iam.gserviceaccount.com")
    assert driver.post(NAME, push(POST), JSON).status_code == 401
    assert (warehouse.rows, driver.dead_letters) == ([], [])


def test_a_posted_size_reaches_the_points_once_however_often_it_is_delivered(driver):
    at = driver.clock.now().replace(second=0, microsecond=0)
    body = json.dumps({"measurements": [{**SIZE, "measured_at": at.isoformat()}]}).encode()
    for _ in range(2):
        assert driver.post(NAME, body, JSON).status_code == 202
    span = {"since": at.replace(minute=0), "until": driver.clock.now().replace(hour=at.hour + 1)}
    bootstrap.warehouse().query("rollup_measurements", span)
    points = bootstrap.warehouse().query("read_points", {**span, "metrics": ["bundle_size"], "seconds": 60}).rows
    assert [(point["count"], point["sum"]) for point in points] == [(1, 748_512.0)]


@pytest.fixture
def live(tmp_path, warehouse):
    """A platform on the machine's clock, for a poster that reads it too."""
    platform = Platform(tmp_path / "state", configuration=configuration())
    bootstrap.install(
        replace(bootstrap.settings(), measurement_keys="new"),
        publisher=platform.bus,
        configuration=bootstrap.config(),
    )
    yield f"{platform.url}/functions/{NAME}"
    platform.close()


def run(url, *arguments, keys=""):
    return post_measurement.main(["--url", url, *arguments], {"SOUKMON_MEASUREMENT_KEYS": keys})


def test_a_pipeline_posts_the_size_of_a_file_raw_and_compressed_and_its_release(live, warehouse, tmp_path, capsys):
    file = tmp_path / "main.js"
    file.write_bytes(b"let x = 1;\n" * 1_000)
    arguments = ["--metric", "bundle_size", "--file", str(file), "--gzip", "--release", "web"]
    assert run(live, *arguments, "--label", "version=3.4.1", "--label", "commit=4f2a", keys="old, new") == 0
    assert json.loads(capsys.readouterr().out) == {"accepted": 3}
    rows = {row["metric"]: row for _, row in warehouse.rows}
    assert (rows["bundle_size"]["value"], rows["bundle_size"]["unit"]) == (11_000, "bytes")
    assert 0 < rows["bundle_size_gzip"]["value"] < 200
    labels = {pair["key"]: pair["value"] for pair in rows["bundle_size"]["labels"]}
    assert labels == {"asset": "main", "version": "3.4.1", "commit": "4f2a"}
    assert [pair["value"] for pair in rows["release"]["labels"]] == ["4f2a", "web", "3.4.1"]


def test_a_pipeline_that_does_not_sign_fails_and_says_why(live, warehouse, capsys):
    assert run(live, "--release", "web", "--label", "version=1") == 1
    assert "not taken (401)" in capsys.readouterr().err
    assert warehouse.rows == []


@contextmanager
def answering(*statuses):
    """A server that gives these answers in turn and remembers what it was asked."""
    asked, left = [], list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(left.pop(0))
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("statuses", "last", "waits"),
    [
        ([202], 202, []),
        ([503, 202], 202, [2.0]),
        ([500, 502, 503], 503, [2.0, 4.0]),
        ([400], 400, []),
        ([401], 401, []),
    ],
)
def test_a_pipeline_tries_again_only_while_the_other_side_is_at_fault(statuses, last, waits):
    waited = []
    with answering(*statuses) as (url, asked):
        status, _ = post_measurement.post(url, b"{}", key="k", token="id-token", pause=waited.append)
    assert (status, waited, len(asked)) == (last, waits, len(statuses))
    headers, body = asked[-1]
    assert (headers["Authorization"], body) == ("Bearer id-token", b"{}")
    assert headers["X-Soukmon-Signature"].startswith("t=")


def test_a_pipeline_that_reaches_nobody_says_so():
    with answering() as (url, _):
        pass
    waited = []
    status, text = post_measurement.post(url, b"{}", pause=waited.append)
    assert (status, waited) == (0, [2.0, 4.0])
    assert "refused" in text


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "give --metric with --file"),
        (["--metric", "bundle_size"], "give --metric with --file"),
        (["--release", "web"], "--release needs --label version="),
        (["--metric", "m", "--file", "/nowhere/at/all.js"], "No such file"),
        (["--release", "web", "--label", "version"], "write NAME=TEXT"),
        (["--url", "file:///etc/hosts", "--release", "web"], "write an address that begins with https://"),
    ],
)
def test_bad_usage_ends_with_2_and_one_line(arguments, line, capsys):
    with pytest.raises(SystemExit) as stop:
        run("http://127.0.0.1:1/", *arguments)
    assert stop.value.code == 2
    assert line in capsys.readouterr().err
