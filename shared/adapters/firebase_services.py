"""Firebase's services over Google's REST APIs; every call reads, and of people nothing.

References: Identity Toolkit admin v2 projects.getConfig (firebaseauth.configs.get), Firestore v1
projects.databases.get (datastore.databases.getMetadata), Firebase Hosting v1beta1 projects.sites.list
(firebasehosting.sites.list) and sites.channels.releases.list (firebasehosting.sites.get); a list without its channel
would name the releases of previews too.
"""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from shared.adapters.google_rest import Rest
from shared.domain.firebase_services import Database, Release, Site


class GoogleFirebase:
    """Implements `FirebaseServices`."""

    def __init__(self, rest: Rest, project: str) -> None:
        self._rest, self._project = rest, project

    def sign_in(self) -> None:
        """See `FirebaseServices`. Its name alone is asked for (`fields`): the configuration holds keys."""
        path = f"admin/v2/projects/{self._project}/config"
        self._rest.ask("GET", "identitytoolkit", path, params={"fields": "name"})

    def database(self) -> Database:
        """See `FirebaseServices`."""
        found = self._rest.ask("GET", "firestore", f"v1/projects/{self._project}/databases/(default)")
        gone = found.get("deleteTime")
        kind, place = str(found.get("type") or ""), str(found.get("locationId") or "")
        return Database(kind, place, datetime.fromisoformat(gone) if gone else None)

    def sites(self) -> list[Site]:
        """See `FirebaseServices`."""
        listed = self._rest.pages("firebasehosting", f"v1beta1/projects/{self._project}/sites", "sites")
        return [self._site(str(one["name"]).rpartition("/")[2]) for one in listed]

    def _site(self, name: str) -> Site:
        path = f"v1beta1/sites/{quote(name, safe='')}/channels/live/releases"
        newest = self._rest.ask("GET", "firebasehosting", path, params={"pageSize": "1"}).get("releases") or ()
        return Site(name, next(map(_release, newest), None))


def _release(one: dict[str, Any]) -> Release:
    """The newest comes first. `releaseTime` may have nine digits of a second, which Python reads as six."""
    version = one.get("version") or {}
    return Release(datetime.fromisoformat(one["releaseTime"]), str(one.get("type")), str(version.get("status") or ""))
