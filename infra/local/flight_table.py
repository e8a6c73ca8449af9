"""A flight as a table for people: one line for each message, then what it comes to."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from infra.local.flight import Flight, Told
from shared.domain.oncall import CAIRO
from shared.domain.reasons import Notify
from shared.rendering.view import span

HEAD = ("after", "Cairo time", "level", "reason", "who", "by", "in", "length", "cost")
NO_PRICE = "no price configured"


def lines(flight: Flight) -> Iterator[str]:
    """The whole output, line by line."""
    yield f"{flight.rule} ({flight.severity}) breaks at {_local(flight.start)}, and nobody answers."
    if flight.decision != Notify.FIRST:
        yield f"Nobody is told at once: {flight.decision}."
    yield ""
    yield from _aligned([HEAD, *_rows(flight)])
    yield ""
    yield from _summary(flight)


def _rows(flight: Flight) -> Iterator[tuple[str, ...]]:
    before = None
    for row in flight.told:
        again = row.at == before
        before = row.at
        when = ("", "") if again else (_offset(row.at - flight.start), _local(row.at))
        length = row.length if row in flight.sent else row.state
        yield (*when, str(row.level), row.reason, row.who, row.channel, row.language, length, _cost(row))


def _summary(flight: Flight) -> Iterator[str]:
    who = dict.fromkeys(row.who for row in flight.sent)
    places = [name for name in who if name.startswith("#")]
    total = f"{flight.usd:.2f} USD (estimate)"
    if flight.unpriced:
        total += f", {flight.unpriced} without a price: add their country to countries.yaml"
    told = ", ".join([f"{len(who) - len(places)} people", *places])
    yield f"{len(flight.sent)} messages to {told}; {total}."
    woken = flight.woken_at
    yield f"First text or call: {_offset(woken - flight.start)}." if woken else "No telephone rings: no text, no call."
    promise = span(flight.promise)
    for pause in flight.pauses:
        lasts = span(pause.end - pause.start)
        yield f"Nobody is told for {lasts} from {_local(pause.start)}: longer than the promise to answer ({promise})."
    yield f"After {_offset(flight.end - flight.start)} nobody is told any more." if flight.sent else "Nobody is told."


def _cost(row: Told) -> str:
    if row.usd is None:
        return NO_PRICE
    return f"{row.usd:.2f}" if row.usd else ""


def _offset(length: timedelta) -> str:
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"+{hours}:{minutes:02d}" + (f":{seconds:02d}" if seconds else "")


def _local(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo(CAIRO)):%a %d %b %H:%M}"


def _aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
