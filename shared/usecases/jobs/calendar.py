"""When jobs are due: cron lines in Egypt's time, with the n-th weekday of a month ("0 5 * * MON#1").

Cron's own lines cannot say "the first Monday" (day of month and day of week are alternatives there), and Cloud
Scheduler knows no "#"; so a function wakes often, and this says what has become due. Where Egypt's clock jumps, a fixed
time that does not exist comes at the end of the gap and one that exists twice comes once, as Debian's cron has it.
Write hours out ("0,4,8"): of "*/4" cron makes a time that does not exist none at all.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from shared.domain.oncall import CAIRO

ZONE = ZoneInfo(CAIRO)
REPEATED = timedelta(hours=1, minutes=1)


def last_due(cron: str, now: datetime) -> datetime | None:
    """The newest instant up to now at which the line fires; None where it never did."""
    from cronsim import CronSim  # noqa: PLC0415 - a cold start does without it

    local = now.astimezone(ZONE) + REPEATED  # in the hour that exists twice, what was due is ahead on the clock's face
    return next((at.astimezone(now.tzinfo) for at in CronSim(cron, local, reverse=True) if at <= now), None)


def coming(cron: str, after: datetime, until: datetime) -> Iterator[datetime]:
    """The instants in (after, until], oldest first."""
    from cronsim import CronSim  # noqa: PLC0415 - see above

    for at in CronSim(cron, after.astimezone(ZONE)):
        if at > until:
            return
        yield at.astimezone(after.tzinfo)
