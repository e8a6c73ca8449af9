"""Time zones as people write them."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.config.faults import Fault, Path


def zone(name: str, place: Path) -> ZoneInfo:
    """The time zone of that name. Raises Fault for one that does not exist."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Fault(place, f"the time zone {name!r} does not exist", "write Africa/Cairo instead") from error
