"""The month's spending on texts and calls: counted with every message sent, told to the lead when it gets short."""

from datetime import datetime, timedelta

from shared.domain.bulletins import Bulletin, BulletinKind
from shared.domain.configuration import Configuration
from shared.domain.notifications import Notification
from shared.domain.severities import Severity
from shared.domain.signals import digest
from shared.domain.spending import PAID, Stance, is_worth_it, month_of, price, stance
from shared.ports.messages import Outgoing, SmsBody
from shared.ports.store import Create, Document, Replace, StateStore, Write
from shared.rendering.segments import segments
from shared.rendering.spending import budget_warning
from shared.usecases.bulletins import by_email, plan_bulletin
from shared.usecases.records import BULLETINS, SPENDING, instant

KEPT_FOR = timedelta(days=400)
ORDER = (Stance.FREE, Stance.SHORT, Stance.HELD)


def present_stance(config: Configuration, *, store: StateStore, now: datetime) -> Stance:
    """What this month's spending allows now; without a budget nothing is read."""
    budget = config.limits.sms_budget
    return Stance.FREE if budget is None else stance(_spent(store.get(SPENDING, month_of(now))), budget)


def may_cost(row: Notification, config: Configuration, *, store: StateStore, now: datetime) -> bool:
    """False for a text or call that this month's budget has no room for; critical pages always have."""
    if config.limits.sms_budget is None or is_worth_it(row):
        return True
    return present_stance(config, store=store, now=now) is not Stance.HELD


def spending_writes(
    row: Notification, message: Outgoing, config: Configuration, *, store: StateStore, now: datetime
) -> tuple[list[Write], tuple[Notification, ...]]:
    """What goes into the commit that marks the row sent, and the rows of a warning that it gives rise to."""
    budget = config.limits.sms_budget
    if budget is None or row.channel not in PAID:
        return [], ()
    month = month_of(now)
    known = store.get(SPENDING, month)
    count = segments(message.body.text)[1] if isinstance(message.body, SmsBody) else 1
    before = _spent(known)
    after = before + price(message.to, channel=row.channel, segments=count, countries=config.countries.values())
    body = {"usd": after, "at": instant(now), "expires_at": instant(now + KEPT_FOR)}
    write: Write = Replace(SPENDING, month, body, known.version) if known else Create(SPENDING, month, body)
    reached = stance(after, budget)
    if ORDER.index(reached) <= ORDER.index(stance(before, budget)):
        return [write], ()
    name = digest("budget", month, reached)
    if store.get(BULLETINS, name) is not None:  # told before, with a smaller budget
        return [write], ()
    said = budget_warning(reached, spent=after, usd=budget.usd)
    rows, told = _to_the_lead(Bulletin(name, BulletinKind.NOTICE, now, said), config)
    return [write, *told], rows


def _spent(document: Document | None) -> float:
    return float(document.body["usd"]) if document else 0.0


def _to_the_lead(said: Bulletin, config: Configuration) -> tuple[tuple[Notification, ...], list[Write]]:
    directory = config.directory
    return plan_bulletin(said, by_email([directory.default_contact], said, directory), severity=Severity.LOW)
