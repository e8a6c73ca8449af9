"""Events of our own making in exactly the form Google sends them, for the demo day, test-fires and tests."""

import base64
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.domain.signals import digest

PROJECT = "souk-demo"
NUMBER = "402938475610"
ANDROID = f"1:{NUMBER}:android:7d1e0f5a9b3c4d2e8f6a01"
WEB = f"1:{NUMBER}:web:4b2c9d8e7f6a5b3c2d1e0f"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """A request to one of our functions."""

    function: str
    headers: dict[str, str]
    body: bytes


def firebase_alert(at: datetime, alert_type: str, payload: Json, *, app: str = ANDROID) -> Event:
    """A Firebase alert as Eventarc delivers it (binary mode)."""
    data = {"createTime": stamp(at), "endTime": stamp(at), "payload": payload}
    headers = {
        "content-type": "application/json",
        "ce-specversion": "1.0",
        "ce-type": "google.firebase.firebasealerts.alerts.v1.published",
        "ce-source": f"//firebasealerts.googleapis.com/projects/{NUMBER}",
        "ce-id": digest(alert_type, stamp(at), json.dumps(payload, sort_keys=True)),
        "ce-time": stamp(at),
        "ce-alerttype": alert_type,
        "ce-appid": app,
    }
    return Event("receive_firebase_alert", headers, json.dumps(data, ensure_ascii=False).encode())


def crash(at: datetime, kind: str, *, issue: str, title: str, subtitle: str = "", **extra: Any) -> Event:  # noqa: ANN401
    """A Crashlytics alert about one issue."""
    name = f"{kind[0].upper()}{kind[1:]}"
    payload = {
        "@type": f"type.googleapis.com/google.events.firebase.firebasealerts.v1.Crashlytics{name}Payload",
        "issue": {"id": issue, "title": title, "subtitle": subtitle, "appVersion": "3.2.0 (320)"},
        **extra,
    }
    return firebase_alert(at, f"crashlytics.{kind.removesuffix('Alert')}", payload)


def slow_page(at: datetime, page: str, *, seconds: float) -> Event:
    """A web page-load threshold alert: no appVersion, int64 as a string."""
    payload = {
        "@type": "type.googleapis.com/google.events.firebase.firebasealerts.v1.FireperfThresholdAlertPayload",
        "eventName": page,
        "eventType": "page_load",
        "metricType": "first contentful paint",
        "numSamples": "311",
        "thresholdValue": 1.5,
        "thresholdUnit": "seconds",
        "conditionPercentile": 75,
        "violationValue": seconds,
        "violationUnit": "seconds",
        "investigateUri": f"https://console.firebase.google.com/project/{PROJECT}/performance",
    }
    return firebase_alert(at, "performance.threshold", payload, app=WEB)


def published(at: datetime, payload: Any, function: str, *, attributes: Json | None = None) -> Event:  # noqa: ANN401
    """A payload as a Pub/Sub push delivers it."""
    data = json.dumps(payload, ensure_ascii=False).encode()
    message = {
        "data": base64.b64encode(data).decode(),
        "attributes": attributes or {},
        "messageId": digest(function, data.decode(), stamp(at)),
        "publishTime": stamp(at),
    }
    body = {"message": message, "subscription": f"projects/{PROJECT}/subscriptions/{function}"}
    return Event(function, {"content-type": "application/json"}, json.dumps(body).encode())


def request_log(at: datetime, service: str, status: int, *, path: str = "/v1/orders", seq: int = 0) -> Event:
    """A Cloud Run request log; a 5xx may well carry severity INFO."""
    entry = {
        "insertId": digest(service, stamp(at), str(seq)),
        "logName": f"projects/{PROJECT}/logs/run.googleapis.com%2Frequests",
        "timestamp": stamp(at),
        "receiveTimestamp": stamp(at),
        "severity": "INFO",
        "resource": {
            "type": "cloud_run_revision",
            "labels": {"service_name": service, "revision_name": f"{service}-00042-abc"},
        },
        "httpRequest": {
            "requestMethod": "POST",
            "requestUrl": f"https://{service}-402938475610.europe-west1.run.app{path}",
            "status": status,
            "requestSize": "812",
            "latency": "0.412038s",
        },
    }
    return published(at, entry, "receive_log_entry")


def audit(at: datetime, service: str, method: str, resource: str, **extra: Any) -> Event:  # noqa: ANN401
    """An audit log entry."""
    entry = {
        "insertId": digest(service, method, stamp(at)),
        "logName": f"projects/{PROJECT}/logs/cloudaudit.googleapis.com%2Factivity",
        "timestamp": stamp(at),
        "severity": "NOTICE",
        "resource": {"type": "audited_resource", "labels": {"project_id": PROJECT, "service": service}},
        "protoPayload": {
            "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
            "status": {},
            "authenticationInfo": {"principalEmail": "dev.team@souk-el-sayarat.example"},
            "requestMetadata": {"callerIp": "192.0.2.17"},
            "serviceName": service,
            "methodName": method,
            "resourceName": resource,
            **extra,
        },
    }
    return published(at, entry, "receive_log_entry")


