"""Audit log entries: which acts are security events, how bad, and which are everyday work.

The same act has different method names in different services, so methods are matched by their ending, in any case,
and by the permission that was granted (a deployment tool hides the method behind its own).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.domain.severities import Severity
from shared.domain.signals import digest
from shared.domain.tallies import BurstKind
from shared.inbound.values import items, mapping, number, text, title

DENIED, UNAUTHENTICATED = 7, 16
PUBLIC = frozenset({"allUsers", "allAuthenticatedUsers"})
_PRIVILEGED_ROLE = re.compile(
    r"^roles/(owner|editor)$|admin|serviceAccount(TokenCreator|User|KeyAdmin)|securityadmin|workloadIdentityUser",
    re.IGNORECASE,
)
_PRIVILEGED_GROUP = re.compile(
    r"admin|owner|secur|(?<![a-z])(?:root|prod|production|billing|devops|sre)(?![a-z])", re.IGNORECASE
)
_IAM_SERVICES = ("cloudresourcemanager", "iam.", "run.", "compute.", "storage.", "cloudfunctions")


@dataclass(frozen=True, slots=True)
class Act:
    """A kind of act: its name for rules, the endings of methods and the permissions that give it away."""

    alert_type: str
    words: str
    methods: tuple[str, ...]
    permissions: tuple[str, ...] = ()
    severity: Severity | None = None


ACTS = (
    Act("security.external_owner_invited", "External owner invited", ("insertprojectownershipinvite",)),
    Act(
        "security.service_account_key_created", "Service account key created",
        ("createserviceaccountkey", "uploadserviceaccountkey"), ("iam.serviceAccountKeys.create",),
    ),
    Act("security.hmac_key_created", "Storage HMAC key created", ("hmackeys.create",), ("storage.hmacKeys.create",)),
    Act(
        "security.service_account_created", "Service account created",
        ("createserviceaccount",), ("iam.serviceAccounts.create",),
    ),
    Act(
        "security.custom_role_changed", "Custom IAM role changed",
        ("createrole", "updaterole", "deleterole", "undeleterole"),
    ),
    Act("security.firewall_changed", "Firewall rule changed",
        ("firewalls.insert", "firewalls.delete", "firewalls.patch", "firewalls.update")),
    Act("security.dns_zone_changed", "DNS zone changed",
        ("managedzones.delete", "managedzones.patch", "managedzones.update", "managedzones.create")),
    Act("security.bucket_changed", "Storage bucket changed",
        ("storage.buckets.update", "storage.buckets.delete", "storage.buckets.patch")),
    Act("security.sql_config_changed", "Cloud SQL configuration changed",
        ("cloudsql.instances.update", "cloudsql.instances.patch", "cloudsql.instances.delete")),
    Act(
        "security.function_changed", "Function code or configuration changed",
        ("functionsservice.createfunction", "functionsservice.updatefunction", "functionservice.createfunction",
         "functionservice.updatefunction"),
        ("cloudfunctions.functions.create", "cloudfunctions.functions.update"),
    ),
)  # fmt: skip
_DELETED_LOGS = ("deletesink", "deletebucket", "deletelog")
_CHANGED_SINK = ("updatesink", "updateexclusion", "createexclusion", "updatebucket")
_SET_POLICY = ("setiampolicy", "setiampermissions", "setorgpolicy")


@dataclass(frozen=True, slots=True)
class Finding:
    """A security event."""

    alert_type: str
    title: str
    summary: str
    subject: str
    principal: str
    method: str
    caller_ip: str
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Harmless:
    """Everyday work: "ignored", or "recorded" where somebody may want to look it up; many of it may be a `burst`."""

    outcome: str
    reason: str
    burst: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class _Audit:
    payload: Mapping[str, Any]

    @property
    def method(self) -> str:
        return text(self.payload.get("methodName"))

    @property
    def code(self) -> int:
        return int(float(number(mapping(self.payload.get("status")).get("code")) or 0))

    @property
    def grants(self) -> dict[str, bool]:
        found = [mapping(item) for item in items(self.payload.get("authorizationInfo"))]
        return {text(item.get("permission")): item.get("granted") is True for item in found}

    @property
    def principal(self) -> str:
        return text(mapping(self.payload.get("authenticationInfo")).get("principalEmail"))

    @property
    def account(self) -> str:
        """The principal as it may be shown, with what tells two of the same look apart; "" for none."""
        return f"{title(self.principal)} {digest(self.principal, size=3)}" if self.principal else ""

    @property
    def is_denied(self) -> bool:
        refused = bool(self.grants) and not any(self.grants.values())
        return self.code in {DENIED, UNAUTHENTICATED} or (
            refused and (self.code != 0 or _explicitly_refused(self.payload))
        )

    def finding(self, alert_type: str, words: str, *, severity: Severity | None = None, about: str = "") -> Finding:
        subject = title(self.payload.get("resourceName")) or title(self.method)
        who = title(self.principal) or "unknown principal"
        return Finding(
            alert_type=alert_type,
            title=title(f"{words}: {subject}"),
            summary=f"{title(self.method)} by {who}" + (f". {about}" if about else ""),
            subject=subject,
            principal=who,
            method=title(self.method),
            caller_ip=title(mapping(self.payload.get("requestMetadata")).get("callerIp")),
            severity=severity,
        )


def classify(payload: Mapping[str, Any]) -> Finding | Harmless:
    """What an audit entry means."""
    audit = _Audit(payload)
    if text(payload.get("serviceName")) == "login.googleapis.com":
        return _login(audit)
    if _violates_perimeter(payload):
        return audit.finding("security.perimeter_violation", "Access across the service perimeter was refused")
    if audit.is_denied:
        return _denied(audit)
    if audit.code != 0:
        return Harmless("ignored", f"the call failed with status {audit.code} and changed nothing")
    return _group_member(audit) or _policy(audit) or _logs(audit) or _act(audit) or _everyday(audit)


def _explicitly_refused(payload: Mapping[str, Any]) -> bool:
    return any(mapping(item).get("granted") is False for item in items(payload.get("authorizationInfo")))


def _denied(audit: _Audit) -> Finding | Harmless:
    if audit.code == DENIED and audit.principal.endswith(".gserviceaccount.com"):
        return audit.finding("security.access_denied", "A service account was denied")
    outcome = "ignored" if audit.code == 0 else "recorded"
    return Harmless(outcome, "the attempt was denied and changed nothing", BurstKind.DENIED, audit.account)


def _violates_perimeter(payload: Mapping[str, Any]) -> bool:
    metadata = mapping(payload.get("metadata"))
    if "VpcServiceControl" in text(metadata.get("@type")):
        return metadata.get("dryRun") is not True
    details = [mapping(d) for d in items(mapping(payload.get("status")).get("details"))]
    found = [mapping(v).get("type") for d in details for v in items(d.get("violations"))]
    return "VPC_SERVICE_CONTROLS" in found


def _login(audit: _Audit) -> Finding | Harmless:
    parameters = _event_parameters(audit.payload)
    if parameters.get("is_suspicious") == "true":
        return audit.finding("security.suspicious_login", "Suspicious login", severity=Severity.HIGH)
    if audit.method.endswith("loginFailure"):
        failed = BurstKind.LOGIN_FAILED
        return Harmless("recorded", "a single failed login; only bursts are an alert", failed, audit.account)
    return Harmless("ignored", "ordinary login")


def _group_member(audit: _Audit) -> Finding | Harmless | None:
    if not audit.method.endswith("addGroupMember"):
        return None
    group = _event_parameters(audit.payload).get("GROUP_EMAIL", "")
    if _PRIVILEGED_GROUP.search(group.partition("@")[0]):
        about = f"Group {title(group)}"
        return audit.finding(
            "security.privileged_group_member_added", "Member added to a privileged group", about=about
        )
    return Harmless("recorded", "member added to a group without privileges")


def _event_parameters(payload: Mapping[str, Any]) -> dict[str, str]:
    events = [mapping(event) for event in items(mapping(payload.get("metadata")).get("event"))]
    found = [mapping(p) for event in events for p in items(event.get("parameter"))]
    return {text(p.get("name")): text(p.get("value")) or str(p.get("boolValue", "")).lower() for p in found}


def _policy(audit: _Audit) -> Finding | Harmless | None:
    if not audit.method.lower().endswith(_SET_POLICY):
        return None
    added = [binding for binding in _bindings(audit.payload) if text(binding.get("action")).upper() != "REMOVE"]
    members = {member for binding in added for member in _members(binding)}
    roles = {text(binding.get("role")) for binding in added}
    if members & PUBLIC:
        about = f"Granted to everybody: {title(', '.join(sorted(roles)))}"
        return audit.finding("security.public_access", "Public access granted", severity=Severity.HIGH, about=about)
    privileged = sorted(role for role in roles if _PRIVILEGED_ROLE.search(role))
    delta = mapping(mapping(audit.payload.get("serviceData")).get("policyDelta"))
    service = f"{text(audit.payload.get('serviceName'))} {audit.method}".lower()
    if not (privileged and delta) and not any(name in service for name in _IAM_SERVICES):
        return Harmless("recorded", "an access policy changed without public access or a privileged role")
    severity = Severity.HIGH if privileged and delta else Severity.MEDIUM
    about = f"Role {title(', '.join(privileged))}" if privileged and delta else ""
    return audit.finding("security.iam_policy_changed", "Access policy changed", severity=severity, about=about)


def _bindings(payload: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What was added, where the entry says so (policyDelta), else the whole new policy."""
    deltas = items(mapping(mapping(payload.get("serviceData")).get("policyDelta")).get("bindingDeltas"))
    whole = items(mapping(mapping(payload.get("request")).get("policy")).get("bindings"))
    return [mapping(binding) for binding in (deltas or whole)]


