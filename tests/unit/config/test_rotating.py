"""Layers as people write them."""

from datetime import date, time, timedelta
from pathlib import Path
from shutil import copytree

import yaml

from shared.config.loader import load
from shared.config.normal_forms import spelled_out
from shared.domain.oncall import Layer
from shared.domain.wallclock import Hours

HERE = Path(__file__).parent
LAYERED = """
    layers:
      - {people: [omar], hours: "21:00-09:00"}
      - {people: [mona], days: [fri, sat], first_day: 2026-02-06, handover: "00:00", turn: 2d, timezone: Asia/Dubai}
"""


def layered(tmp_path):
    home = copytree(HERE / "good", tmp_path / "config")
    oncall = home / "oncall.yaml"
    short = "  primary: {people: [mona, omar], first_day: 2026-01-04}\n"
    long = "  primary:\n    people: [mona, omar]\n    first_day: 2026-01-04\n    turn: 12h" + LAYERED
    oncall.write_text(oncall.read_text().replace(short, long))
    return home


def test_a_layer_inherits_what_it_leaves_out(tmp_path):
    rotation = load(layered(tmp_path)).directory.rotations["primary"]
    half = timedelta(hours=12)
    assert rotation.base == Layer(("mona", "omar"), date(2026, 1, 4), time(9), half, "Africa/Cairo")
    assert rotation.layers == (
        Layer(("omar",), date(2026, 1, 4), time(9), half, "Africa/Cairo", Hours(time(21), time(9))),
        Layer(("mona",), date(2026, 2, 6), time(0), timedelta(days=2), "Asia/Dubai", days=frozenset({4, 5})),
    )


def test_a_layered_rotation_has_a_normal_form_that_loads_again(tmp_path):
    text = spelled_out((layered(tmp_path) / "oncall.yaml").read_bytes(), file="oncall.yaml")
    assert spelled_out(text.encode(), file="again.yaml") == text
    assert yaml.safe_load(text)["rotations"]["primary"]["layers"][1]["days"] == ["fri", "sat"]


def test_layers_alone_make_a_rotation(tmp_path):
    home = layered(tmp_path)
    oncall = home / "oncall.yaml"
    oncall.write_text(oncall.read_text().replace("    people: [mona, omar]\n    first_day", "    first_day"))
    assert load(home).directory.rotations["primary"].people == ("omar", "mona")