def web_error(at: datetime, message: str, *, frame: str, seq: int = 0) -> Event:
    """A Crashlytics-for-web entry: flat dotted keys, telemetry resource."""
    entry = {
        "insertId": digest(message, stamp(at), str(seq)),
        "logName": f"projects/{PROJECT}/logs/firebasetelemetry.googleapis.com%2Fevents",
        "timestamp": stamp(at),
        "severity": "ERROR",
        "resource": {
            "type": "firebasetelemetry.googleapis.com/App",
            "labels": {"app_id": WEB, "app_version": "2026.11.1"},
        },
        "labels": {"user_agent.name": "chrome", "user_agent.version": "142", "app.build_id": "unset"},
        "jsonPayload": {
            "exception.type": "TypeError",
            "exception.message": message,
            "exception.stacktrace": f"TypeError: {message}\n    at {frame}:12:34\n    at main (app.js:1:1)",
        },
    }
    return published(at, entry, "receive_log_entry")


def uptime_incident(at: datetime, *, name: str, ended: datetime | None = None) -> Event:
    """A Cloud Monitoring incident of an uptime check: open, or closed with its end."""
    incident = {
        "incident_id": name,
        "scoping_project_id": PROJECT,
        "url": f"https://console.cloud.google.com/monitoring/alerting/incidents/{name}?project={PROJECT}",
        "started_at": int(at.timestamp()),
        "ended_at": int(ended.timestamp()) if ended else None,
        "state": "closed" if ended else "open",
        "summary": "Check passed for uptime check souk-web is below the threshold of 1 with a value of 0.",
        "resource": {"type": "uptime_url", "labels": {"host": "souk-el-sayarat.example", "project_id": PROJECT}},
        "metric": {"type": "monitoring.googleapis.com/uptime_check/check_passed", "displayName": "Check passed"},
        "policy_name": "Website is down",
        "condition_name": "Uptime check failing",
        "documentation": "Open the site from a phone first.",
    }
    return published(ended or at, {"version": "1.2", "incident": incident}, "receive_monitoring_incident")


def budget(at: datetime, *, threshold: float | None = None) -> Event:
    """A budget message, with a threshold or (as most of them) without."""
    data: Json = {
        "budgetDisplayName": "souk monthly",
        "costAmount": 270.5,
        "costIntervalStart": f"{at:%Y-%m}-01T07:00:00Z",
        "budgetAmount": 300.0,
        "budgetAmountType": "SPECIFIED_AMOUNT",
        "currencyCode": "USD",
    }
    if threshold is not None:
        data["alertThresholdExceeded"] = threshold
    attributes = {"billingAccountId": "012345-6789AB-CDEF01", "budgetId": "b-souk", "schemaVersion": "1.0"}
    return published(at, data, "receive_monitoring_incident", attributes=attributes)


def build(at: datetime, status: str) -> Event:
    """A Cloud Build message."""
    data = {
        "id": digest("build", stamp(at)),
        "projectId": PROJECT,
        "status": status,
        "createTime": stamp(at),
        "finishTime": stamp(at),
        "logUrl": "https://console.cloud.google.com/cloud-build/builds/demo",
        "substitutions": {"BRANCH_NAME": "main", "TRIGGER_NAME": "deploy", "COMMIT_SHA": "9f3c2d1e" * 5},
        "steps": [{"id": "test", "status": status}],
        "failureInfo": {"type": "USER_BUILD_STEP", "detail": 'step 0 "test" exited with 1'}
        if status == "FAILURE"
        else {},
    }
    return published(at, data, "receive_monitoring_incident", attributes={"buildId": data["id"], "status": status})


def stamp(at: datetime) -> str:
    """RFC 3339 with milliseconds, as Google writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def probes(at: datetime, *looks: tuple[str, str, str], key: str) -> Event:
    """What a probe elsewhere posts: (target, place, reason) of each look, "" where the answer was right."""
    found = [
        {"target": target, "place": place, "at": stamp(at), "ok": not reason, **({"reason": reason} if reason else {})}
        for target, place, reason in looks
    ]
    body, second = json.dumps({"probes": found}).encode(), str(int(at.timestamp()))
    signature = hmac.digest(key.encode(), second.encode() + b"." + body, "sha256").hex()
    headers = {"content-type": "application/json", "X-Soukmon-Signature": f"t={second},v1={signature}"}
    return Event("receive_probe", headers, body)
