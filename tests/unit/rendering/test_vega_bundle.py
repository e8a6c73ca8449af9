"""The charts' script: made of a package, the same every time, with nothing in it that a page would have to allow."""

import hashlib
import subprocess
import sys

import pytest

from shared.rendering import vega
from shared.rendering.assets import CHARTS, addresses, content, packed
from shared.rendering.chart_colours import THEMES


@pytest.fixture(scope="module")
def script():
    return vega.bundle()


def test_it_defines_one_name_and_leaves_the_page_s_others_alone(script):
    notice, _, code = script.partition("\n")
    assert "BSD-3-Clause" in notice
    assert code.startswith('(() => {"use strict";')
    assert script.endswith("})();\n")
    assert "window.soukCharts=" in script
    assert "window.vega" not in script


def test_it_can_stand_inside_a_page(script):
    assert [part for part in ("</script", "<!--", "\u2028", "\u2029") if part in script.lower()] == []


def test_it_knows_the_colours_of_every_theme(script):
    assert [value for theme in THEMES.values() for value in theme.values() if value not in script] == []


def test_it_is_the_same_in_every_process(script):
    code = (
        "import hashlib; from shared.rendering.vega import bundle; print(hashlib.sha256(bundle().encode()).hexdigest())"
    )
    found = subprocess.check_output([sys.executable, "-c", code], text=True).strip()
    assert found == hashlib.sha256(script.encode()).hexdigest()


def test_its_address_is_known_without_making_it_and_changes_with_what_it_is_made_of(monkeypatch, tmp_path):
    monkeypatch.setattr(vega, "renderer", None)  # would fail
    vega.bundle_version.cache_clear()
    before = vega.bundle_version()
    assert addresses()[CHARTS] == f"/assets/charts.js?{before[:12]}"
    changed = tmp_path / "charts.js"
    changed.write_text(vega.SCRIPT.read_text(encoding="utf-8") + " ", encoding="utf-8")
    monkeypatch.setattr(vega, "SCRIPT", changed)
    vega.bundle_version.cache_clear()
    assert vega.bundle_version() != before
    vega.bundle_version.cache_clear()


def test_it_is_compressed_to_a_third():
    assert len(packed(CHARTS)) < len(content(CHARTS)) / 2.5
    assert packed("icon.svg") is None
