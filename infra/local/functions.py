"""The functions of the collection: their manifests, and each one mounted as the functions framework serves it."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import functions_framework
import yaml
from flask import Flask
from werkzeug.test import Client

from shared.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[2] / "functions"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What function.yaml says about one function."""

    name: str
    trigger: Mapping[str, Any]
    publishes: frozenset[str] = frozenset()

    @property
    def topic(self) -> str:
        """The topic that is pushed to it, or ""."""
        return str(self.trigger.get("topic", ""))

    @property
    def cron(self) -> str:
        """Its schedule, or ""."""
        return str(self.trigger.get("cron", ""))


def manifests(root: Path = ROOT) -> dict[str, Manifest]:
    """Every function by name; a folder with a main.py must have a manifest."""
    found = {}
    for main in sorted(root.glob("*/main.py")):
        path = main.with_name("function.yaml")
        if not path.is_file():
            raise ConfigurationError(f"{path}: missing; every function has a manifest")
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        topics = frozenset(document.get("publishes", ()))
        found[main.parent.name] = Manifest(main.parent.name, document["trigger"], topics)
    return found


def mount(name: str, root: Path = ROOT) -> Flask:
    """The function's own app, loaded from its main.py exactly as in production.

    The framework appends the function's folder to the path of imports each time, which no function of ours needs: a
    process that starts many platforms would look for every module in thousands of folders.
    """
    path = sys.path.copy()
    app: Flask = functions_framework.create_app(  # type: ignore[no-untyped-call]
        target=name, source=str(root / name / "main.py")
    )
    sys.path[:] = path
    return app


def clients(root: Path = ROOT) -> dict[str, Client]:
    """A client for every function that calls its app without a network."""
    return {name: Client(mount(name, root)) for name in manifests(root)}
