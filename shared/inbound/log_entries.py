"""Cloud Logging entries: request logs by status, application errors, scheduler failures, web crashes, security events.

Nothing but `resource` may be assumed to be there; int64 fields are strings.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from shared.domain.severities import Severity
from shared.domain.signals import NotASignal, Signal, digest
from shared.errors import UndecodableError
from shared.inbound import audit_log
from shared.inbound.envelopes import Envelope
from shared.inbound.values import instant, items, known, mapping, number, summary, text, title

ERRORS = frozenset({"ERROR", "CRITICAL", "ALERT", "EMERGENCY"})
SEVERE = ERRORS - {"ERROR"}
SERVER_ERROR = 500
MARKS = frozenset({"logName", "insertId", "protoPayload", "jsonPayload", "textPayload", "httpRequest"})
TELEMETRY = "firebasetelemetry.googleapis.com/App"
_FINISHED = re.compile(r"finished with status: '?(timeout|crash|error|connection error|out of memory)", re.IGNORECASE)
_VARYING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{12,}\b|0x[0-9a-f]+|\d+", re.IGNORECASE)
_NAME = re.compile(r"^(?:\d+|[0-9a-f]{12,}|[0-9a-f]{8}-[0-9a-f-]{27}|(?=.*\d)[\w-]{16,})$", re.IGNORECASE)
_RUN_HOST = re.compile(r"^(?P<name>[a-z0-9-]+?)-(?:[a-z0-9]{10}-[a-z]{2}|\d+\.[a-z0-9-]+)\.(?:a\.)?run\.app$")
_FRAME = re.compile(r"^\s*(?:at\s+.+|[^\s@]*@\S+:\d+:\d+)")
_FOREIGN_FRAME = re.compile(
    r"node_modules|firebase|gstatic|chrome-extension|moz-extension|<anonymous>|zone\.js", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A log entry with what nearly every branch needs."""

    envelope: Envelope
    body: Mapping[str, Any]
    at: datetime
    now: datetime

    @property
    def severity(self) -> str:
        return text(self.body.get("severity")).upper()

    @property
    def payload(self) -> Mapping[str, Any]:
        return mapping(self.body.get("jsonPayload"))

    @property
    def labels(self) -> Mapping[str, Any]:
        return mapping(mapping(self.body.get("resource")).get("labels"))

    def none(self, outcome: str, reason: str) -> NotASignal:
        return NotASignal(outcome, reason, self.envelope.event_id, self.at)


def is_entry(data: object) -> bool:
    """True for what looks like a LogEntry."""
    found = mapping(data)
    return bool(MARKS & set(found)) or ("resource" in found and ("timestamp" in found or "severity" in found))


def parse(envelope: Envelope, *, now: datetime, own_services: str) -> Signal | NotASignal:
    """The entry as a signal, or why it is none; raises UndecodableError for what is no log entry."""
    if not is_entry(envelope.payload):
        raise UndecodableError("not a log entry")
    body = mapping(envelope.payload)
    at = instant(body.get("timestamp")) or instant(body.get("receiveTimestamp")) or envelope.time or now
    entry = _Entry(envelope, body, at, now)
    service = service_of(body)
    if entry.payload.get("origin") == "soukmon" or (own_services and service.startswith(own_services)):
        return entry.none("ignored", "our own log: left out, or every alert would make another")
    if "protoPayload" in body:
        return _audited(entry)
    return _by_content(entry, service)


def _by_content(entry: _Entry, service: str) -> Signal | NotASignal:
    policy = mapping(entry.payload.get("enforcedSecurityPolicy"))
    if policy:
        return _armor(entry, policy)
    if "AttemptFinished" in text(entry.payload.get("@type")):
        return _scheduler(entry)
    if text(mapping(entry.body.get("resource")).get("type")) == TELEMETRY:
        return _web_crash(entry)
    if "firebasecrashlytics.googleapis.com" in text(entry.body.get("logName")):
        return _mobile_crash(entry)
    status = number(mapping(entry.body.get("httpRequest")).get("status"))
    if status:
        return _request(entry, service, status)
    finished = _FINISHED.search(text(entry.body.get("textPayload")))
    if finished:
        return _function_ended(entry, service, finished.group(1).lower())
    if entry.severity not in ERRORS:
        return entry.none("ignored", f"severity {title(entry.severity) or 'DEFAULT'} is below ERROR")
    return _error(entry, service)


