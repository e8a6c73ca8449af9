"""A whole configuration for a new team: the packaged one with its people, channels and addresses in place."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from shared.cli.splicing import replaced, without
from shared.config.documents import parse
from shared.config.files import FILES
from shared.config.loader import PACKAGED

EVERYBODY = frozenset({"support", "engineering", "senior_engineering", "technical", "development", "devops"})
TAKEN = frozenset({"game_day"})
EMERGENCY = "emergency_phone"
PROJECT_OF_OURS = "souk-el-sayarat:"
SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything that only the team knows. People are as in oncall.yaml, the first leads; "" means "not there yet"."""

    people: tuple[Mapping[str, str], ...]
    team: str
    slack_channel: str
    breach_channel: str
    support: str
    sender: str
    emergency_phone: str
    site: str
    api: str
    accounts: str
    time_zone: str
    project: str
    regulator: str


def configuration_of(answers: Answers, *, today: date) -> dict[str, str]:
    """Every file of a complete configuration: its path inside the folder, and its text."""
    plain = {f"{name}.yaml": "" for name in FILES}
    texts = {name: _packaged(name) for name in plain if (PACKAGED / name).exists()}
    texts |= {f"{folder}/{file.name}": file.read_text(encoding="utf-8") for folder, file in _beside()}
    ids = _ids(answers.people)
    texts["oncall.yaml"] = _oncall(texts["oncall.yaml"], answers, ids, today)
    texts["channels.yaml"] = _channels(texts["channels.yaml"], answers, ids[0])
    texts["breach.yaml"] = _breach(texts["breach.yaml"], answers, ids)
    texts["status.yaml"] = _status(texts["status.yaml"], answers)
    texts["maintenance.yaml"] = _set(texts["maintenance.yaml"], {"rollbacks": [], "hosts": []})
    if answers.project:
        texts["services.yaml"] = texts["services.yaml"].replace(PROJECT_OF_OURS, f"{answers.project}:")
    return texts


def _packaged(name: str) -> str:
    return (PACKAGED / name).read_text(encoding="utf-8")


def _beside() -> Iterator[tuple[str, Path]]:
    for folder, pattern in (("runbooks", "*.md"), ("schema", "*.json")):
        yield from ((folder, file) for file in sorted((PACKAGED / folder).glob(pattern)))


def _ids(people: Sequence[Mapping[str, str]]) -> list[str]:
    """An id for each, made of the address before the "@": a name may be Arabic, an id may not."""
    ids: list[str] = []
    for one in people:
        wanted = re.sub("[^a-z0-9]+", "_", one["email"].partition("@")[0].lower()).strip("_")
        wanted = wanted if wanted[:1].isalpha() and wanted.isascii() else f"person_{wanted}".rstrip("_")
        taken = TAKEN | set(ids)
        ids.append(next(name for name in (wanted, *(f"{wanted}_{n}" for n in range(2, 999))) if name not in taken))
    return ids


def _oncall(text: str, answers: Answers, ids: list[str], today: date) -> str:
    people = {
        id_: {**{k: v for k, v in one.items() if v}, "roles": ["engineer" if n else "engineering_manager"]}
        for n, (id_, one) in enumerate(zip(ids, answers.people, strict=True))
    }
    sunday = today - timedelta(days=(today.weekday() - SUNDAY) % 7)
    turns = {"first_day": sunday, "handover": "09:00", "turn": "1w", "timezone": answers.time_zone}
    new = {
        "default_contact": ids[0],
        "people": people,
        "teams": {team: ids if team in EVERYBODY else ids[:1] for team in _value(text, "teams")},
        "rotations": {
            "primary": {"people": ids, **turns},
            "secondary": {"people": ids[1:] + ids[:1], **turns},
        },
    }
    return without(_set(text, new), ("demo_contacts",))


def _channels(text: str, answers: Answers, lead: str) -> str:
    addresses = {"email": answers.support, EMERGENCY: answers.emergency_phone}
    support = [{**way, "address": addresses.get(way["name"], way["address"])} for way in _value(text, "support")]
    return _set(
        text,
        {
            "slack": dict.fromkeys(_value(text, "slack"), answers.slack_channel),
            "email_from": f"{answers.team} <{answers.sender}>",
            "game_day": {"email": answers.people[0]["email"], "slack": answers.slack_channel},
            "audiences": {},
            "support": support,
            "auditor": [f"person:{lead}", "team:executives"],
        },
    )


def _breach(text: str, answers: Answers, ids: list[str]) -> str:
    new = {"slack": answers.breach_channel, "team": ids[:2], "legal": ids[0], "data_protection_officer": ids[0]}
    return _set(text, {**new, "regulator": answers.regulator})


def _status(text: str, answers: Answers) -> str:
    """Where there is no address for signing in, nobody looks at it; incidents still speak for it."""
    addresses = {"website": answers.site, "api": answers.api, "accounts": answers.accounts}
    for probe, url in addresses.items():
        if url:
            text = replaced(text, ("probes", probe, "url"), url)
        else:
            text = without(without(text, ("probes", probe)), ("components", probe, "probes"))
    return text


def _set(text: str, values: Mapping[str, Any]) -> str:
    for key, value in values.items():
        text = replaced(text, (key,), value)
    return text


def _value(text: str, key: str) -> Any:  # noqa: ANN401 - whatever the file holds
    return parse(text.encode(), file=key).data[key]
