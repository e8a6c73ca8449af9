"""Small charts: what they show, that nothing touches, and that the picture is light and reads anywhere."""

import struct
import zlib
from datetime import timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from shared.domain.rules import Unit
from shared.rendering import chart_layout, charts
from shared.rendering.png import packed
from tests.unit.evidence_samples import evidence, points


def layers(found, kind):
    marks = [(layer["mark"], layer) for layer in found["layer"]]
    return [layer for mark, layer in marks if (mark if isinstance(mark, str) else mark["type"]) == kind]


def texts(found):
    return [layer["mark"]["text"] for layer in layers(found, "text")]


def chunks(picture):
    at, found = 8, {}
    while at < len(picture):
        (length,) = struct.unpack_from(">I", picture, at)
        name, body = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", picture, at + 8 + length)[0] == zlib.crc32(name + body)
        found[name] = found.get(name, b"") + body
        at += length + 12
    return found


def test_the_values_are_a_line_that_breaks_where_there_are_none():
    (line,) = layers(charts.spec(evidence()), "line")
    values = [row["value"] for row in line["data"]["values"]]
    assert values == [value for _, value in evidence().points]
    assert line["mark"]["invalid"] == "break-paths-show-domains"


def test_the_limit_is_a_red_rule_and_the_baseline_a_dashed_grey_one_each_with_its_figure():
    found = charts.spec(evidence())
    drawn = {layer["mark"]["color"]: layer for layer in layers(found, "rule")}
    assert drawn[charts.RED]["data"]["values"] == [{"value": 1.0}]
    assert drawn[charts.GREY]["data"]["values"] == [{"value": 0.31}]
    assert drawn[charts.GREY]["mark"]["strokeDash"] == [4, 3]
    assert {"limit 1\u00a0%", "usually 0.31\u00a0%", "4.2\u00a0%"} <= set(texts(found))


def test_a_breach_is_shaded_from_its_first_step_to_the_end_of_its_last_and_gaps_are_grey():
    (bands,) = layers(charts.spec(evidence()), "rect")
    spans = [(span["from"], span["to"], span["colour"]) for span in bands["data"]["values"]]
    assert spans == [
        (100, 180, charts.PALE),
        (200, 205, charts.PALE),
        (210, 215, charts.PALE),
        (335, 360, charts.ROSE),
    ]


def test_a_value_between_two_gaps_is_a_dot_or_it_would_not_be_seen():
    (dots,) = layers(charts.spec(evidence()), "point")
    assert [row["at"] for row in dots["data"]["values"]] == [41 * 5 + 2.5]


def test_a_wide_gap_says_what_it_is_and_a_narrow_one_has_no_room_to():
    assert texts(charts.spec(evidence())).count("no data") == 1
    short = points(lambda step: None if 20 <= step < 24 else 0.3)
    assert "no data" not in texts(charts.spec(evidence(points=short)))


@pytest.mark.parametrize("limit", [1.0, 0.32, 4.1, 4.2])
@pytest.mark.parametrize("baseline", [0.0, 0.31, 1.0, 4.2])
def test_the_three_labels_never_touch_and_stay_in_the_picture(limit, baseline):
    shown = evidence(limit=limit, baseline=baseline)
    heights = [label.y for label in chart_layout.labels(shown, chart_layout.plot_of(shown), "en")]
    assert len(heights) == 3
    assert all(below - above >= chart_layout.ROW for above, below in pairwise(heights))
    assert min(heights) >= -charts.TOP / 2
    assert max(heights) <= chart_layout.HEIGHT


def test_everything_drawn_lies_inside_the_bounds():
    plot = chart_layout.plot_of(evidence(value=7.0, limit=9.0, baseline=-1.0))
    assert plot.low < -1.0
    assert plot.high > 9.0


@pytest.mark.parametrize(
    ("values", "low"), [((4.2, 1.0, 0.31), 0.0), ((99.2, 99.9, 99.97), 99.1), ((0.0, None, None), 0.0)]
)
def test_the_axis_begins_at_zero_unless_everything_lies_far_from_it(values, low):
    value, limit, baseline = values
    shown = evidence(value=value, limit=limit, baseline=baseline, points=())
    assert chart_layout.plot_of(shown).low == pytest.approx(low, abs=0.05)


