"""What a live chart says under the pointer."""

from dataclasses import replace
from datetime import timedelta

from shared.domain.chart_data import Mark, MarkKind
from shared.rendering import chart_specs
from shared.rendering.chart_tips import LONGEST
from tests.unit import report_samples as samples


def tips(chart, locale="en", name="points"):
    return [row["tip"].split("\n") for row in chart_specs.live(chart, locale)["datasets"][name]]


def test_a_step_says_when_it_was_and_what_every_line_had_then():
    found = tips(samples.line_chart())
    assert found[0] == ["29 Nov 00:00", "Error rate: 0.6\u00a0%", "period before: 0.6\u00a0%"]
    assert found[33][1] == "Error rate: \u2013"


def test_a_step_says_what_else_happened_then_as_long_as_it_lasted():
    found = tips(samples.line_chart())
    with_incident = [n for n, lines in enumerate(found) if "critical incident: Checkout fails <b>#1</b>" in lines]
    assert with_incident == list(range(50, 57))
    assert found[48][-1] == "release: web 4.2.0"


def test_a_ranked_bar_says_what_it_is_and_what_it_was_before():
    assert tips(samples.ranked_chart(), name="ranks")[0] == ["Cairo", "this period: 512", "period before: 461"]


def test_arabic_tips_are_arabic_and_keep_latin_runs_in_their_place():
    found = tips(samples.line_chart(), "ar")
    assert found[0][:2] == ["29 نوفمبر 00:00", "معدل الأخطاء: \u20680.6%\u2069"]
    assert found[48][-1] == "إصدار جديد: \u2068web 4.2.0\u2069"


def test_a_text_from_outside_is_one_short_line_whatever_it_holds():
    chart = samples.line_chart()
    evil = "first\nsecond\u202e" + "x" * 500
    shown = replace(chart, marks=(Mark(MarkKind.RELEASE, chart.span.since, text=evil),))
    (line,) = [line for lines in tips(shown) for line in lines if "first second" in line]
    assert len(line) == len("release: ") + LONGEST
    assert "\u202e" not in line


def test_no_more_than_three_things_are_told_of_one_step():
    chart = samples.line_chart()
    many = tuple(Mark(MarkKind.RELEASE, chart.span.since + n * timedelta(seconds=1), text=f"web {n}") for n in range(9))
    assert len(tips(replace(chart, marks=many))[0]) == 3 + 3


def test_an_empty_chart_has_nothing_to_tell_and_is_drawn_all_the_same():
    assert list(chart_specs.live(samples.empty_chart())["datasets"]) == ["frame"]


def test_a_still_picture_pays_nothing_for_tips():
    assert all("tip" not in row for row in chart_specs.spec(samples.line_chart())["datasets"]["points"])
