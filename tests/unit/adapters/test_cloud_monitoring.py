"""Cloud Monitoring's time series read as figures, with answers in the form its API gives them."""

from datetime import timedelta

import pytest
import requests

from shared.adapters.cloud_monitoring import CloudMonitoring
from shared.adapters.no_platform_metrics import NoPlatformMetrics
from shared.errors import NotMeasuredError, QueryError
from shared.ports.warehouse import PlatformFigure
from tests.conftest import NIGHT

SPANS = {"usual_since": NIGHT - timedelta(hours=24), "since": NIGHT, "until": NIGHT + timedelta(minutes=10)}


class Session:
    """Answers each question from a table: (metric, start of the span) -> (label, value)."""

    def __init__(self, *, status=200, fault=None, **values):
        self.status, self.fault, self.values, self.asked = status, fault, values, []

    def get(self, url, *, params, timeout):
        if self.fault:
            raise self.fault
        self.asked.append((url, params))
        answer = requests.Response()
        answer.status_code = self.status
        is_now = params["interval.startTime"] == NIGHT.isoformat()
        answer._content = self._body(params["filter"], is_now).encode()
        return answer

    def _body(self, question, is_now):
        for name, (label, now, usual) in self.values.items():
            if name in question:
                value = now if is_now else usual
                if value is None:
                    return "{}"
                resource = f'"resource": {{"type": "r", "labels": {{{label}}}}}'
                return f'{{"timeSeries": [{{{resource}, "points": [{{"interval": {{}}, "value": {{{value}}}}}]}}]}}'
        return "{}"


def test_a_figure_is_held_against_the_span_before():
    session = Session(
        request_count=('"service_name": "orders-api"', '"doubleValue": 0.5', '"doubleValue": 0.01'),
        instance_count=('"service_name": "orders-api"', '"int64Value": "7"', None),
    )
    found = CloudMonitoring("souk", lambda: session).figures("functions", **SPANS)
    assert found == [
        PlatformFigure("orders-api", "errors_a_minute", 30.0, pytest.approx(0.6)),
        PlatformFigure("orders-api", "instances", 7.0, None),
    ]
    url, question = session.asked[0]
    assert url == "https://monitoring.googleapis.com/v3/projects/souk/timeSeries"
    assert (
        question["filter"]
        == 'metric.type="run.googleapis.com/request_count" AND metric.label.response_code_class="5xx"'
    )
    assert question["aggregation.alignmentPeriod"] == "600s"
    assert (question["aggregation.perSeriesAligner"], question["aggregation.groupByFields"]) == (
        "ALIGN_RATE",
        "resource.label.service_name",
    )


def test_firestore_is_asked_about_its_databases():
    session = Session(request_latencies=('"database_id": "souk"', '"doubleValue": 900.0', '"doubleValue": 40.0'))
    found = CloudMonitoring("souk", lambda: session).figures("firestore", **SPANS)
    assert found == [PlatformFigure("souk", "latency_ms", 900.0, 40.0)]


@pytest.mark.parametrize(
    ("session", "words"),
    [
        (Session(status=403), "answered 403"),
        (Session(status=500), "answered 500"),
        (Session(fault=requests.ConnectTimeout("secret address")), "cannot be reached: ConnectTimeout"),
    ],
)
def test_no_answer_is_an_error_that_says_no_more_than_its_kind(session, words):
    with pytest.raises(QueryError, match=words) as raised:
        CloudMonitoring("souk", lambda: session).figures("functions", **SPANS)
    assert "secret" not in str(raised.value)


def test_where_nothing_is_measured_it_is_said():
    for metrics, group in ((NoPlatformMetrics(), "functions"), (CloudMonitoring("souk", Session), "weather")):
        with pytest.raises(NotMeasuredError):
            metrics.figures(group, **SPANS)