def service_of(body: Mapping[str, Any]) -> str:
    """The service an entry is about: function, Cloud Run service, backend or host; "_" becomes "-"."""
    labels, own = mapping(mapping(body.get("resource")).get("labels")), mapping(body.get("labels"))
    named = (
        own.get("goog-drz-cloudfunctions-id")
        or labels.get("function_name")
        or labels.get("service_name")
        or labels.get("backend_service_name")
        or labels.get("module_id")
    )
    if named:
        return _normal(text(named))
    return service_of_url(text(mapping(body.get("httpRequest")).get("requestUrl"))) or "unknown"


def service_of_url(url: str) -> str:
    """The service behind a URL: .../NAME on cloudfunctions.net, SERVICE-hash on run.app, else the host."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return ""
    if host.endswith(".cloudfunctions.net"):
        return _normal(parts.path.strip("/").split("/")[0]) or host
    found = _RUN_HOST.match(host)
    return _normal(found["name"]) if found else host


def _normal(name: str) -> str:
    return title(name).lower().replace("_", "-")


def _audited(entry: _Entry) -> Signal | NotASignal:
    finding = audit_log.classify(mapping(entry.body.get("protoPayload")))
    if isinstance(finding, audit_log.Harmless):
        return entry.none(finding.outcome, finding.reason)
    return _signal(
        entry,
        alert_type=finding.alert_type,
        service="security",
        name=finding.title,
        about=finding.summary,
        identity=("security", finding.alert_type, finding.subject),
        severity=finding.severity,
        labels=known(project=title(entry.labels.get("project_id")), subject=finding.subject),
        values=known(principal=finding.principal, method=finding.method, caller_ip=finding.caller_ip),
    )


def _armor(entry: _Entry, policy: Mapping[str, Any]) -> Signal | NotASignal:
    expressions = [text(e) for e in items(policy.get("preconfiguredExprIds"))]
    attack = [e for e in expressions if "rce" in e.lower()] or "jndi:" in text(policy.get("matchedFieldValue")).lower()
    if text(policy.get("outcome")).upper() != "DENY" or not attack:
        what = title(", ".join(expressions)) or "a rule"
        return entry.none("recorded", f"request judged by Cloud Armor ({what}); no remote code execution attempt")
    service = service_of(entry.body)
    return _signal(
        entry,
        alert_type="security.rce_attempt",
        service="security",
        name=f"Cloud Armor blocked a remote code execution attempt on {service}",
        about=f"Expression {title(', '.join(expressions))} in {title(policy.get('matchedFieldType'))}",
        identity=("security", "rce", service),
        labels=known(service=service, policy=title(policy.get("name"))),
        values=known(caller_ip=title(mapping(entry.body.get("httpRequest")).get("remoteIp"))),
    )


def _scheduler(entry: _Entry) -> Signal | NotASignal:
    status, url = text(entry.payload.get("status")), text(entry.payload.get("url"))
    if entry.severity not in ERRORS and status in {"", "OK"}:
        return entry.none("ignored", "scheduled run finished well")
    job = title(text(entry.payload.get("jobName")).rpartition("/")[2] or entry.labels.get("job_id"))
    service = service_of_url(url) or job or "scheduler"
    return _signal(
        entry,
        alert_type="log.scheduler_attempt_failed",
        service=service,
        name=f"{service} answers with errors (scheduled job {job})",
        about=text(entry.payload.get("debugInfo")) or status,
        identity=("5xx", service),
        values=known(job=job, status=title(status)),
    )


def _request(entry: _Entry, service: str, status: str) -> Signal | NotASignal:
    request = mapping(entry.body.get("httpRequest"))
    if float(status) < SERVER_ERROR:
        return entry.none("ignored", f"request answered with {status}")
    path = _path(text(request.get("requestUrl")))
    method = title(request.get("requestMethod"))
    return _signal(
        entry,
        alert_type="log.request_5xx",
        service=service,
        name=f"{service} answers with {status}",
        about=f"{method} {path} answered {status} after {title(request.get('latency')) or 'unknown time'}",
        identity=("5xx", service),
        labels=known(service=service),
        values=known(
            status=status, path=path, method=method, revision=title(entry.labels.get("revision_name")),
            latency=title(request.get("latency")),
        ),
    )  # fmt: skip


def _path(url: str) -> str:
    try:
        parts = [_NAME.sub("*", part) for part in urlsplit(url).path.split("/")]
        return title("/".join(parts)) or "/"
    except ValueError:
        return "/"


def _function_ended(entry: _Entry, service: str, how: str) -> Signal:
    kind = "log.function_timeout" if how == "timeout" else "log.function_crash"
    return _signal(
        entry,
        alert_type=kind,
        service=service,
        name=f"Function {service} ended with {how}",
        about=text(entry.body.get("textPayload")),
        identity=(kind, service),
        labels=known(service=service),
    )


def _web_crash(entry: _Entry) -> Signal | NotASignal:
    if entry.severity not in ERRORS:
        return entry.none("ignored", f"web telemetry at severity {title(entry.severity) or 'DEFAULT'}")
    labels = mapping(entry.body.get("labels"))
    found = {key: text(entry.payload.get(f"exception.{key}")) for key in ("type", "message", "stacktrace")}
    message = (
        found["message"] or text(entry.payload.get("message")) or text(entry.body.get("textPayload")) or "unknown error"
    )
    app = text(entry.labels.get("app_id") or labels.get("app_id"))
    groups = [text(mapping(group).get("id")) for group in items(entry.body.get("errorGroups"))]
    frame = first_app_frame(found["stacktrace"])
    identity = groups[0] if groups and groups[0] else digest(found["type"], frame or _VARYING.sub("#", message))
    version = title(entry.labels.get("app_version") or labels.get("service.version"))
    return _signal(
        entry,
        alert_type="crashlytics.webError",
        service="web",
        name=f"Web error: {found['type'] or 'Error'}: {message}",
        about=frame or message,
        identity=("crashlytics", app, identity),
        version=version,
        labels=known(app_id=title(app), platform="web", issue_id=title(identity)),
        values=known(
            app_version=version,
            browser=title(f"{text(labels.get('user_agent.name'))} {text(labels.get('user_agent.version'))}".strip()),
            build="" if text(labels.get("app.build_id")) == "unset" else title(labels.get("app.build_id")),
        ),
    )


def first_app_frame(stack: str) -> str:
    """The topmost frame that is the application's own, without positions that change from build to build."""
    frames = [line.strip() for line in stack.splitlines()[:200] if _FRAME.match(line)]
    own = [frame for frame in frames if not _FOREIGN_FRAME.search(frame)]
    return title(re.sub(r":\d+(:\d+)?", "", own[0])) if own else ""


