"""Crashes that arrive as log entries: of the web app (its only way), and of the mobile apps (a faster way)."""

import re

from shared.domain.signals import MAX_TEXT, NotASignal, Signal, digest
from shared.inbound.log_entry import ERRORS, Entry, signal
from shared.inbound.templates import template
from shared.inbound.values import items, known, mapping, text, title

_FRAME = re.compile(r"^\s*(?:at\s+.+|[^\s@]*@\S+:\d+:\d+)")
_POSITION = re.compile(r":\d+(:\d+)?")
_BUNDLE_HASH = re.compile(
    r"(?<=[.-])(?=\w*\d)\w{6,}(?=\.(?:chunk\.)?m?js)"
)  # index-BkQx8f2a.js, main.3fa21c9b.chunk.js
_FOREIGN_FRAME = re.compile(
    r"node_modules|firebase|gstatic|chrome-extension|moz-extension|<anonymous>|zone\.js", re.IGNORECASE
)


def web_crash(entry: Entry) -> Signal | NotASignal:
    """A Crashlytics-for-web entry; identified by its error group, else by type and first frame of our own."""
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
    place = frame or template(message)
    group = groups[0] if groups else ""
    identity = group or digest(found["type"], place)
    version = title(entry.labels.get("app_version") or labels.get("service.version"))
    return signal(
        entry,
        alert_type="crashlytics.webError",
        service="web",
        name=f"Web error: {found['type'] or 'Error'}: {message}",
        about=frame or message,
        identity=("crashlytics", app, identity),
        version=version,
        labels=known(app_id=title(app), platform="web", issue_id=title(group)),
        values=known(
            app_version=version,
            browser=title(f"{text(labels.get('user_agent.name'))} {text(labels.get('user_agent.version'))}".strip()),
            build="" if text(labels.get("app.build_id")) == "unset" else title(labels.get("app.build_id")),
        ),
    )


def first_app_frame(stack: str) -> str:
    """The topmost frame that is the application's own, without positions and hashes that change with each build."""
    frames = [line.strip() for line in stack.splitlines()[:200] if _FRAME.match(line)]
    own = [frame for frame in frames if not _FOREIGN_FRAME.search(frame)]
    return title(_BUNDLE_HASH.sub("*", _POSITION.sub("", own[0][:MAX_TEXT]))) if own else ""


def mobile_crash(entry: Entry) -> Signal | NotASignal:
    """A mobile Crashlytics event exported to Cloud Logging, known by its issue."""
    issue = mapping(entry.payload.get("issue"))
    name = text(issue.get("id") or entry.payload.get("issueId"))
    if not name:
        return entry.none("recorded", "Crashlytics session event, not an error")
    if text(entry.payload.get("errorType")).upper() == "NON_FATAL":
        return entry.none(
            "recorded", "one occurrence of a non-fatal error; Crashlytics tells when such an issue is new"
        )
    app = text(entry.payload.get("appId") or entry.labels.get("app_id"))
    version = title(mapping(entry.payload.get("application")).get("displayVersion"))
    return signal(
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
