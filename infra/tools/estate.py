"""What one installation consists of, by the files that Terraform makes it from: names, and nothing but names."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from infra.tools.sources import ROOT
from shared.errors import ConfigurationError

PLACEHOLDER = "REPLACE-ME"
OUTSIDE = "cloud-builds"  # Cloud Build publishes to a topic of exactly this name
EXPORTS = ("requests", "web_errors", "analytics", "crashes", "crashes_realtime", "app_sessions", "performance")

Manifest = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """A push subscription: the topic (in full, "soukmon-signals") and the function it is pushed to."""

    name: str
    topic: str
    function: str


@dataclass(frozen=True, slots=True)
class Index:
    """A composite index: fields in ascending order, but for the last, which is in `direction`."""

    collection: str
    fields: tuple[str, ...]
    direction: str


@dataclass(frozen=True)
class Estate:
    """An environment as infra/*.tf, its tfvars and the manifests describe it.

    `variables` are those of the tfvars over the defaults of variables.tf.
    """

    project: str
    environment: str
    prefix: str
    variables: Mapping[str, Any]
    apis: tuple[str, ...]
    manifests: Mapping[str, Manifest]
    collections: Mapping[str, list[list[str]]]

    @property
    def region(self) -> str:
        """Where functions, schedules and buckets are."""
        return str(self.variables["region"])

    @property
    def database(self) -> str:
        """The Firestore database of the state."""
        return self.prefix

    @property
    def dead_letters(self) -> str:
        """The topic of what no function could handle, and the subscription that keeps it."""
        return f"{self.prefix}-dead-letters"

    @property
    def objects(self) -> str:
        """The bucket of what is kept out of line."""
        return f"{self.project}-{self.prefix}-objects"

    def slug(self, function: str) -> str:
        """A function's name in the cloud; its schedule and its subscription have the same."""
        return f"{self.prefix}-{function.replace('_', '-')}"

    def url(self, function: str, number: str) -> str:
        """Cloud Run's address of it, in the project of that number."""
        return f"https://{self.slug(function)}-{number}.{self.region}.run.app"

    def topic(self, name: str) -> str:
        """The full name of a topic."""
        return name if name == OUTSIDE else f"{self.prefix}-{name}"

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """Every push subscription."""
        return tuple(
            Reading(self.slug(name) if n == 0 else f"{self.slug(name)}-{topic}", self.topic(topic), name)
            for name, manifest in self.manifests.items()
            if manifest["trigger"]["type"] == "pubsub"
            for n, topic in enumerate((manifest["trigger"]["topic"], *manifest["trigger"].get("also", ())))
        )

    @cached_property
    def topics(self) -> frozenset[str]:
        """Every topic, the dead letters' included."""
        written = {self.topic(topic) for manifest in self.manifests.values() for topic in manifest["publishes"]}
        return frozenset({*written, *(reading.topic for reading in self.readings), self.dead_letters})

    @cached_property
    def secrets(self) -> Mapping[str, str]:
        """Secret -> the version that functions read."""
        chosen = self.variables.get("secret_versions") or {}
        return {secret: str(chosen.get(secret, "1")) for secret in secret_names(self.manifests)}

    @property
    def jobs(self) -> Mapping[str, Manifest]:
        """Schedule -> the manifest of the function it calls."""
        scheduled = {name: m for name, m in self.manifests.items() if m["trigger"]["type"] == "schedule"}
        return {self.slug(name): manifest for name, manifest in scheduled.items()}

    @property
    def sinks(self) -> Mapping[str, str]:
        """Log sink -> where it writes."""
        return {
            f"{self.prefix}-signals": f"pubsub.googleapis.com/projects/{self.project}/topics/{self.topic('log-sink')}",
            f"{self.prefix}-warehouse": f"bigquery.googleapis.com/projects/{self.project}/datasets/request_logs",
        }

    @property
    def exports(self) -> Mapping[str, str]:
        """Export -> its table ("dataset.table"; a dataset for analytics), of those that are named."""
        named = self.variables.get("installation") or {}
        return {name: str(named[name]) for name in EXPORTS if named.get(name)}

    @property
    def senders(self) -> Mapping[str, str]:
        """Who our messages come from."""
        return dict(self.variables.get("senders") or {})

    @cached_property
    def indexes(self) -> tuple[Index, ...]:
        """Every composite index, in both directions of its last field."""
        return tuple(
            Index(collection, tuple(fields), direction)
            for collection, wanted in self.collections.items()
            for fields in wanted
            if len(fields) > 1
            for direction in ("ASCENDING", "DESCENDING")
        )


def estate(environment: str, *, project: str = "", root: Path = ROOT) -> Estate:
    """The estate of "staging" or "production"; `project` takes the place of the one in its tfvars.

    Raises ConfigurationError naming the file while a REPLACE-ME stands where it matters.
    """
    file, given = root / "infra" / "env" / f"{environment}.tfvars", variables(environment, root=root)
    found = project or str(given.get("project", ""))
    if not found or PLACEHOLDER in found:
        raise ConfigurationError(
            f"{file.relative_to(root)}: project is not filled in; write it there or give --project"
        )
    return Estate(
        project=found,
        environment=environment,
        prefix=str(_locals(root)["prefix"]),
        variables=given,
        apis=apis(root),
        manifests=manifests(root),
        collections=json.loads((root / "infra" / "firestore_indexes.json").read_text(encoding="utf-8")),
    )


def variables(environment: str, *, root: Path = ROOT) -> dict[str, Any]:
    """An environment's variables: its tfvars over the defaults."""
    return {**_defaults(root), **_read(root / "infra" / "env" / f"{environment}.tfvars")}


def manifests(root: Path = ROOT) -> dict[str, Manifest]:
    """Function -> its function.yaml."""
    return {
        file.parent.name: yaml.safe_load(file.read_text(encoding="utf-8"))
        for file in sorted(root.glob("functions/*/function.yaml"))
    }