def test_figures_and_points_share_one_scale():
    shown = evidence(
        unit=Unit.MILLISECONDS, value=1_520.0, limit=1_500.0, baseline=900.0, points=points(lambda _: 900.0)
    )
    plot = chart_layout.plot_of(shown)
    assert (plot.limit, plot.points[0].value, plot.scale.english) == (1.5, 0.9, "s")


def test_the_hours_are_those_of_a_clock_in_cairo_also_over_its_clock_change():
    plot = chart_layout.plot_of(evidence())
    assert chart_layout.hours(plot) == [(45 + 60 * n, f"{(21 + n) % 24:02}:00") for n in range(6)]
    spring = timedelta(days=45)  # at midnight before 24 April 2026 the clock jumps to 01:00
    moved = evidence(points=tuple((at + spring, value) for at, value in evidence().points))
    found = [text for _, text in chart_layout.hours(chart_layout.plot_of(moved))]
    assert found == ["21:00", "22:00", "23:00", "01:00", "02:00", "03:00"]


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_the_picture_is_twice_480_by_160_light_and_white_behind(locale):
    picture = charts.png(evidence(), locale)
    found = chunks(picture)
    assert struct.unpack(">II", found[b"IHDR"][:8]) == (960, 320)
    assert len(picture) < 40_000
    assert zlib.decompress(found[b"IDAT"])[1:5] == b"\xff\xff\xff\xff"


def test_the_heaviest_line_still_makes_a_light_picture():
    noisy = points(lambda step: (step * 7919) % 97 + 1.0)
    assert len(charts.png(evidence(points=noisy), "ar")) < 40_000
    assert len(charts.svg(evidence(points=noisy), "ar").encode()) < 30_000


@pytest.mark.parametrize(
    "changes",
    [
        {"points": ()},
        {"points": points(lambda _: None), "value": None},
        {"value": None, "limit": None, "baseline": None, "points": ()},
        {"value": 0.0, "limit": 0.0, "baseline": 0.0, "points": points(lambda _: 0.0)},
        {"value": 1e-9, "limit": 1e12},
        {"value": -5.0, "limit": None},
    ],
)
def test_any_evidence_can_be_drawn(changes):
    assert charts.svg(evidence(**changes)).startswith("<svg")


def test_E47_names_from_outside_are_text_in_the_drawing_and_nothing_else():
    drawn = charts.svg(evidence(metric="<script>alert(1)</script>' + alert(2) + '"), "en")
    names = {element.tag.rpartition("}")[2] for element in ET.fromstring(drawn).iter()}
    assert "script" not in names
    assert "alert(2)" in drawn


def test_E49_arabic_texts_carry_their_direction_and_the_drawing_its_font():
    drawn = charts.svg(evidence(), "ar")
    assert "معدل الأخطاء" in drawn
    assert "IBM Plex Sans Arabic" in drawn
    found = texts(charts.spec(evidence(), "ar"))
    assert all(text.startswith("\u2067") and text.endswith("\u2069") for text in found)


def test_the_description_is_the_chart_s_sentence():
    assert charts.spec(evidence())["description"].startswith("Error rate, last 6 h, Cairo time: 4.2")


def test_packing_changes_no_pixel():
    raw = b"".join(b"\x00" + bytes([row] * 12) for row in range(4))
    pieces = [zlib.compress(raw, 0)[:20], zlib.compress(raw, 0)[20:]]
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0)), *((b"IDAT", p) for p in pieces), (b"IEND", b"")]
    loose = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )
    tight = packed(loose)
    assert list(chunks(tight)) == [b"IHDR", b"IDAT", b"IEND"]
    assert zlib.decompress(chunks(tight)[b"IDAT"]) == raw
    assert len(tight) < len(loose)
    with pytest.raises(ValueError, match="not a PNG"):
        packed(b"GIF89a")
