from datetime import timedelta

import pytest

from shared.domain.detection_time import detection_time
from tests.unit.domain.rulebook import METRICS, SHIPPED, rule, shipped

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("made", "worst"),
    [
        (shipped("error_rate_alert"), 3 * MINUTE),
        (shipped("order_failure_alert"), 3 * MINUTE),
        (shipped("load_time_alert"), 17 * MINUTE),
        (shipped("conversion_drop_alert"), 2 * HOUR + 15 * MINUTE),
        (shipped("user_engagement_alert"), DAY + HOUR + 15 * MINUTE),
        (shipped("bundle_size_alert"), 2 * MINUTE),
        (shipped("error_rate_burn"), 7 * MINUTE),
        (rule(condition="error_rate > 1%", window="10m", **{"for": "5m"}), 17 * MINUTE),
        (rule(condition="database_latency > 50ms"), 7 * MINUTE),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_the_worst_case_is_the_sum_of_source_window_evaluation_and_for(made, worst):
    metric = METRICS[made.metric]
    assert detection_time(made, metric, SHIPPED.sources.get(metric.source)).worst == worst
