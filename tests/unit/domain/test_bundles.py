"""Sizes of what visitors download, against the budget and against the last look."""

import pytest

from shared.domain.bundles import NAMED, Asset, evidence_of, judged
from shared.domain.jobs import Verdict

BUDGET = 750_000


@pytest.mark.parametrize(
    ("raw", "before", "verdict"),
    [
        (750_000, None, None),
        (750_001, None, Verdict.FAIL),
        (500_000, 450_000, Verdict.WARN),
        (500_000, 460_000, None),
        (20_000, 11_000, None),
        (400_000, 500_000, None),
        (750_001, 100_000, Verdict.FAIL),
    ],
)
def test_an_asset_over_the_budget_fails_and_one_that_grew_is_a_warning(raw, before, verdict):
    found = judged([Asset("index.js", 200_000, raw)], {} if before is None else {"index.js": before}, budget=BUDGET)
    assert [one.verdict for one in found] == ([] if verdict is None else [verdict])


def test_a_finding_names_the_asset_its_sizes_and_how_much_it_grew():
    (found,) = judged([Asset("index.js", 210_000, 800_000)], {"index.js": 700_000}, budget=BUDGET)
    assert found.subject == "index.js"
    assert (
        found.what == "index.js is 800.0 KB (210.0 KB compressed), over 750.0 KB, 100.0 KB more than at the last look"
    )


def test_an_asset_that_is_not_delivered_fails_with_its_reason():
    (found,) = judged([Asset("index.js", fault="it answers 404")], {"index.js": 9}, budget=BUDGET)
    assert (found.verdict, found.what) == (Verdict.FAIL, "index.js is not delivered: it answers 404")


def test_the_evidence_has_the_totals_and_the_largest():
    many = [Asset(f"{size}.js", size, 10 * size) for size in range(1, NAMED + 3)]
    found = evidence_of([*many, Asset("gone.js", fault="it answers 404")])
    total = sum(range(1, NAMED + 3))
    assert (found["assets"], found["raw"], found["transferred"]) == (NAMED + 2, 10 * total, total)
    assert f"{NAMED + 2}.js" in found
    assert "1.js" not in found
    assert "gone.js" not in found
