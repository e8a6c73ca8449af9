"""What came of a wish, as one sentence for the person who acted, in their language."""

from shared.domain.acting import Outcome
from shared.domain.configuration import Configuration
from shared.domain.incidents import Acked, Incident
from shared.domain.merging import Merging
from shared.domain.raising import Weighed
from shared.rendering.catalogue import recorded, words
from shared.rendering.view import cairo
from shared.usecases.wishes import Acted


def sentence(acted: Acted, config: Configuration, locale: str = "en") -> str:
    """The outcome, and what belongs to it: since when, until when, by or for whom, into which."""
    say, incident = words(locale), acted.incident
    outcome = recorded(acted.outcome, locale)
    if incident is None:
        return f"{say['ack_refused']} {outcome}."
    owner = config.directory.people.get(incident.owner)
    if acted.outcome == Acked.ALREADY_OWNED and owner is not None and incident.acknowledged_at is not None:
        since = f"{say['since'].lower()} {cairo(incident.acknowledged_at, locale)}"
        return f"{incident.id}: {say['owned_by']} {owner.name}, {since}."
    if not acted.happened:
        more = f" ({incident.merged_into})" if incident.merged_into else ""
        return f"{say['ack_refused']} {incident.id}: {outcome}{more}."
    if acted.outcome == Merging.MERGED:
        return f"{incident.id}: {say['merged_into']} {incident.merged_into}."
    return f"{incident.id}: {outcome}{_more(acted.outcome, incident, owner.name if owner else '', locale)}."


def _more(outcome: str, incident: Incident, owner: str, locale: str) -> str:
    say = words(locale)
    if outcome == Outcome.SNOOZED and incident.snoozed_until is not None:
        return f" {say['until']} {cairo(incident.snoozed_until, locale)}"
    if outcome == Outcome.HANDED_OVER and owner:
        return f": {owner}"
    return f": {say[incident.severity]}" if outcome in {Weighed.RAISED, Weighed.LOWERED} else ""
