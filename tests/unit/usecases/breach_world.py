"""A world with a response team: its rules, its people, and what each of its messages says to whom."""

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp

from shared.adapters.folder import FolderObjects
from shared.domain.notifications import Channel
from shared.domain.permissions import BREACH_TEAM
from shared.domain.restricted import ResponseTeam
from shared.domain.rules import EventRule, Impact, Match
from shared.domain.severities import Severity
from shared.ports.messages import EmailBody, PushBody, Sent, SlackBody, SmsBody
from shared.usecases.compose import Addresses, Composer
from tests.conftest import configuration
from tests.unit.usecases.world import ObedientNotifier, World

CHANNELS = ("slack", "email", "sms")
INSIDE = "G0BREACH"
TEAM = ResponseTeam(("mona", "omar"), "breach_response", "lead", "mona", "the authority")
SECRET = {
    "alert_type": "security.log_sink_changed",
    "source": "audit",
    "service": "payments-ledger",
    "title": "Log sink or bucket deleted: projects/souk/sinks/orders-audit",
    "summary": "DeleteSink by intruder@evil.example",
    "labels": {"project": "souk-orders", "subject": "sinks/orders-audit"},
    "values": {"principal": "intruder@evil.example", "caller_ip": "203.0.113.77", "method": "DeleteSink"},
    "links": {"Logs": "https://console.cloud.google.com/logs/orders-audit"},
}


def with_team(**changes):
    rules = (
        EventRule(
            "blinded",
            Match(("security.log_sink_changed",)),
            Severity.CRITICAL,
            CHANNELS,
            procedure="breach",
            runbook="blinded_logs",
        ),
        EventRule(
            "denied",
            Match(("security.access_denied",)),
            Severity.HIGH,
            ("slack", "email"),
            impact=(Impact("events_5m", 5, Severity.CRITICAL),),
            procedure="breach",
        ),
        *configuration().event_rules,
    )
    channels = {"incidents": "C0INCIDENTS", "breach_response": INSIDE}
    made = configuration(**{"event_rules": rules, "response_team": TEAM, "slack_channels": channels, **changes})
    teams = {**made.directory.teams, BREACH_TEAM: made.response_team.members}
    return replace(made, directory=replace(made.directory, teams=teams))


class Slack(ObedientNotifier):
    """Names what it sent as Slack does, so that threads and edits find their channel."""

    def send(self, message):
        sent = super().send(message)
        self.known[message.reference] = Sent(f"{message.to}:{sent.provider_id}")
        return self.known[message.reference]


@dataclass
class BreachWorld(World):
    """A world whose messages are the real ones."""

    def __post_init__(self):
        if type(self.notifiers[Channel.SLACK]) is ObedientNotifier:
            self.notifiers[Channel.SLACK] = Slack()

    def pump(self, *, compose=None):
        folder = Path(mkdtemp(prefix="breach-"))
        return super().pump(compose=compose or composer(self, folder))


def composer(world, folder):
    addresses = Addresses("https://m.souk.example", "https://m.souk.example/a", "https://m.souk.example/c")
    return Composer(world.config, world.store, world.clock, FolderObjects(folder), addresses, ("k" * 32,))


def texts_of(message):
    """Everything a receiver of the message can read."""
    match message.body:
        case SlackBody(text, blocks):
            return f"{text} {blocks}"
        case EmailBody(subject=subject, text=text, html=html):
            return f"{subject} {text} {html}"
        case SmsBody(text):
            return text
        case PushBody(title=title, text=text):
            return f"{title} {text}"
    return ""


def outside(world):
    """All messages but those into the restricted channel, as (receiver, text)."""
    sent = [message for notifier in world.notifiers.values() for message in notifier.sent]
    return [(message.to, texts_of(message)) for message in sent if message.to != INSIDE]


def inside(world):
    """The texts of the restricted channel."""
    sent = [message for notifier in world.notifiers.values() for message in notifier.sent]
    return [texts_of(message) for message in sent if message.to == INSIDE]


def renamed(world, **people):
    """The world with some people's addresses changed."""
    directory = world.config.directory
    changed = {name: replace(directory.people[name], **values) for name, values in people.items()}
    return replace(world.config, directory=replace(directory, people={**directory.people, **changed}))
