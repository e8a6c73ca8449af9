"""Time zones as people write them."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from shared.config.faults import Fault, Path
from shared.config.suggesting import nearest


def zone(name: str, place: Path) -> ZoneInfo:
    """The time zone of that name. Raises Fault for one that does not exist."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Fault(
            place,
            f"the time zone {name!r} does not exist",
            f"write {nearest(name, available_timezones()) or 'Africa/Cairo'} instead",
        ) from error
