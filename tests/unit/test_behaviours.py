"""The ninety behaviours that the product promises: each has tests of its name."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
NUMBER = re.compile(r"^test_(?:.*_)?(E\d\d)(?:_|$)")
PROMISED = {f"E{number:02}" for number in range(1, 91)}


def named():
    """Behaviour -> the tests that carry its number."""
    found = {}
    for file in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and (match := NUMBER.match(node.name)):
                found.setdefault(match[1], []).append(f"{file.relative_to(TESTS)}::{node.name}")
    return found


def test_every_behaviour_has_a_test_that_carries_its_number():
    found = named()
    assert sorted(PROMISED - found.keys()) == []
    assert sorted(found.keys() - PROMISED) == []
