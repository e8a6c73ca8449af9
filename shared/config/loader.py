"""The YAML files of a directory, decoded strictly, checked against each other, as one configuration."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from shared.config import assembling, audiences, crosschecks, diagnosing, rehearsing, reporting
from shared.config.backups import backups
from shared.config.backups_wire import BackupsFile
from shared.config.breach_team import response_team, with_channel, with_team
from shared.config.breach_wire import BreachFile
from shared.config.decoding import decode
from shared.config.diagnosing_wire import DiagnosticsFile, ServicesFile
from shared.config.documents import Document, read
from shared.config.faults import Fault, Level
from shared.config.files import FILES
from shared.config.jobs import jobs
from shared.config.jobs_wire import JobsFile
from shared.config.maintenance import maintenance
from shared.config.maintenance_wire import MaintenanceFile
from shared.config.noise import noise
from shared.config.post_mortem_rules import post_mortem_rules
from shared.config.post_mortems_wire import PostMortemsFile
from shared.config.procedures import procedures
from shared.config.procedures_wire import ProceduresFile
from shared.config.reports_wire import DashboardsFile, ReportsFile, SlosFile, WrittenFile
from shared.config.retention import retention
from shared.config.retention_wire import RetentionFile
from shared.config.security import security
from shared.config.security_wire import SecurityFile
from shared.config.status import status_page
from shared.config.status_wire import StatusFile
from shared.config.system_audit import audit_plan
from shared.config.system_audit_wire import SystemAuditFile
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
from shared.domain.audits import AuditPlan
from shared.domain.backups import BackupRules
from shared.domain.changes import Service
from shared.domain.configuration import Configuration
from shared.domain.diagnoses import Diagnostics
from shared.domain.jobs import JobPlan
from shared.domain.maintenance_plan import MaintenancePlan
from shared.domain.metrics import Metric
from shared.domain.noise import Noise
from shared.domain.post_mortems import PostMortemRules
from shared.domain.procedures import Procedures
from shared.domain.report_plans import ChartPlan, Reporting
from shared.domain.restricted import ResponseTeam
from shared.domain.retention import RetentionClass
from shared.domain.security_plan import SecurityPlan
from shared.domain.status import StatusPage
from shared.errors import ConfigurationError

Shape = TypeVar("Shape")
Part = TypeVar("Part")
PACKAGED = Path(__file__).parent
# Without them nothing is held back, windows have no list, no procedure starts, nothing is diagnosed or taken back, and
# there is no status page, no post-mortem is asked for, the default contact hears of breaches, nothing is reported,
# no job runs, nothing is audited, nothing beside our functions is declared to have access, and backups are held to
# what is built in.
REPORTING = ("slos", "dashboards", "reports", "written")
OPTIONAL = frozenset(
    {
        "noise",
        "maintenance",
        "procedures",
        "diagnostics",
        "services",
        "status",
        "post_mortems",
        "breach",
        "jobs",
        "system_audit",
        "retention",
        "security",
        "backups",
        *REPORTING,
    }
)


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
    if "breach.yaml" in documents:
        known = directory
        directory = _part(documents["breach.yaml"], BreachFile, lambda file: with_team(file, known))
    metrics = _part(documents["metrics.yaml"], MetricsFile, assembling.metrics)
    return Configuration(
        metric_rules=metric_rules,
        event_rules=event_rules,
        promises=_part(documents["severities.yaml"], SeveritiesFile, assembling.promises),
        policies=_part(documents["escalation.yaml"], EscalationFile, assembling.policies),
        directory=directory,
        slack_channels=_slack_channels(documents, rehearsing.slack_channels(channels)),
        email_from=channels.email_from,
        runbooks=runbooks,
        support=assembling.support(channels),
        auditor=channels.auditor,
        limits=assembling.limits(channels.limits),
        demo_contacts=demo_contacts,
        metrics=metrics,
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
        response_team=_response_team(documents),
        reporting=_reporting(documents, metrics),
        jobs=_jobs(documents.get("jobs.yaml")),
        audit=_audit(documents.get("system_audit.yaml")),
        retention=_retention(documents.get("retention.yaml")),
        security=_security(documents.get("security.yaml")),
        backups=_backups(documents.get("backups.yaml")),
    )


def _reporting(documents: dict[str, Document], metrics: Mapping[str, Metric]) -> Reporting:
    made = Reporting()
    if slos := documents.get("slos.yaml"):
        made = replace(made, objectives=_part(slos, SlosFile, lambda file: reporting.objectives(file, metrics)))
    charts: Mapping[str, ChartPlan] = {}
    if pages := documents.get("dashboards.yaml"):
        charts = _part(pages, DashboardsFile, reporting.charts)
        made = replace(made, dashboards=_part(pages, DashboardsFile, reporting.dashboards))
    if texts := documents.get("written.yaml"):
        made = replace(made, written=_part(texts, WrittenFile, reporting.written))
    if document := documents.get("reports.yaml"):
        made = _part(document, ReportsFile, lambda file: reporting.with_reports(made, file, charts))
    return made


def _jobs(document: Document | None) -> tuple[JobPlan, ...]:
    return () if document is None else _part(document, JobsFile, jobs)


def _security(document: Document | None) -> SecurityPlan:
    return SecurityPlan() if document is None else _part(document, SecurityFile, security)


def _audit(document: Document | None) -> AuditPlan:
    return AuditPlan() if document is None else _part(document, SystemAuditFile, audit_plan)


def _backups(document: Document | None) -> BackupRules:
    return BackupRules() if document is None else _part(document, BackupsFile, backups)


def _retention(document: Document | None) -> tuple[RetentionClass, ...]:
    return () if document is None else _part(document, RetentionFile, retention)


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


def _slack_channels(documents: dict[str, Document], channels: Mapping[str, str]) -> Mapping[str, str]:
    document = documents.get("breach.yaml")
    return channels if document is None else _part(document, BreachFile, lambda file: with_channel(file, channels))


def _response_team(documents: dict[str, Document]) -> ResponseTeam:
    document = documents.get("breach.yaml")
    return ResponseTeam() if document is None else _part(document, BreachFile, response_team)


def _part(document: Document, shape: type[Shape], build: Callable[[Shape], Part]) -> Part:
    try:
        return build(decode(document.data, shape))
    except Fault as fault:
        raise document.refusal(fault) from fault


def _runbooks(directory: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(directory.glob("*.md")):
        yield path.stem, path.read_text(encoding="utf-8")
