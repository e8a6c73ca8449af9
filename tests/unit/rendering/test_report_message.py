"""What readers of a report are told: the two figures, what stands out, the way to it; by mail and in the channel."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.figures import Gap
from shared.domain.reports import Edition
from shared.rendering.report_message import report_blocks, report_text
from shared.rendering.report_view import view
from tests.unit.report_samples import DAY, MADE_AT, figure, report

LINKS = {"pdf": "https://souk.example/r/1/a/report.pdf", "html": "https://souk.example/r/1/b/report.html"}
UNTIL = MADE_AT + timedelta(days=90)
PICTURE = ("https://souk.example/r/1/c/chart.png", "Errors: at most 0.6 %")


def shown(locale="en", **changes):
    return view(report(**changes), locale, final_by=DAY.end + timedelta(days=3))


def of_type(blocks, name):
    return [one for one in blocks if one["type"] == name]


def test_the_mail_says_the_two_figures_with_change_and_target_and_where_the_report_is():
    text = report_text(shown(edition=Edition.FINAL), LINKS, until=UNTIL)
    assert text.title == "Performance report, Sunday 29 November 2026"
    assert text.link == LINKS["pdf"]
    assert text.lines[0].startswith("API response time: 312\u00a0ms (")
    assert "at most" in text.lines[0]
    assert text.lines[1].startswith("Error rate: 0.42")
    assert f"Interactive page: {LINKS['html']}" in text.lines
    assert text.lines[-1] == "The link works until 28 February 2027."


@pytest.mark.parametrize(("locale", "mark"), [("en", "Provisional"), ("ar", "مبدئي")])
def test_E82_a_provisional_report_says_so_before_any_figure(locale, mark):
    text = report_text(shown(locale), LINKS, until=UNTIL)
    assert mark in text.title
    assert mark in text.lines[0]
    blocks = list(report_blocks(shown(locale), LINKS, picture=None))
    assert mark in blocks[0]["text"]["text"]
    assert mark in blocks[1]["elements"][0]["text"]


def test_E83_a_figure_that_could_not_be_read_is_said_and_has_no_change():
    made = report(edition=Edition.FINAL)
    made = replace(made, headline=(figure("error_rate", gap=Gap.FAILED), made.headline[1]))
    text = report_text(view(made, "en"), LINKS, until=UNTIL)
    assert text.lines[0] == "Error rate: could not be read"


def test_the_channel_sees_both_figures_the_chart_and_every_form():
    blocks = list(report_blocks(shown(edition=Edition.FINAL), LINKS, picture=PICTURE))
    [figures] = [one["fields"] for one in blocks if "fields" in one]
    assert figures[0]["text"].startswith("API response time\n*312\u00a0ms*\n")
    assert len(figures) == 2
    assert of_type(blocks, "image") == [{"type": "image", "image_url": PICTURE[0], "alt_text": PICTURE[1]}]
    links = next(one["text"]["text"] for one in blocks if one.get("text", {}).get("type") == "mrkdwn")
    assert links == f"<{LINKS['pdf']}|PDF> · <{LINKS['html']}|Interactive page>"
    assert not of_type(list(report_blocks(shown(), LINKS, picture=None)), "image")


def test_nothing_in_the_channel_is_longer_than_slack_takes():
    long = {name: f"{url}?{'x' * 400}" for name, url in LINKS.items()}
    blocks = list(report_blocks(shown(), long, picture=(PICTURE[0], "a" * 5_000)))
    assert all(len(one["text"]["text"]) <= 3_000 for one in blocks if "text" in one)
    assert all(len(field["text"]) <= 2_000 for one in blocks for field in one.get("fields", ()))
    assert all(len(one["alt_text"]) <= 2_000 for one in of_type(blocks, "image"))
