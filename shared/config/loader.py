"""The YAML files of a directory, decoded strictly, checked against each other, as one configuration."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from shared.config import assembling, audiences, crosschecks, diagnosing, rehearsing
from shared.config.decoding import decode
from shared.config.diagnosing_wire import DiagnosticsFile, ServicesFile
from shared.config.documents import Document, read
from shared.config.faults import Fault, Level
from shared.config.files import FILES
from shared.config.maintenance import maintenance
from shared.config.maintenance_wire import MaintenanceFile
from shared.config.noise import noise
from shared.config.post_mortem_rules import post_mortem_rules
from shared.config.post_mortems_wire import PostMortemsFile
from shared.config.procedures import procedures
from shared.config.procedures_wire import ProceduresFile
from shared.config.status import status_page
from shared.config.status_wire import StatusFile
from shared.config.wire import (
    CalendarsFile,
    ChannelsFile,
    CountriesFile,
    EscalationFile,
    MetricsFile,
    NoiseFile,
    OncallFile,
    RulesFile,
    SeveritiesFile,
)
from shared.domain.changes import Service
from shared.domain.configuration import Configuration
from shared.domain.diagnoses import Diagnostics
from shared.domain.maintenance_plan import MaintenancePlan
from shared.domain.noise import Noise
from shared.domain.post_mortems import PostMortemRules
from shared.domain.procedures import Procedures
from shared.domain.status import StatusPage
from shared.errors import ConfigurationError

Shape = TypeVar("Shape")
Part = TypeVar("Part")
PACKAGED = Path(__file__).parent
# Without them nothing is held back, windows have no list, no procedure starts, nothing is diagnosed or taken back, and
# there is no status page, and no post-mortem is asked for.
OPTIONAL = frozenset({"noise", "maintenance", "procedures", "diagnostics", "services", "status", "post_mortems"})


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration with the documents it came from, which know the lines."""

    configuration: Configuration
    documents: dict[str, Document]


def load(directory: Path | None = None) -> Configuration:
    """The checked configuration of a directory, or the packaged one.

    Raises ConfigurationError, one line per refusal: "rules.yaml:12: alerts[3].condition: ...; write ... instead".
    """
    loaded = assemble(directory)
    errors = [f for f in crosschecks.findings(loaded.configuration) if f.level is Level.ERROR]
    if errors:
        raise ConfigurationError("\n".join(loaded.documents[f.file].finding(f) for f in errors))
    return loaded.configuration


def assemble(directory: Path | None = None) -> Loaded:
    """The configuration before its parts are checked against each other. Raises ConfigurationError."""
    home = directory or PACKAGED
    names = [f"{name}.yaml" for name in FILES if name not in OPTIONAL or (home / f"{name}.yaml").exists()]
    documents = {name: _document(home / name) for name in names}
    configuration = _configuration(documents, runbooks=dict(_runbooks(home / "runbooks")))
    return Loaded(configuration, documents)


def _document(path: Path) -> Document:
    try:
        return read(path)
    except OSError as error:
        fix = "every directory of configuration has " + ", ".join(FILES) + " .yaml"
        raise ConfigurationError(f"{path.name}:1: cannot be read ({error.strerror}); {fix}") from error


def _configuration(documents: dict[str, Document], *, runbooks: dict[str, str]) -> Configuration:
    metric_rules, event_rules = _part(documents["rules.yaml"], RulesFile, assembling.rules)
    directory, demo_contacts = _part(documents["oncall.yaml"], OncallFile, assembling.directory)
    channels = _part(documents["channels.yaml"], ChannelsFile, lambda file: file)
    directory = _part(documents["channels.yaml"], ChannelsFile, lambda file: rehearsing.with_recipient(file, directory))
    directory = _part(documents["channels.yaml"], ChannelsFile, lambda file: audiences.with_audiences(file, directory))
    return Configuration(
        metric_rules=metric_rules,
        event_rules=event_rules,
        promises=_part(documents["severities.yaml"], SeveritiesFile, assembling.promises),
        policies=_part(documents["escalation.yaml"], EscalationFile, assembling.policies),
        directory=directory,
        slack_channels=rehearsing.slack_channels(channels),
        email_from=channels.email_from,
        runbooks=runbooks,
        support=assembling.support(channels),
        auditor=channels.auditor,
        limits=assembling.limits(channels.limits),
        demo_contacts=demo_contacts,
        metrics=_part(documents["metrics.yaml"], MetricsFile, assembling.metrics),
        sources=_part(documents["metrics.yaml"], MetricsFile, assembling.sources),
        countries=_part(documents["countries.yaml"], CountriesFile, assembling.countries),
        seasons=_part(documents["calendars.yaml"], CalendarsFile, assembling.seasons),
        noise=_part(documents["noise.yaml"], NoiseFile, noise) if "noise.yaml" in documents else Noise(),
        procedures=_procedures(documents),
        maintenance=_maintenance(documents),
        diagnostics=_diagnostics(documents.get("diagnostics.yaml")),
        services=_services(documents.get("services.yaml")),
        status=_status(documents),
        post_mortems=_post_mortems(documents.get("post_mortems.yaml")),
    )


def _procedures(documents: dict[str, Document]) -> Procedures:
    document = documents.get("procedures.yaml")
    return Procedures() if document is None else _part(document, ProceduresFile, procedures)


def _maintenance(documents: dict[str, Document]) -> MaintenancePlan:
    document = documents.get("maintenance.yaml")
    return MaintenancePlan() if document is None else _part(document, MaintenanceFile, maintenance)


def _diagnostics(document: Document | None) -> Diagnostics:
    return Diagnostics() if document is None else _part(document, DiagnosticsFile, diagnosing.diagnostics)


def _services(document: Document | None) -> tuple[Service, ...]:
    return () if document is None else _part(document, ServicesFile, diagnosing.services)


def _status(documents: dict[str, Document]) -> StatusPage:
    document = documents.get("status.yaml")
    return StatusPage() if document is None else _part(document, StatusFile, status_page)


def _post_mortems(document: Document | None) -> PostMortemRules:
    return PostMortemRules() if document is None else _part(document, PostMortemsFile, post_mortem_rules)


def _part(document: Document, shape: type[Shape], build: Callable[[Shape], Part]) -> Part:
    try:
        return build(decode(document.data, shape))
    except Fault as fault:
        raise document.refusal(fault) from fault


def _runbooks(directory: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(directory.glob("*.md")):
        yield path.stem, path.read_text(encoding="utf-8")
