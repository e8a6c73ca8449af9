"""Cloud Logging entries: request logs by status, application errors, scheduler failures, web crashes, security events.

Nothing but `resource` may be assumed to be there; int64 fields are strings.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.domain.severities import Severity
from shared.domain.signals import NotASignal, Signal
from shared.errors import UndecodableError
from shared.inbound import audit_log
from shared.inbound.crash_entries import mobile_crash, web_crash
from shared.inbound.envelopes import Envelope
from shared.inbound.log_entry import ERRORS, Entry, signal
from shared.inbound.messages import headline, message_of
from shared.inbound.services import path_of, service_of, service_of_url
from shared.inbound.templates import template
from shared.inbound.values import instant, items, known, mapping, number, text, title

SEVERE = ERRORS - {"ERROR"}
SERVER_ERROR = 500
MARKS = frozenset({"logName", "insertId", "protoPayload", "jsonPayload", "textPayload", "httpRequest"})
TELEMETRY = "firebasetelemetry.googleapis.com/App"
# A first-generation function writes no request log; how a run ended stands in a text, at severity DEBUG.
_FINISHED = re.compile(r"finished with status: '?(timeout|crash|error|connection error|out of memory)", re.IGNORECASE)
_ANSWERED = re.compile(r"^Function execution took .{1,20}finished with status code: (\d{3})", re.IGNORECASE)


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
    entry = Entry(envelope, body, at, now)
    if "protoPayload" in body:  # before the guard: who changes the alerting itself is of all people to be seen
        return _audited(entry)
    service = service_of(body)
    if entry.payload.get("origin") == "soukmon" or (own_services and service.startswith(own_services)):
        return entry.none("ignored", "our own log: left out, or every alert would make another")
    return _by_content(entry, service)


def _by_content(entry: Entry, service: str) -> Signal | NotASignal:
    policy = mapping(entry.payload.get("enforcedSecurityPolicy"))
    if policy:
        return _armor(entry, policy)
    if "AttemptFinished" in text(entry.payload.get("@type")):
        return _scheduler(entry)
    if text(mapping(entry.body.get("resource")).get("type")) == TELEMETRY:
        return web_crash(entry)
    if "firebasecrashlytics.googleapis.com" in text(entry.body.get("logName")):
        return mobile_crash(entry)
    status = _status(entry)
    if status:
        return _request(entry, service, status)
    finished = _FINISHED.search(text(entry.body.get("textPayload")))
    if finished:
        return _function_ended(entry, service, finished.group(1).lower())
    if entry.severity not in ERRORS:
        return entry.none("ignored", f"severity {title(entry.severity) or 'DEFAULT'} is below ERROR")
    return _error(entry, service)


def _status(entry: Entry) -> str:
    """The HTTP status of a request log; "" for others, also for an application's error that names its request."""
    answered = _ANSWERED.match(text(entry.body.get("textPayload")))
    status = answered[1] if answered else number(mapping(entry.body.get("httpRequest")).get("status"))
    is_applications = entry.severity in ERRORS and bool(text(entry.payload.get("message")))
    return "" if status and float(status) < SERVER_ERROR and is_applications else status


def _audited(entry: Entry) -> Signal | NotASignal:
    finding = audit_log.classify(mapping(entry.body.get("protoPayload")))
    if isinstance(finding, audit_log.Harmless):
        harmless = entry.none(finding.outcome, finding.reason)
        return replace(harmless, burst=finding.burst, subject=finding.subject) if finding.subject else harmless
    return signal(
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


def _armor(entry: Entry, policy: Mapping[str, Any]) -> Signal | NotASignal:
    expressions = [text(e) for e in items(policy.get("preconfiguredExprIds"))]
    attack = [e for e in expressions if "rce" in e.lower()] or "jndi:" in text(policy.get("matchedFieldValue")).lower()
    if text(policy.get("outcome")).upper() != "DENY" or not attack:
        what = title(", ".join(expressions)) or "a rule"
        return entry.none("recorded", f"request judged by Cloud Armor ({what}); no remote code execution attempt")
    service = service_of(entry.body)
    return signal(
        entry,
        alert_type="security.rce_attempt",
        service="security",
        name=f"Cloud Armor blocked a remote code execution attempt on {service}",
        about=f"Expression {title(', '.join(expressions))} in {title(policy.get('matchedFieldType'))}",
        identity=("security", "rce", service),
        labels=known(service=service, policy=title(policy.get("name"))),
        values=known(caller_ip=title(mapping(entry.body.get("httpRequest")).get("remoteIp"))),
    )


def _scheduler(entry: Entry) -> Signal | NotASignal:
    status, url = text(entry.payload.get("status")), text(entry.payload.get("url"))
    if entry.severity not in ERRORS and status in {"", "OK"}:
        return entry.none("ignored", "scheduled run finished well")
    job = title(text(entry.payload.get("jobName")).rpartition("/")[2] or entry.labels.get("job_id"))
    service = service_of_url(url) or job or "scheduler"
    return signal(
        entry,
        alert_type="log.scheduler_attempt_failed",
        service=service,
        name=f"{service} answers with errors (scheduled job {job})",
        about=text(entry.payload.get("debugInfo")) or status,
        identity=("5xx", service),
        labels=known(service=service),
        values=known(job=job, status=title(status)),
    )


def _request(entry: Entry, service: str, status: str) -> Signal | NotASignal:
    request = mapping(entry.body.get("httpRequest"))
    if float(status) < SERVER_ERROR:
        return entry.none("ignored", f"request answered with {status}")
    url, method = text(request.get("requestUrl")), title(request.get("requestMethod"))
    path = path_of(url) if url else ""
    told = f"{method} {path} answered {status} after {title(request.get('latency')) or 'unknown time'}"
    return signal(
        entry,
        alert_type="log.request_5xx",
        service=service,
        name=f"{service} answers with {status}",
        about=told if url else text(entry.body.get("textPayload")),
        identity=("5xx", service),
        labels=known(service=service),
        values=known(
            status=status, path=path, method=method, revision=title(entry.labels.get("revision_name")),
            latency=title(request.get("latency")),
        ),
    )  # fmt: skip


def _function_ended(entry: Entry, service: str, how: str) -> Signal:
    kind = "log.function_timeout" if how == "timeout" else "log.function_crash"
    return signal(
        entry,
        alert_type=kind,
        service=service,
        name=f"Function {service} ended with {how}",
        about=text(entry.body.get("textPayload")),
        identity=(kind, service),
        labels=known(service=service),
    )


def _error(entry: Entry, service: str) -> Signal:
    message = message_of(entry.body)
    first = headline(message)
    return signal(
        entry,
        alert_type="log.error",
        service=service,
        name=f"{service}: {first}",
        about=message,
        identity=("log.error", service, template(first)),
        severity=Severity.HIGH if entry.severity in SEVERE else None,
        labels=known(service=service),
        values=known(log_severity=entry.severity, revision=title(entry.labels.get("revision_name"))),
    )
