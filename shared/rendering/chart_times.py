"""The axis of time: Cairo's round hours, days, weeks and months, as many as have room for their names."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, takewhile
from math import ceil

from shared.domain.figures import Span
from shared.domain.periods import ZONE
from shared.rendering.chart_text import NARROW, text_width
from shared.rendering.plurals import month, weekday

A_MINUTE, A_DAY = timedelta(minutes=1), timedelta(days=1)
CLOCKS = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 15, 30, 60, 120, 180, 360, 720))
DAYS, MONTHS = (1, 2, 7, 14), (1, 3, 6, 12)
SUNDAY = 6  # Egypt's week of work begins with it
SIZE, APART = 11, 14.0

Words = Callable[[datetime, str], str]  # an instant as a clock in Cairo shows it, and the language


@dataclass(frozen=True, slots=True)
class Tick:
    """A round time: minutes since the span's start; `least` is the plot's width from which on its text has room."""

    at: float
    text: str
    least: float = 0.0


def minutes_since(start: datetime, at: datetime) -> float:
    """Where an instant lies on the axis."""
    return round((at - start) / A_MINUTE, 2)


def ticks(span: Span, *, width: float, by_day: bool, locale: str) -> tuple[Tick, ...]:
    """The finest round times that have room in a plot of that width, and which of them have room in a narrow one."""
    for step, instants, words in _rows(span, by_day=by_day):
        texts = [words(at.astimezone(ZONE), locale) for at in instants]
        needed = max((text_width(text, SIZE) for text in texts), default=0.0) + APART
        share = step / (span.until - span.since)
        if share * width >= needed:
            every = ceil(needed / (share * NARROW))
            return tuple(_thinned(list(zip(instants, texts, strict=True)), span, every, width))
    return ()


def span_words(span: Span, locale: str) -> str:
    """The span in Cairo's time: "29 Nov 2026", "23 – 29 Nov 2026", "29 Nov 14:00 – 20:00"."""
    first, last = span.since.astimezone(ZONE), span.until.astimezone(ZONE)
    if first.time() == last.time() == time():
        last -= A_DAY
        return _range(_date_words(first, locale), _date_words(last, locale)) + f" {last.year}"
    ends = f"{last:%H:%M}" if first.date() == last.date() else f"{_date_words(last, locale)} {last:%H:%M}"
    return _range(f"{_date_words(first, locale)} {first:%H:%M}", ends)


def moment_words(at: datetime, step: timedelta, locale: str) -> str:
    """The step that begins then, as a table names it: "29 Nov 2026", or "29 Nov 14:00"."""
    local = at.astimezone(ZONE)
    return f"{_date_words(local, locale)} {local.year if step >= A_DAY else f'{local:%H:%M}'}"


def _thinned(found: Sequence[tuple[datetime, str]], span: Span, every: int, width: float) -> Iterator[Tick]:
    """A narrow plot shows every so many, midnights before others."""
    anchor = next((n for n, (at, _) in enumerate(found) if at.astimezone(ZONE).time() == time()), 0)
    for number, (at, text) in enumerate(found):
        yield Tick(minutes_since(span.since, at), text, 0.0 if (number - anchor) % every == 0 else width)


def _rows(span: Span, *, by_day: bool) -> Iterator[tuple[timedelta, list[datetime], Words]]:
    for clock in () if by_day else CLOCKS:
        yield clock, _inside(span, _clock_times(span, clock)), _clock_words
    yield A_DAY, _inside(span, _midnights(span, 1)), _weekday_words
    for days in DAYS:
        yield days * A_DAY, _inside(span, _midnights(span, days)), _date_words
    for months in MONTHS:
        yield months * 30 * A_DAY, _inside(span, _firsts(span, months)), _month_words


def _inside(span: Span, instants: Iterator[datetime]) -> list[datetime]:
    return [at for at in takewhile(lambda at: at <= span.until, instants) if at >= span.since]


def _clock_times(span: Span, step: timedelta) -> Iterator[datetime]:
    """Multiples of the step since midnight; what a clock skips in spring is left out."""
    for midnight in _days(span, 1):
        for number in range(A_DAY // step):
            wall = datetime.combine(midnight, time(), ZONE) + number * step
            at = wall.astimezone(UTC)
            if at.astimezone(ZONE).time() == wall.time():
                yield at


def _midnights(span: Span, days: int) -> Iterator[datetime]:
    return (datetime.combine(day, time(), ZONE).astimezone(UTC) for day in _days(span, days))


def _days(span: Span, every: int) -> Iterator[date]:
    """The days of the span; of weeks the Sundays."""
    first = span.since.astimezone(ZONE).date()
    if every % 7 == 0:
        first += (SUNDAY - first.weekday()) % 7 * A_DAY
    return (first + number * every * A_DAY for number in count())


def _firsts(span: Span, months: int) -> Iterator[datetime]:
    start = span.since.astimezone(ZONE)
    for number in count(start.year * 12 + start.month - 1):
        if number % months == 0:
            yield datetime(number // 12, number % 12 + 1, 1, tzinfo=ZONE).astimezone(UTC)


def _clock_words(at: datetime, locale: str) -> str:
    return _date_words(at, locale) if at.time() == time() else f"{at:%H:%M}"


def _date_words(at: datetime, locale: str) -> str:
    return f"{at.day} {month(at.month)}" if locale == "ar" else f"{at.day} {at:%b}"


def _weekday_words(at: datetime, locale: str) -> str:
    name = weekday(at.weekday()) if locale == "ar" else f"{at:%a}"
    return f"{name} {_date_words(at, locale)}"


def _month_words(at: datetime, locale: str) -> str:
    return f"{month(at.month)} {at.year}" if locale == "ar" else f"{at:%b %Y}"


def _range(first: str, last: str) -> str:
    """From, to; once where they are equal, and without what both end with."""
    if first == last:
        return first
    day, _, rest = first.partition(" ")
    return f"{day} – {last}" if last.endswith(f" {rest}") and rest else f"{first} – {last}"
