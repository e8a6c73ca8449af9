"""Which jobs there are, and the steps of each in their order; when they run stands in jobs.yaml."""

from collections.abc import Mapping

STEPS: Mapping[str, tuple[str, ...]] = {
    "health_check": ("endpoints", "database", "sources"),
}
