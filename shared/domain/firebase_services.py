"""Firebase's own services: whether signing in, the marketplace's database and its sites are as they have to be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.domain.jobs import Finding, Verdict

ALERT = "firebase_service"
NATIVE = "FIRESTORE_NATIVE"
FINALIZED = "FINALIZED"
DISABLED = "SITE_DISABLE"


@dataclass(frozen=True, slots=True)
class Database:
    """A Firestore database: its kind, and when it was deleted (a deleted one can be brought back for some days)."""

    kind: str
    place: str = ""
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """What a site shows since `at`: `kind` is DEPLOY, ROLLBACK or SITE_DISABLE, `version` the version's status."""

    at: datetime
    kind: str
    version: str


@dataclass(frozen=True, slots=True)
class Site:
    """A site of Firebase Hosting, with its newest live release; None when nothing was ever deployed."""

    name: str
    release: Release | None


def judged_database(found: Database) -> Iterator[Finding]:
    """One that is deleted, or is no Firestore in native mode, serves no app."""
    if found.deleted_at is not None:
        what = f"the database was deleted at {found.deleted_at:%Y-%m-%d %H:%M} UTC"
        fix = "restore it from its backup at once: gcloud firestore databases restore; see the restore runbook"
        yield Finding("firebase/firestore", what, Verdict.FAIL, fix, ALERT)
    elif found.kind != NATIVE:
        what = f"the database is {found.kind or 'of no known kind'}, which the apps cannot read"
        yield Finding(
            "firebase/firestore", what, Verdict.FAIL, "look at it in the console: Firestore, Databases", ALERT
        )


def judged_sites(sites: Sequence[Site]) -> Iterator[Finding]:
    """A site that is switched off, or whose version is not one that can be shown."""
    for site in sites:
        subject, release = f"firebase/hosting/{site.name}", site.release
        if release is None:
            yield Finding(subject, f"{site.name} has no release", Verdict.WARN, "firebase deploy --only hosting", ALERT)
        elif release.kind == DISABLED:
            what = f"{site.name} has been switched off since {release.at:%Y-%m-%d %H:%M} UTC"
            fix = f"firebase hosting:clone {site.name}:@VERSION {site.name}:live brings a version back"
            yield Finding(subject, what, Verdict.FAIL, fix, ALERT)
        elif release.version != FINALIZED:
            what = f"the version that {site.name} shows is {release.version or 'without a status'}, not {FINALIZED}"
            yield Finding(subject, what, Verdict.FAIL, "deploy it again: firebase deploy --only hosting", ALERT)
