"""Which edition of a report is made when."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.editions import Issue, Issued, issue, with_edition
from shared.domain.periods import period_named
from shared.domain.reports import Edition

DAY = period_named("2026-11-29")
AT_NINE = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)
THREE_DAYS = timedelta(days=3)


def issued(edition):
    return Issued("performance_report", DAY.name, edition, AT_NINE, editions=(edition,))


@pytest.mark.parametrize(
    ("before", "is_complete", "later", "wanted"),
    [
        (None, True, timedelta(0), Issue.FINAL),
        (None, False, timedelta(0), Issue.PROVISIONAL),
        (Edition.PROVISIONAL, False, timedelta(hours=1), Issue.WAIT),
        (Edition.PROVISIONAL, True, timedelta(hours=1), Issue.FINAL),
        (Edition.PROVISIONAL, False, THREE_DAYS, Issue.FINAL_WITH_GAPS),
        (None, False, THREE_DAYS, Issue.FINAL_WITH_GAPS),
        (Edition.FINAL, True, timedelta(0), Issue.DONE),
        (Edition.FINAL, False, THREE_DAYS, Issue.DONE),
    ],
)
def test_E82_a_late_report_is_provisional_until_all_is_there_and_final_once(before, is_complete, later, wanted):
    known = None if before is None else issued(before)
    found = issue(known, DAY, is_complete=is_complete, now=AT_NINE + later, final_after=THREE_DAYS)
    assert found is wanted


def test_E82_only_what_is_made_has_an_edition():
    assert {one.edition for one in Issue} == {Edition.FINAL, Edition.PROVISIONAL, None}
    assert Issue.WAIT.edition is None
    assert Issue.DONE.edition is None


def test_the_record_keeps_every_edition_in_order():
    first = with_edition(None, issued(Edition.PROVISIONAL))
    second = with_edition(first, issued(Edition.FINAL))
    assert (first.editions, second.editions) == (("provisional",), ("provisional", "final"))
    assert (first.is_open, second.is_open) == (True, False)
