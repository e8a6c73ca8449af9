"""What can be fuzzed: every parser alone, and every way into a function, each with real payloads to begin with."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from infra.tools.fuzz import seeds
from infra.tools.fuzz.house import JSON, House
from infra.tools.fuzz.parsers import PARSERS
from shared.errors import PermanentError

Run = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Target:
    """`run` takes anything and returns; whatever it raises is a finding."""

    name: str
    run: Run
    seeds: Sequence[bytes]


def parsers() -> list[Target]:
    """The readers of what comes from outside; a refusal is an answer."""
    return [Target(name, partial(_refusing, read), SEEDS[name]()) for name, read in PARSERS.items()]


def doors(house: House) -> list[Target]:
    """The ways into the functions of a house."""
    return [Target(name, run, make()) for name, (run, make) in _ways(house).items()]


def _refusing(read: Callable[[bytes], object], data: bytes) -> None:
    with suppress(PermanentError):
        read(data)


SEEDS: Mapping[str, Callable[[], list[bytes]]] = {
    "envelope": seeds.events,
    "payload": seeds.payloads,
    "measurements": seeds.measurements,
    "support": seeds.support_requests,
    "probes": seeds.probes,
    "slack_form": seeds.slack_bodies,
    "slack_payload": seeds.slack_payloads,
    "twilio_form": seeds.twilio_forms,
    "signatures": lambda: seeds.tokens() + seeds.paths(),
    "page": seeds.paths,
    "topic": seeds.messages,
    "post_mortem": seeds.post_mortems,
    "device": seeds.devices,
    "replayed_file": lambda: seeds.events() + seeds.payloads(),
}
TOPICS = (
    "handle_signal", "send_notification", "evaluate_touched_rules", "run_rollback", "redrive_dead_letter",
    "advance_procedure", "assess_impact", "diagnose_incident", "mail_subscribers", "publish_status_changes",
    "contain_breach",
)  # fmt: skip
RECEIVERS = ("receive_firebase_alert", "receive_log_entry", "receive_monitoring_incident", "receive_measurement")
VISITED = (
    "acknowledge", "unsubscribe", "serve_calendar", "serve_chart", "serve_report", "manage_subscriptions",
    "serve_dashboard",
)  # fmt: skip


def _ways(house: House) -> dict[str, tuple[Run, Callable[[], list[bytes]]]]:
    found: dict[str, tuple[Run, Callable[[], list[bytes]]]] = {}
    for name in RECEIVERS:
        found[f"{name}/raw"] = partial(house.event, name), seeds.events
    for name in RECEIVERS[1:]:
        found[f"{name}/pushed"] = partial(house.pushed, name), seeds.payloads
    found["receive_firebase_alert/alert"] = house.alert, lambda: seeds.payloads()[:3]
    found["receive_measurement/posted"] = partial(house.posted, "receive_measurement"), seeds.measurements
    found["receive_support_request"] = partial(house.posted, "receive_support_request"), seeds.support_requests
    found["receive_probe"] = partial(house.posted, "receive_probe"), seeds.probes
    found["receive_slack_action/form"] = house.slack, seeds.slack_bodies
    found["receive_slack_action/json"] = partial(house.slack, kind=JSON), seeds.slack_payloads
    found["receive_slack_action/pressed"] = house.slack_payload, seeds.slack_payloads
    found["receive_slack_action/typed"] = house.slack_command, seeds.slack_commands
    for name in ("receive_twilio_callback", "answer_call", "receive_sms"):
        found[name] = partial(house.twilio, name), seeds.twilio_forms
    for name in VISITED:
        found[f"{name}/visited"] = partial(house.visited, name), seeds.paths
        found[f"{name}/used"] = partial(house.visited, name, method="POST"), seeds.paths
    found["register_device"] = house.registering, seeds.tokens
    for name in TOPICS:
        found[name] = partial(house.pushed, name), seeds.messages
    return found
