"""The README's threat model names tests that exist."""

import re

import pytest

from infra.tools.sources import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
TABLE = README.partition("## Threat model\n")[2].partition("\n## ")[0]
ROWS = [line.strip("| ").split(" | ") for line in TABLE.splitlines() if line.startswith("| ") and "---" not in line][1:]


def test_every_row_has_an_asset_a_threat_what_we_do_and_a_test():
    assert len(ROWS) > 15
    assert {len(row) for row in ROWS} == {4}
    assert [row[1] for row in ROWS if not re.search(r"`tests/\S+\.py::\w+`", row[3])] == []


@pytest.mark.parametrize("shown", sorted(set(re.findall(r"`(tests/\S+\.py::\w+)`", TABLE))))
def test_each_test_it_names_exists(shown):
    file, _, name = shown.partition("::")
    assert re.search(rf"^\s*def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
