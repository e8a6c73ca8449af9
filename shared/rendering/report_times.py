"""Times in reports, in words and as Cairo's clocks have them: periods, instants, lengths."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.domain.oncall import CAIRO
from shared.domain.periods import Period, PeriodKind
from shared.rendering.report_words import report_words
from shared.rendering.view import span

LANGUAGES = {"ar": "ar_EG"}
A_MINUTE = timedelta(minutes=1)


def period_words(period: Period, locale: str) -> str:
    """The period: "Sunday 29 November 2026", "23 to 29 November 2026", "November 2026"."""
    if period.kind is PeriodKind.DAY:
        return _date(period.first, "EEEE d MMMM y", locale)
    if period.kind is PeriodKind.MONTH:
        return _date(period.first, "MMMM y", locale)
    first, last = period.first, period.last
    said = "d" if (first.year, first.month) == (last.year, last.month) else "d MMMM"
    return report_words(locale)["to"].format(
        first=_date(first, said if first.year == last.year else "d MMMM y", locale),
        last=_date(last, "d MMMM y", locale),
    )


def moment(at: datetime, locale: str) -> str:
    """An instant in full: "Monday 30 November 2026, 09:00 Cairo time"."""
    local, say = at.astimezone(ZoneInfo(CAIRO)), report_words(locale)
    return f"{_date(local.date(), 'EEEE d MMMM y', locale)}{say['comma']}{local:%H:%M} {say['cairo']}"


def short_moment(at: datetime, locale: str) -> str:
    """An instant in little room, Cairo's clock: "29 Nov 14:05"."""
    local = at.astimezone(ZoneInfo(CAIRO))
    return f"{_date(local.date(), 'd MMM', locale)} {local:%H:%M}"


def day_words(day: date, locale: str) -> str:
    """A day: "29 November 2026"."""
    return _date(day, "d MMMM y", locale)


def weekday_words(at: datetime, locale: str) -> str:
    """The day in Egypt that the instant belongs to: "Sunday 29 November"."""
    return _date(at.astimezone(ZoneInfo(CAIRO)).date(), "EEEE d MMMM", locale)


def length_words(length: timedelta, locale: str) -> str:
    """How long something took: "2 h 5 min", "under 1 min"."""
    return report_words(locale)["moments"] if length < A_MINUTE else span(length, locale)


def _date(day: date, form: str, locale: str) -> str:
    from babel.dates import format_date  # noqa: PLC0415 - only who writes a report pays for it

    return str(format_date(day, form, locale=LANGUAGES.get(locale, "en")))
