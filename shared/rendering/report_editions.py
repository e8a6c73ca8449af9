"""Why a report is provisional, or final with gaps: which sources are late, and until when each is complete."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from shared.domain.figures import Figure, Gap
from shared.domain.reports import Edition
from shared.rendering.report_names import SOURCES, named
from shared.rendering.report_times import moment, short_moment
from shared.rendering.report_words import report_words


def edition_note(edition: Edition, figures: Iterable[Figure], locale: str, *, final_by: datetime | None = None) -> str:
    """What a reader has to know about how far the report can be trusted, in a sentence or two."""
    say = report_words(locale)
    sources = say["semicolon"].join(_late(figures, locale))
    if edition is Edition.FINAL:
        return say["final_with_gaps"].format(sources=sources) if sources else say["final"]
    by = "" if final_by is None else moment(final_by, locale)
    follows = say["follows_by"].format(at=by) if by else say["follows"]
    return say["provisional" if sources else "provisional_plainly"].format(sources=sources, follows=follows)


def _late(figures: Iterable[Figure], locale: str) -> Iterator[str]:
    """Each late source once: how far it has come, or that nothing has come from it."""
    say, reached = report_words(locale), dict[str, datetime | None]()
    for one in figures:
        if one.gap is Gap.LATE or (one.gap is Gap.NO_DATA and one.complete_until is None):
            reached.setdefault(one.metric.source, one.complete_until)
    for source, until in reached.items():
        name = named(source, SOURCES, locale)
        if until is None:
            yield say["silent_source"].format(source=name)
        else:
            yield say["late_source"].format(source=name, at=short_moment(until, locale))
