"""`soukmon check`: lint the packaged configuration, or accept and spell out files of rules and settings."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import phonenumbers

from shared import bootstrap
from shared.config.crosschecks import findings, production_findings
from shared.config.durations import spelled
from shared.config.faults import Finding, Level
from shared.config.loader import Loaded, assemble
from shared.config.normal_forms import spelled_out
from shared.config.people_checks import gaps, unfairness
from shared.domain.configuration import Configuration
from shared.domain.detection_time import detection_time
from shared.errors import ConfigurationError
from shared.rendering.view import span

FINE, NOT_FINE, BAD_INPUT = 0, 1, 2


def check(files: Sequence[Path], *, production: bool = False, now: datetime | None = None) -> tuple[int, list[str]]:
    """The exit code (0 fine, 1 refused, 2 a file cannot be read) and the lines to print.

    Without files the packaged configuration is linted, one line per finding; only errors refuse it. A directory is
    linted like it, a single file answered with its normal form. `now` is where the search for gaps in the rotations
    begins (the present when left out).
    """
    start = now or datetime.now(UTC)
    if not files:
        return lint(None, production=production, now=start)
    outcomes = [lint(f, production=production, now=start) if f.is_dir() else _accept(f) for f in files]
    return max(code for code, _ in outcomes), [line for _, lines in outcomes for line in lines]


def lint(directory: Path | None, *, production: bool, now: datetime) -> tuple[int, list[str]]:
    """Every finding about a directory of configuration (None: the packaged one)."""
    try:
        loaded = assemble(directory)
    except ConfigurationError as error:
        return NOT_FINE, [f"error: {error}"]
    found = list(_every_finding(loaded.configuration, production=production, now=now))
    lines = [f"{finding.level}: {loaded.documents[finding.file].finding(finding)}" for finding in found]
    if any(finding.level is Level.ERROR for finding in found):
        return NOT_FINE, lines
    return FINE, [*lines, *_promises(loaded.configuration), _summary(loaded)]


def _every_finding(configuration: Configuration, *, production: bool, now: datetime) -> Iterator[Finding]:
    strict = list(production_findings(configuration)) if production else []
    refused = {(finding.file, finding.path) for finding in strict}
    yield from strict
    yield from (f for f in findings(configuration) if (f.file, f.path) not in refused)
    yield from gaps(configuration.directory, now)
    yield from unfairness(configuration.directory, now)
    yield from _phones(configuration)


def _phones(configuration: Configuration) -> Iterator[Finding]:
    for person in configuration.directory.people.values():
        if person.phone and not phonenumbers.is_valid_number(phonenumbers.parse(person.phone)):
            what, fix = (
                f"{person.phone} is not a telephone number that exists",
                'write it with its country code, such as "+201001234567"',
            )
            yield Finding(Level.ERROR, "oncall.yaml", ("people", person.id, "phone"), what, fix)


def _promises(configuration: Configuration) -> Iterator[str]:
    """How long each metric rule may take to see a strong fault, and from what."""
    for rule in configuration.metric_rules:
        metric = configuration.metrics[rule.metric]
        found = detection_time(rule, metric, configuration.sources.get(metric.source))
        parts = [("source", found.source), ("window", found.window), ("evaluation", found.cadence)]
        spelled_parts = ", ".join(f"{name} {spelled(length)}" for name, length in parts if length)
        late = f"; data later than {spelled(found.late)} is told as late" if found.late else ""
        yield f"{rule.name}: sees a strong fault within {span(found.worst)} ({spelled_parts}){late}"


def _summary(loaded: Loaded) -> str:
    made = loaded.configuration
    return f"fine: {len(made.metric_rules)} metric rules, {len(made.event_rules)} event rules"


def _around(file: Path) -> Configuration | None:
    """What the rules of a file are held against: the folder it lies in if that is a whole one, else the one in use."""
    try:
        return assemble(file.parent).configuration if (file.parent / "metrics.yaml").exists() else bootstrap.config()
    except ConfigurationError:
        return None


def _accept(file: Path) -> tuple[int, list[str]]:
    try:
        content = file.read_bytes()
    except OSError as error:
        return BAD_INPUT, [f"{file}: cannot be read ({error.strerror})"]
    try:
        return FINE, spelled_out(content, file=str(file), within=_around(file)).splitlines()
    except ConfigurationError as error:
        return NOT_FINE, str(error).splitlines()
