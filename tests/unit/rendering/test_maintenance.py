"""What is said of maintenance windows: every notice in both languages, and nothing in it that could harm."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.checklists import Item, Phase
from shared.domain.escalation import Ladder
from shared.domain.incidents import Incident, State
from shared.domain.maintenance import Window
from shared.domain.maintenance_notices import Notice
from shared.domain.matchers import parse
from shared.domain.rollbacks import Rollback, RollbackState, RollbackWish, asked, ended
from shared.domain.severities import Severity
from shared.rendering.bulletin import bulletin_email, bulletin_slack, bulletin_sms
from shared.rendering.maintenance import WindowView, notice_texts
from tests.conftest import configuration

NOW = datetime(2026, 3, 12, 0, 0, tzinfo=UTC)
H = timedelta(hours=1)
BACK = asked(Rollback(RollbackWish("api")), by="mona", because="orders fail <b>now</b>", now=NOW)
WINDOW = Window(
    "window-1", NOW, NOW + 2 * H, "new <script>index</script>", "mona", (parse('service="web"'),), rollback=BACK
)
LINE = Item("works", Phase.AFTER, "Everything works", "كل شيء يعمل")


def incident(name, **changes):
    base = Incident(
        name, "f", f"{name} *broke* <!channel>", "", Severity.HIGH, "web", "logs", "log.error", "any", ("slack",),
        NOW, NOW, NOW, Ladder("critical"), H,
    )  # fmt: skip
    return replace(base, **changes)


VIEW = WindowView(
    WINDOW,
    configuration().directory,
    held=[incident("over", state=State.RESOLVED, resolved_at=NOW + H), incident("open")],
    missing=[LINE],
)


@pytest.mark.parametrize("notice", Notice)
def test_every_notice_is_said_in_both_languages_and_fits_every_channel(notice):
    said = notice_texts(notice, VIEW)
    assert {locale: any("\u0600" <= letter <= "\u06ff" for letter in said[locale].title) for locale in said} == {
        "en": False,
        "ar": True,
    }
    for locale, text in said.items():
        assert "{" not in text.title
        assert all(text.lines)
        mail = bulletin_email(text, locale=locale)
        assert "<script>" not in mail.html
        assert "<b>now" not in mail.html
        posted = bulletin_slack(text)
        assert {block["text"]["type"] for block in posted.blocks} == {"plain_text"}
        assert "<!channel>" not in posted.text
        assert len(bulletin_sms(text).text) <= 160


@pytest.mark.parametrize(
    ("notice", "title"),
    [
        (Notice.PLANNED, "Maintenance planned: 12 Mar 02:00 EET (00:00 UTC) to 12 Mar 04:00 EET (02:00 UTC)"),
        (Notice.EMERGENCY, "Emergency maintenance until 12 Mar 04:00 EET (02:00 UTC): new <script>index</script>"),
        (Notice.HELD, "Begun inside the maintenance: 2 incident(s), 1 open"),
        (Notice.TO_DO, "After the maintenance: 1 line(s) to do"),
        (Notice.POST_MORTEM, "Post-mortem due: 13 Mar 04:00 EET (02:00 UTC)"),
        (Notice.ROLLBACK_ASKED, "Rollback of api is being started: orders fail <b>now</b>"),
    ],
)
def test_the_title_alone_says_what_matters(notice, title):
    assert notice_texts(notice, VIEW)["en"].title == title


def test_what_is_still_open_comes_first_and_a_window_that_nobody_closed_says_so():
    over = replace(VIEW, window=replace(WINDOW, closed_by="soukmon"))
    lines = notice_texts(Notice.ENDED, over)["en"].lines
    assert "It ended by itself, nobody had closed it." in lines
    assert next(n for n, line in enumerate(lines) if " open," in line) < next(
        n for n, line in enumerate(lines) if " over," in line
    )
    by_hand = notice_texts(Notice.ENDED, replace(VIEW, window=replace(WINDOW, closed_by="omar")))
    assert "Closed by: Omar Said" in by_hand["en"].lines


@pytest.mark.parametrize("state", [RollbackState.FAILED, RollbackState.UNKNOWN])
def test_a_rollback_that_may_not_have_started_says_how_to_go_back(state):
    view = replace(VIEW, window=replace(WINDOW, rollback=ended(BACK, state, "503")))
    assert any(
        "soukmon window rollback window-1" in line for line in notice_texts(Notice.ROLLBACK_DONE, view)["en"].lines
    )


def test_latin_words_are_kept_from_reordering_an_arabic_line():
    lines = notice_texts(Notice.PLANNED, VIEW)["ar"].lines
    assert any("\u2068Mona Adel\u2069" in line for line in lines)
