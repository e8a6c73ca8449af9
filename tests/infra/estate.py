"""What was planned or applied, by type, and what the function.yaml files say it should be."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from shared.settings import Settings

KEY = re.compile(r'module\.function\["(\w+)"\]')
NUMBER = "123456789012"


@dataclass(frozen=True)
class Resource:
    """One instance."""

    address: str
    kind: str
    name: str
    values: Mapping[str, Any]

    @property
    def function(self) -> str:
        """The function whose module it is in, or ""."""
        found = KEY.match(self.address)
        return found[1] if found else ""

    def block(self, name: str) -> Mapping[str, Any]:
        """The only block of a name; empty when there is none."""
        return next(iter(self.values.get(name) or [{}]))


@dataclass(frozen=True)
class Estate:
    """An environment as it is after apply."""

    environment: str
    resources: tuple[Resource, ...]
    manifests: Mapping[str, Mapping[str, Any]]

    def of(self, *kinds: str, name: str = "") -> Iterator[Resource]:
        """The resources of these types."""
        yield from (found for found in self.resources if found.kind in kinds and name in {"", found.name})

    @cached_property
    def project(self) -> str:
        """The project's id."""
        return str(next(self.of("google_pubsub_topic")).values["id"]).split("/")[1]

    @property
    def is_production(self) -> bool:
        """True where stores are protected."""
        return self.environment == "production"

    def url(self, function: str) -> str:
        """Where a function is."""
        return f"https://soukmon-{function.replace('_', '-')}-{NUMBER}.europe-west1.run.app"

    def account(self, function: str) -> str:
        """The member that a function runs as."""
        return f"serviceAccount:fn-{function.replace('_', '-')}@{self.project}.iam.gserviceaccount.com"

    def own(self, name: str) -> str:
        """A member among our own accounts."""
        return f"serviceAccount:{name}@{self.project}.iam.gserviceaccount.com"

    def topic(self, name: str) -> str:
        """A topic's id."""
        return f"projects/{self.project}/topics/{name if name == 'cloud-builds' else f'soukmon-{name}'}"


def estate(environment: str, resources: list[dict[str, Any]], root: Path) -> Estate:
    """From `terraform show -json`."""
    made = tuple(Resource(r["address"], r["type"], r["name"], r["values"]) for r in resources if r["mode"] == "managed")
    manifests = {
        file.parent.name: yaml.safe_load(file.read_text()) for file in sorted(root.glob("functions/*/function.yaml"))
    }
    return Estate(environment, made, manifests)


def setting_names(*, secret: bool | None = None) -> set[str]:
    """The environment variables that shared/settings.py reads."""
    return {f.metadata["env"] for f in fields(Settings) if secret is None or secret == (not f.repr)}


def dump(found: Estate) -> str:
    """Everything as text, to look for what must not be there."""
    return json.dumps([resource.values for resource in found.resources])
