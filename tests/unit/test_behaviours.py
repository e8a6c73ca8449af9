"""The ninety behaviours that the product promises: each has tests of its name."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
NUMBER = re.compile(r"^ *def test_(?:\w*_)?(E\d\d)(?:_|\()", re.MULTILINE)


def test_every_behaviour_has_a_test_that_carries_its_number():
    named = {number for file in TESTS.rglob("test_*.py") for number in NUMBER.findall(file.read_text(encoding="utf-8"))}
    assert named == {f"E{number:02}" for number in range(1, 91)}
