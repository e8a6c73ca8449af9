"""What a query for the list of incidents asks for; what makes no sense is left out."""

import pytest

from shared.usecases.incident_list import LAST_PAGE, wanted


@pytest.mark.parametrize(
    ("page", "number"),
    [("", 1), ("0", 1), ("2", 2), ("x", 1), ("-1", 1), ("٣", 1), ("1234567a", LAST_PAGE), ("9" * 5_000, LAST_PAGE)],
)
def test_a_page_that_makes_no_sense_is_the_first_or_the_last(page, number):
    assert wanted({"page": page}).number == number
