"""Word to the evaluation that something may have changed a metric, so that its rules need not wait for the minute."""

from collections.abc import Collection

import msgspec

from shared.ports.platform import Publisher

TOUCHED = "touched-metrics"


def touch(publisher: Publisher, metrics: Collection[str]) -> None:
    """Have the rules of these metrics evaluated at once; what is lost on the way is made good by the minute."""
    if metrics:
        publisher.publish(TOUCHED, msgspec.json.encode({"metrics": sorted(metrics)}))
