"""An impact statement as people read it: one sentence of what is known, then each figure with how sure it is."""

from shared.domain.impact_statements import (
    ERRORS,
    ORDERS_MADE,
    REVENUE_MADE,
    VISITS,
    Estimate,
    Figure,
    Statement,
    Unknown,
)
from shared.domain.rules import Unit
from shared.rendering.escaping import isolated
from shared.rendering.figures import SCALES, amount
from shared.rendering.impact_words import words
from shared.rendering.view import cairo

METRIC_OF = {
    Figure.USERS: ERRORS,
    Figure.SESSIONS: VISITS,
    Figure.TRAFFIC: ERRORS,
    Figure.ORDERS: ORDERS_MADE,
    Figure.REVENUE: REVENUE_MADE,
}
SMALL = 10
_OF_A_SOURCE = frozenset({Unknown.NO_ROWS, Unknown.LATE})


def impact_title(statement: Statement, locale: str = "en") -> str:
    """The heading: the whole of it, or what is known so far."""
    return words(locale)["impact" if statement.is_final else "so_far"]


def impact_sentence(statement: Statement, locale: str = "en") -> str:
    """What is known in one line: "People hit: 40, Share of traffic hit: 33 %, Revenue lost: EGP 11,400"."""
    say, comma = words(locale), "، " if locale == "ar" else ", "
    known = [one for one in statement.estimates if one.value is not None]
    if known:
        return comma.join(f"{say[one.figure]}: {_value(one, statement, locale)}" for one in known)
    reasons = dict.fromkeys(say[one.unknown] for one in statement.estimates if one.unknown)
    return say["none_known"].format("; ".join(reasons))


def impact_details(statement: Statement, locale: str = "en") -> tuple[tuple[str, str], ...]:
    """Each figure with its value, how sure it is, why, and from where; or why it is not known."""
    say = words(locale)
    return tuple((say[one.figure], _detail(one, statement, locale)) for one in statement.estimates)


def impact_span(statement: Statement, locale: str = "en") -> str:
    """The time that was looked at."""
    return words(locale)["looked_at"].format(cairo(statement.since, locale), cairo(statement.until, locale))


def _detail(one: Estimate, statement: Statement, locale: str) -> str:
    say = words(locale)
    if one.value is None or one.confidence is None or one.basis is None:
        why = say[one.unknown or Unknown.NO_ROWS]
        if one.unknown is Unknown.NO_SOURCE:
            why = f"{why} ({say['set_source'].format(_name(METRIC_OF[one.figure], locale))})"
        if one.unknown in _OF_A_SOURCE and one.source:
            why = f"{why} ({_name(one.source, locale)})"
        return say["unknown"].format(why)
    source = _name(one.source, locale)
    return say["confidence"].format(_value(one, statement, locale), say[one.confidence], say[one.basis], source)


def _value(one: Estimate, statement: Statement, locale: str) -> str:
    value = one.value or 0.0
    if one.figure is Figure.TRAFFIC:
        return amount(value, SCALES[Unit.PERCENT][0], locale)
    text = f"{value:,.0f}" if value >= SMALL or value == int(value) else f"{value:,.1f}"
    if one.figure is Figure.REVENUE:
        return _name(f"{statement.currency}\u00a0{text}", locale)
    return text


def _name(text: str, locale: str) -> str:
    return isolated(text) if locale == "ar" else text
