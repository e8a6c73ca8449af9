from tests.integration.warehouse.rows import at, measurement, probe, web_error


def test_probes_make_uptime_by_target_and_a_retried_insert_counts_once(rolled):
    rolled.load(
        probe(at("12:00:02")),
        probe(at("12:00:02")),
        probe(at("12:00:02"), place="there"),
        probe(at("12:00:03"), ok=False, target="api", milliseconds=10_000.0),
    )
    rolled.roll("probes")
    assert rolled.counts("uptime") == [("12:00", "target=api", 1, 1, 1), ("12:00", "target=web", 2, 0, 0)]
    assert [(point["dimensions"], point["sum"]) for point in rolled.points("probe_response_time")] == [
        ("target=web", 240.0)
    ]
    assert rolled.total("rows.probes") == 3


def test_any_posted_measurement_becomes_a_metric_of_its_name(rolled):
    rolled.load(
        measurement(at("12:00"), "bundle_size", 748_512.0, name="m1", asset="main", version="3.4.1", commit="abc"),
        measurement(at("12:00"), "bundle_size", 748_512.0, name="m1", asset="main", version="3.4.1", commit="abc"),
        measurement(at("12:00"), "cache_hit_rate", 97.5, service="listings-api", asset="cdn"),
        measurement(at("12:01"), "memory", 0.0),
        measurement(at("12:02"), "memory", 5.0, service="web"),
    )
    rolled.roll("measurements")
    found = [
        (point["metric"], point["dimensions"], point["count"], point["sum"])
        for point in rolled.points()
        if not point["metric"].startswith("rows.")
    ]
    assert found == [
        ("bundle_size", "asset=main", 1, 748_512.0),
        ("cache_hit_rate", "asset=cdn,service=listings-api", 1, 97.5),
        ("memory", "", 1, 0.0),
        ("memory", "service=web", 1, 5.0),
    ]
    assert rolled.total("rows.measurements") == 4


def test_web_errors_count_once_per_installation_and_quarter_for_clients(rolled):
    rolled.load(
        *(web_error(at(f"12:{minute:02}")) for minute in (1, 2, 16)),
        web_error(at("12:02"), installation="w2"),
        web_error(at("12:03"), severity="INFO"),
    )
    rolled.load(*[web_error(at("12:05"), name="twice", installation="w3")] * 2)
    rolled.roll("web_errors", "12:02", "13:00")
    rolled.roll("web_errors", "12:00", "12:02")
    assert rolled.counts("web_errors") == [
        ("12:01", "", 1, 1, 1),
        ("12:02", "", 2, 2, 1),
        ("12:05", "", 1, 1, 1),
        ("12:16", "", 1, 1, 1),
    ]
    assert rolled.total("rows.web_errors") == 6
