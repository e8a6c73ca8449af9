"""An impact statement in both languages: what is known in one line, each figure with how sure it is, or why not."""

from datetime import timedelta

from shared.domain.impact_statements import Basis, Confidence, Estimate, Figure, Statement, Unknown, unknown_all
from shared.rendering.impact import impact_details, impact_sentence, impact_span, impact_title
from shared.rendering.impact_words import AR, words
from tests.conftest import NIGHT

STATEMENT = Statement(
    "INC-1",
    NIGHT,
    NIGHT,
    NIGHT + timedelta(minutes=20),
    (
        Estimate(Figure.USERS, 40.0, Confidence.MEDIUM, Basis.BY_CLIENT, "requests"),
        Estimate(Figure.SESSIONS, unknown=Unknown.LATE),
        Estimate(Figure.TRAFFIC, 33.3, Confidence.HIGH, Basis.OF_REQUESTS, "requests"),
        Estimate(Figure.ORDERS, 1.5, Confidence.HIGH, Basis.SHORTFALL, "analytics"),
        Estimate(Figure.REVENUE, unknown=Unknown.NO_SOURCE),
    ),
    is_final=True,
)
UNKNOWN = Statement("INC-1", NIGHT, NIGHT, NIGHT, unknown_all(Unknown.OURS))


def test_what_is_known_stands_in_one_line():
    assert impact_sentence(STATEMENT) == "People hit: 40, Share of traffic hit: 33.3\u00a0%, Orders lost: 1.5"
    assert impact_sentence(UNKNOWN) == ("Unknown, because it concerns this monitoring, not the marketplace.")
    assert (impact_title(STATEMENT), impact_title(UNKNOWN)) == ("Impact", "Impact so far")


def test_each_figure_says_how_sure_it_is_and_from_where_or_what_to_configure():
    said = dict(impact_details(STATEMENT))
    assert said["People hit"] == (
        "40 (fairly sure: clients whose requests failed, by address and quarter of an hour; requests)"
    )
    assert said["Visits hit"] == "unknown, because its source's data are not there yet"
    assert said["Revenue lost"] == ("unknown, because no source is configured for it (set revenue in metrics.yaml)")
    assert "10 Mar 02:10" in impact_span(STATEMENT)


def test_it_reads_in_arabic_in_every_word():
    said = dict(impact_details(STATEMENT, "ar"))
    assert said["الزيارات المتأثرة"] == "غير معروف: بيانات مصدره لم تصل بعد"
    assert "\u2068requests\u2069" in said["المستخدمون المتأثرون"]
    assert "33.3%" in impact_sentence(STATEMENT, "ar")
    assert {str(one) for one in (*Basis, *Unknown, *Figure, *Confidence)} <= {str(key) for key in AR}
    assert {str(one) for one in (*Basis, *Unknown, *Figure, *Confidence)} <= {str(key) for key in words("en")}
