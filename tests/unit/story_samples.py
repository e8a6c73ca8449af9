"""An incident that is over, and its story, for what reads them."""

from dataclasses import replace
from datetime import timedelta

from shared.domain.escalation import Ladder
from shared.domain.incidents import Incident, State, TimelineEntry
from shared.domain.post_mortems import PostMortem
from shared.domain.severities import Severity
from shared.domain.stories import Story
from tests.conftest import NIGHT, configuration

POLICY = configuration().policies["critical"]


def an_incident(**changes):
    """A critical crash that mona took over after ten minutes and resolved after twenty."""
    made = Incident(
        id="INC-20260310-abcd1234",
        fingerprint="crash",
        title="Checkout crashes",
        summary="",
        severity=Severity.CRITICAL,
        service="orders-api",
        source="firebase",
        alert_type="crashlytics.velocity",
        rule="crash_velocity",
        channels=("slack", "email"),
        started_at=NIGHT,
        opened_at=NIGHT + timedelta(minutes=1),
        last_fired_at=NIGHT + timedelta(minutes=5),
        ladder=Ladder(POLICY),
        remind_every=timedelta(hours=1),
        state=State.RESOLVED,
        owner="mona",
        first_acknowledged_at=NIGHT + timedelta(minutes=10),
        resolved_at=NIGHT + timedelta(minutes=20),
        values={"affected_users": "132"},
    )
    return replace(made, **changes)


LINES = (
    TimelineEntry(NIGHT + timedelta(minutes=1), "opened", "first notification", detail="Checkout crashes"),
    TimelineEntry(NIGHT + timedelta(minutes=1), "may be explained by", "a change", detail="release 4.2 of orders-api"),
    TimelineEntry(NIGHT + timedelta(minutes=10), "acknowledged", "acknowledged", "mona", "via slack"),
    TimelineEntry(NIGHT + timedelta(minutes=20), "resolved", "resolved", "mona", "via slack"),
)


def a_story(incident=None, **changes):
    """The incident's story with a draft that mona owns."""
    one = incident or an_incident()
    now = NIGHT + timedelta(hours=2)
    draft = PostMortem(one.id, "mona", now, NIGHT + timedelta(hours=24), remind_at=now)
    made = Story(one, draft, LINES, now, first_told=NIGHT + timedelta(minutes=2), people={"mona": "Mona Adel"})
    return replace(made, **changes)