def _mobile_crash(entry: _Entry) -> Signal | NotASignal:
    issue = mapping(entry.payload.get("issue"))
    name = text(issue.get("id") or entry.payload.get("issueId"))
    if not name:
        return entry.none("recorded", "Crashlytics session event, not an error")
    app = text(entry.payload.get("appId") or entry.labels.get("app_id"))
    version = title(mapping(entry.payload.get("application")).get("displayVersion"))
    return _signal(
        entry,
        alert_type="crashlytics.logged",
        service="app",
        name=f"Crash: {text(issue.get('title')) or name}",
        about=text(issue.get("subtitle")),
        identity=("crashlytics", app, name),
        version=version,
        labels=known(app_id=title(app), issue_id=title(name)),
        values=known(app_version=version, issue_type=title(entry.payload.get("errorType"))),
    )


def _error(entry: _Entry, service: str) -> Signal:
    message = (
        text(entry.payload.get("message")) or text(entry.payload.get("msg")) or text(entry.body.get("textPayload"))
    )
    first = message.strip().splitlines()[0] if message.strip() else "error without a message"
    return _signal(
        entry,
        alert_type="log.error",
        service=service,
        name=f"{service}: {first}",
        about=message,
        identity=("log.error", service, _VARYING.sub("#", first)[:300]),
        severity=Severity.HIGH if entry.severity in SEVERE else None,
        labels=known(service=service),
        values=known(log_severity=entry.severity, revision=title(entry.labels.get("revision_name"))),
    )


def _signal(  # noqa: PLR0913 - a signal has that many sides, all named
    entry: _Entry,
    *,
    alert_type: str,
    service: str,
    name: str,
    about: str,
    identity: tuple[str, ...],
    version: str = "",
    severity: Severity | None = None,
    labels: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
) -> Signal:
    return Signal(
        event_id=entry.envelope.event_id,
        fingerprint=digest(*identity),
        key=digest(alert_type, *identity, version),
        alert_type=alert_type,
        source="logging",
        service=service or "unknown",
        title=title(name),
        summary=summary(about),
        occurred_at=entry.at,
        received_at=entry.now,
        severity=severity,
        labels=dict(labels or {}),
        values=dict(values or {}),
    )
