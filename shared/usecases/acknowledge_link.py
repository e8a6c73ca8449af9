"""The acknowledgement link: a GET only shows it, a POST acknowledges, once, for the person it was sent to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.domain.configuration import Configuration
from shared.domain.incidents import Incident
from shared.domain.notifications import Notification
from shared.errors import RefusedError
from shared.ports.platform import Clock, Publisher
from shared.ports.store import Replace, StateStore
from shared.usecases.act import Act, Acted, Action, act, may_act_on
from shared.usecases.commits import committed
from shared.usecases.links import notification_of
from shared.usecases.records import NOTIFICATIONS, body_of, read_incident, value_of


@dataclass(frozen=True, slots=True)
class Offer:
    """What a valid link stands for."""

    notification: Notification
    incident: Incident


def offer(token: str, *, keys: Sequence[str], config: Configuration, store: StateStore, clock: Clock) -> Offer:
    """Read a link without using it up; raises RefusedError for forged (401), unknown (404) and expired (410) ones."""
    document = store.get(NOTIFICATIONS, notification_of(token, keys=keys))
    row = value_of(document, Notification) if document else None
    found = read_incident(store, row.incident) if row else None
    if row is None or found is None:
        raise RefusedError("this link leads nowhere", status=404)
    if not may_act_on(found[0], row.recipient, config):  # it was restricted after they were told
        raise RefusedError("this link leads nowhere", status=404)
    if clock.now() > row.planned_at + config.limits.link_lifetime:
        raise RefusedError("this link has expired", status=410)
    return Offer(row, found[0])


def use(
    token: str, *, keys: Sequence[str], config: Configuration, store: StateStore, publisher: Publisher, clock: Clock
) -> Acted:
    """Acknowledge with a link; a second use is refused (410)."""
    shown = offer(token, keys=keys, config=config, store=store, clock=clock)

    def spend() -> None:
        document = store.get(NOTIFICATIONS, shown.notification.id)
        if document is None or document.body.get("link_used_at"):
            raise RefusedError("this link was used already", status=410)
        spent = replace(value_of(document, Notification), link_used_at=clock.now())
        store.commit([Replace(NOTIFICATIONS, spent.id, body_of(spent), document.version)])

    committed(spend)
    wish = Act(
        Action.ACKNOWLEDGE, shown.incident.id, shown.notification.recipient, f"link ({shown.notification.channel})"
    )
    return act(wish, config=config, store=store, publisher=publisher, clock=clock)
