"""A call that was answered: what is said, and what a pressed key does."""

from dataclasses import dataclass
from urllib.parse import urlencode

from shared.domain.bulletins import Bulletin
from shared.domain.calls import KEYS, PhoneCall, Turn, turn_of
from shared.domain.configuration import Configuration
from shared.domain.evidence import NAMED_BY
from shared.domain.incidents import Acked, Incident, State
from shared.domain.notifications import Channel, LedgerState, Notification, Report
from shared.domain.restricted import in_language
from shared.domain.signals import digest
from shared.ports.platform import Clock, Publisher
from shared.ports.store import StateStore
from shared.rendering import twiml, voice
from shared.rendering.view import IncidentView
from shared.rendering.voice import Spoken
from shared.usecases.act import Act, Action, act, may_act_on
from shared.usecases.chart_link import read_evidence
from shared.usecases.nonces import is_spent, spend
from shared.usecases.receipts import apply_report
from shared.usecases.records import BULLETINS, NOTIFICATIONS, read_incident, value_of


@dataclass(frozen=True, slots=True)
class _Desk:
    url: str
    config: Configuration
    store: StateStore
    publisher: Publisher
    clock: Clock


def answer(
    call: PhoneCall, *, url: str, config: Configuration, store: StateStore, publisher: Publisher, clock: Clock
) -> str:
    """The TwiML to go on with; `url` is our function's public address. A key that is replayed has no second effect."""
    desk = _Desk(url, config, store, publisher, clock)
    document = store.get(NOTIFICATIONS, call.notification)
    row = value_of(document, Notification) if document else None
    if row is None or row.channel is not Channel.VOICE:
        return twiml.telling([voice.ending("unknown", "en")])
    if not call.is_machine:
        heard = Report(call.sid, LedgerState.DELIVERED, notification=row.id)
        apply_report(heard, config=config, store=store, publisher=publisher, clock=clock)
    incident = read_incident(store, row.incident)
    if incident is None:
        return twiml.telling(_bulletin(row, desk))
    if not may_act_on(incident[0], row.recipient, config):  # it was restricted after the call was placed
        return twiml.telling([voice.ending("unknown", _locale(row, config))])
    return _turn(call, row, incident[0], desk)


def _turn(call: PhoneCall, row: Notification, incident: Incident, desk: _Desk) -> str:
    locale = _locale(row, desk.config)
    turn = turn_of(call)
    if turn is Turn.ACT:
        return twiml.telling([_acted(call, row, desk)])
    if incident.state is not State.TRIGGERED and not incident.is_offered:
        return twiml.telling([_standing(incident, desk.config, locale)])
    if turn is Turn.GOODBYE:
        return twiml.telling([voice.ending("goodbye", locale)])
    evidence = read_evidence(desk.store, incident.values.get(NAMED_BY, ""))
    view = IncidentView(in_language(incident, locale), desk.clock.now(), evidence=evidence)
    said = voice.opening(view, reason=row.reason, locale=locale)
    if turn is Turn.LEAVE_MESSAGE:
        return twiml.telling([*said, voice.ending("machine", locale)])
    following = f"{desk.url}?{urlencode({'notification': row.id, 'turn': call.turn + 1})}"
    return twiml.asking([*said, voice.keys(locale)], answer_to=following, silence_to=following)


def _acted(call: PhoneCall, row: Notification, desk: _Desk) -> Spoken:
    locale, nonce = _locale(row, desk.config), digest("call", call.sid, str(call.turn), call.digits)
    if is_spent(nonce, store=desk.store):
        return voice.ending("unknown", locale)
    wish = Act(Action(KEYS[call.digits]), row.incident, row.recipient, "call")
    done = act(wish, config=desk.config, store=desk.store, publisher=desk.publisher, clock=desk.clock)
    spend(nonce, store=desk.store, clock=desk.clock)
    if done.outcome == Acked.ALREADY_OWNED and done.incident is not None and done.incident.owner != row.recipient:
        return _standing(done.incident, desk.config, locale)
    happened = Acked.ACCEPTED if done.outcome == Acked.ALREADY_OWNED else done.outcome
    return voice.outcome(happened, locale)


def _standing(incident: Incident, config: Configuration, locale: str) -> Spoken:
    """What there is to say about an incident that needs nobody any more."""
    owner = config.directory.people.get(incident.owner)
    if not incident.state.is_open or owner is None:
        return voice.ending("over", locale)
    return voice.owned(owner.name, incident.acknowledged_at, locale)


def _bulletin(row: Notification, desk: _Desk) -> list[Spoken]:
    document, locale = desk.store.get(BULLETINS, row.bulletin), _locale(row, desk.config)
    if document is None:
        return [voice.ending("unknown", locale)]
    return list(voice.bulletin(value_of(document, Bulletin).text(locale), locale))


def _locale(row: Notification, config: Configuration) -> str:
    person = config.directory.people.get(row.recipient)
    return person.locale if person else "en"