def _members(binding: Mapping[str, Any]) -> set[str]:
    return {text(member) for member in items(binding.get("members"))} | {text(binding.get("member"))}


def _logs(audit: _Audit) -> Finding | Harmless | None:
    ending = audit.method.lower()
    if not text(audit.payload.get("serviceName")).startswith("logging."):
        return None
    if ending.endswith(_DELETED_LOGS):
        return audit.finding("security.log_sink_changed", "Log sink or bucket deleted", severity=Severity.HIGH)
    if not ending.endswith(_CHANGED_SINK):
        return None
    request = mapping(audit.payload.get("request"))
    sink = mapping(request.get("sink"))
    if sink.get("disabled") is True:
        return audit.finding("security.log_sink_changed", "Log sink switched off", severity=Severity.HIGH)
    found = [mapping(e) for e in (*items(sink.get("exclusions")), request.get("exclusion")) if mapping(e)]
    active = [exclusion for exclusion in found if exclusion.get("disabled") is not True]
    if any(text(exclusion.get("filter")).strip() in {"", "*"} for exclusion in active):
        return audit.finding("security.log_sink_changed", "Log sink now excludes everything", severity=Severity.HIGH)
    return Harmless("recorded", "a log sink changed, but still lets security events through")


def _act(audit: _Audit) -> Finding | None:
    ending, grants = audit.method.lower(), audit.grants
    for act in ACTS:
        if ending.endswith(act.methods) or any(grants.get(permission) for permission in act.permissions):
            return audit.finding(act.alert_type, act.words, severity=act.severity)
    return None


def _everyday(audit: _Audit) -> Harmless:
    return Harmless("ignored", f"audit entry of everyday work: {title(audit.method)}")
