"""Instants as people write them on the command line."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click

from shared.adapters.clocks import SystemClock
from shared.domain.oncall import CAIRO


def instant(text: str) -> datetime:
    """The instant in UTC: Cairo time unless it has an offset; now for "". Raises click.BadParameter."""
    if not text:
        return SystemClock().now()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not an instant; write for example 2026-03-10T02:10") from None
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(CAIRO))).astimezone(UTC)
