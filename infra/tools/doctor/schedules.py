"""The schedules: on, running when the manifests say, and answered."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from infra.local.scheduler import Job
from infra.tools.doctor.google import last
from infra.tools.doctor.outcomes import Outcome, failed, fine, listed
from infra.tools.doctor.site import Site

SCHEDULER = "https://cloudscheduler.googleapis.com/v1"
LATE = timedelta(minutes=5)  # a run and its retries may take so long before it counts as missed


def schedules(site: Site) -> Outcome:
    """Every schedule is on, runs when the manifest says, and its last run was answered."""
    address = f"{SCHEDULER}/{site.place}/jobs"
    there = {last(one["name"]): one for one in site.google.every(address, "jobs", pageSize="500")}
    faults = [
        f"{name} {fault}"
        for name, manifest in site.estate.jobs.items()
        for fault in _of_job(there.get(name), manifest["trigger"], site.now)
    ]
    if faults:
        return failed(listed(faults), "resume it in Cloud Scheduler, or look at the log of the function it calls")
    return fine(f"all {len(site.estate.jobs)} are on, and their last runs were answered")


def _of_job(found: Mapping[str, Any] | None, trigger: Mapping[str, Any], now: datetime) -> Iterator[str]:
    if found is None:
        yield "is missing"
        return
    if found.get("state") != "ENABLED":
        yield f"is {str(found.get('state')).lower()}"
    if (found.get("schedule"), found.get("timeZone")) != (trigger["cron"], trigger["timezone"]):
        yield f"runs at {found.get('schedule')} ({found.get('timeZone')})"
    code = int((found.get("status") or {}).get("code", 0))
    if code:
        yield f"failed last time (code {code})"
    if _is_overdue(found, Job("", trigger["cron"], trigger["timezone"]), now):
        yield f"has not run since {str(found.get('lastAttemptTime', 'it was made'))[:16]}"


def _is_overdue(found: Mapping[str, Any], job: Job, now: datetime) -> bool:
    """True when a run that was due after the last attempt (or the last change of the job) did not come."""
    known = found.get("lastAttemptTime") or found.get("userUpdateTime")
    return bool(known) and job.next_after(datetime.fromisoformat(str(known))) + LATE < now