def secret_names(manifests: Mapping[str, Manifest]) -> list[str]:
    """Every secret that a function reads."""
    return sorted({secret for manifest in manifests.values() for secret in manifest["secrets"]})


def apis(root: Path = ROOT) -> tuple[str, ...]:
    """The APIs that the installation and its bootstrap enable, as "run.googleapis.com"."""
    lists = [one["for_each"] for file in ("apis.tf", "bootstrap/main.tf") for one in _services(root / "infra" / file)]
    return tuple(sorted({f"{name}.googleapis.com" for text in lists for name in re.findall(r'"([\w-]+)"', text)}))


def _services(file: Path) -> list[Mapping[str, Any]]:
    resources = _read(file)["resource"]
    return [one["google_project_service"]["api"] for one in resources if "google_project_service" in one]


def placeholders(found: Estate) -> list[str]:
    """The variables that still hold a REPLACE-ME."""
    return sorted(name for name, value in found.variables.items() if PLACEHOLDER in json.dumps(value, default=str))


def _defaults(root: Path) -> dict[str, Any]:
    declared = _read(root / "infra" / "variables.tf")["variable"]
    return {name: body["default"] for one in declared for name, body in one.items() if "default" in body}


def _locals(root: Path) -> dict[str, Any]:
    return dict(_read(root / "infra" / "manifest.tf")["locals"][0])


@cache
def _read(file: Path) -> dict[str, Any]:
    import hcl2  # noqa: PLC0415 - its parser is slow to load, and only installations are described in Terraform

    plain = hcl2.SerializationOptions(with_comments=False, explicit_blocks=False, strip_string_quotes=True)
    try:
        return dict(hcl2.loads(file.read_text(encoding="utf-8"), serialization_options=plain))
    except FileNotFoundError as error:
        raise ConfigurationError(f"{file}: missing; the installation is described in the checkout's infra/") from error
