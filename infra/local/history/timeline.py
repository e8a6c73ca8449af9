"""The analytics events of a session, in time: what the export holds one row each for."""

from collections.abc import Iterator
from typing import NamedTuple

from infra.local.history.visits import Page, Visit

VITALS = 5  # TTFB, FCP, LCP, CLS, INP
TWICE_PURCHASED = 50  # one purchase in so many is reported twice, as really happens
TWICE_PAINTED = 10  # one page in so many reports its largest paint twice, growing


class Step(NamedTuple):
    """One event; `page` is the number of the page it belongs to, `value` the vital's or the engagement's (ms)."""

    at: float
    name: str
    page: int
    value: float = 0.0


def steps(visit: Visit) -> Iterator[Step]:
    """The events of the session, page by page."""
    yield Step(visit.at, "session_start", 0)
    if visit.is_new:
        yield Step(visit.at, "first_visit", 0)
    for number, page in enumerate(visit.pages):
        yield from _on_page(number, page, is_app=visit.is_app)
    last = len(visit.pages) - 1
    if visit.lead:
        yield Step(visit.lead, "generate_lead", last)
    if visit.checkout:
        yield Step(visit.checkout, "add_to_cart", last)
        yield Step(visit.checkout, "begin_checkout", last)
    if visit.purchase:
        yield from [Step(visit.purchase, "purchase", last, visit.price)] * _purchases(visit)


def rows_at(visit: Visit) -> Iterator[tuple[float, int]]:
    """How many steps the session has when: what counting `steps` gives, several times faster."""
    yield visit.at, 1 + visit.is_new
    for number, page in enumerate(visit.pages):
        vitals = 0 if visit.is_app else VITALS + _painted_twice(page)
        yield page.at, 1 + (number > 0) + vitals
        yield page.end, 1
    if visit.lead:
        yield visit.lead, 1
    if visit.checkout:
        yield visit.checkout, 2
    if visit.purchase:
        yield visit.purchase, _purchases(visit)


def interaction(first_paint: float) -> float:
    """How long a page that painted so takes to answer a tap, in ms."""
    return float(round(40 + first_paint / 10))


def _purchases(visit: Visit) -> int:
    return 2 if int(visit.price * 100) % TWICE_PURCHASED == 0 else 1


def _painted_twice(page: Page) -> bool:
    return int(page.largest_paint * 10) % TWICE_PAINTED == 0


def _on_page(number: int, page: Page, *, is_app: bool) -> Iterator[Step]:
    yield Step(page.at, "screen_view" if is_app else "page_view", number)
    if number:
        yield Step(page.at, "view_item", number)
    if not is_app:
        yield from _vitals(number, page)
    yield Step(page.end, "user_engagement", number, float(round(page.seconds * 1000)))


def _vitals(number: int, page: Page) -> Iterator[Step]:
    at, first, largest = page.at, page.first_paint, page.largest_paint
    yield Step(at, "TTFB", number, round(first / 3, 1))
    yield Step(at, "FCP", number, first)
    if _painted_twice(page):
        yield Step(at, "LCP", number, round(largest * 0.8, 1))
    yield Step(at, "LCP", number, largest)
    yield Step(at, "CLS", number, round(first % 100 / 1000, 4))
    yield Step(at, "INP", number, interaction(first))
