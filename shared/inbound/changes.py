"""Builds that succeeded and audit entries of deployments and settings -> changes on record; everything else is none.

Method names: https://cloud.google.com/run/docs/audit-logging, https://cloud.google.com/functions/docs/monitoring/audit-logging,
https://firebase.google.com/docs/hosting (releases of a site), https://cloud.google.com/secret-manager/docs/audit-logging
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.domain.changes import Change, ChangeKind
from shared.domain.signals import digest
from shared.inbound.audit_log import ACTS
from shared.inbound.envelopes import Envelope
from shared.inbound.pubsub import is_build
from shared.inbound.services import normal
from shared.inbound.values import instant, mapping, number, text, title

DEPLOYED = (
    "services.createservice",
    "services.replaceservice",
    "services.updateservice",
    "functionsservice.createfunction",
    "functionsservice.updatefunction",
    "functionservice.createfunction",
    "functionservice.updatefunction",
    "hostingservice.createrelease",
    "hosting.sites.releases.create",
)
_FUNCTIONS = tuple(method for act in ACTS if act.alert_type == "security.function_changed" for method in act.methods)
SET = (
    *(method for act in ACTS for method in act.methods if method not in _FUNCTIONS),
    "setiampolicy",
    "firebaserulesservice.updaterelease",
    "firebaserulesservice.createrelease",
    "updateremoteconfig",
    "addsecretversion",
    "updatesink",
    "updateexclusion",
    "updatedatabase",
    "createindex",
    "deleteindex",
)
_NAMED = re.compile(r"(?:services|functions|sites)/([^/]+)")
SHORT = 12


def change_of(envelope: Envelope, *, now: datetime) -> Change | None:
    """The change that an event tells of; None for what changed nothing."""
    body = mapping(envelope.payload)
    if is_build(body):
        return _built(body, envelope, now)
    audit = mapping(body.get("protoPayload"))
    if not audit or number(mapping(audit.get("status")).get("code")) not in {"", "0"}:
        return None
    method = text(audit.get("methodName")).lower()
    if method.endswith(DEPLOYED):
        return _audited(body, audit, ChangeKind.DEPLOYMENT, now)
    if method.endswith(SET):
        return _audited(body, audit, ChangeKind.CONFIGURATION, now)
    return None


def _built(build: Mapping[str, Any], envelope: Envelope, now: datetime) -> Change | None:
    if text(build.get("status")) != "SUCCESS":
        return None
    names = mapping(build.get("substitutions"))
    trigger = title(names.get("TRIGGER_NAME")) or title(build.get("buildTriggerId"))
    return Change(
        id=digest("build", text(build.get("id"))),
        kind=ChangeKind.BUILD,
        service=title(names.get("_SERVICE")) or title(names.get("REPO_NAME")),
        at=_at(build.get("finishTime"), envelope.time, now),
        version=title(names.get("TAG_NAME")),
        commit=title(names.get("COMMIT_SHA"))[:SHORT],
        what=" ".join(word for word in (trigger, title(names.get("BRANCH_NAME"))) if word),
    )


def _audited(body: Mapping[str, Any], audit: Mapping[str, Any], kind: ChangeKind, now: datetime) -> Change:
    """Long operations are told at their beginning and at their end: both are one change."""
    resource, operation = title(audit.get("resourceName")), text(mapping(body.get("operation")).get("id"))
    named = _NAMED.search(resource)
    method = title(audit.get("methodName"))
    return Change(
        id=digest("audit", operation or text(body.get("insertId")), method, resource),
        kind=kind,
        service=normal(named[1]) if named else "",
        at=_at(body.get("timestamp"), instant(body.get("receiveTimestamp")), now),
        version=_version(audit) if kind is ChangeKind.DEPLOYMENT else "",
        by=_who(title(mapping(audit.get("authenticationInfo")).get("principalEmail"))),
        what="" if kind is ChangeKind.DEPLOYMENT else f"{method.rpartition('.')[2]} on {resource}",
    )


def _version(audit: Mapping[str, Any]) -> str:
    """What runs since: a revision of Cloud Run (either API), of a function, or a version of a site."""
    answer, asked = mapping(audit.get("response")), mapping(audit.get("request"))
    found = (
        mapping(answer.get("status")).get("latestCreatedRevisionName")
        or answer.get("latestCreatedRevision")
        or mapping(answer.get("serviceConfig")).get("revision")
        or mapping(answer.get("version")).get("name")
        or asked.get("versionName")
    )
    return title(found).rpartition("/")[2]


def _who(principal: str) -> str:
    """A machine by its name alone; a person as the reader scrubbed it."""
    return principal.partition("@")[0] if principal.endswith(".gserviceaccount.com") else principal


def _at(given: object, received: datetime | None, now: datetime) -> datetime:
    return instant(given) or received or now
