"""Platform metrics where there is no platform: an installation on one machine."""

from datetime import datetime

from shared.errors import NotMeasuredError
from shared.ports.warehouse import PlatformFigure


class NoPlatformMetrics:
    """Implements `PlatformMetrics` by saying that there are none."""

    def figures(self, group: str, *, usual_since: datetime, since: datetime, until: datetime) -> list[PlatformFigure]:
        """Always raises NotMeasuredError."""
        del usual_since, since, until
        raise NotMeasuredError(f"no platform metrics of {group} here")
