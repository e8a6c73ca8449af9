"""Cron lines, checked by the library that reads them."""

from datetime import UTC, datetime

from cronsim import CronSim, CronSimError

from shared.config.faults import Fault, Path


def checked(line: str, place: Path) -> None:
    """Raises Fault where the line is no schedule."""
    try:
        CronSim(line, datetime.now(UTC))
    except CronSimError as error:
        raise Fault(place, f"{line!r} is no schedule: {error}", 'write five fields such as "0 9 * * *"') from error
