"""What a message about an incident shows, whoever gets it and however."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from shared.domain.incidents import Incident
from shared.domain.oncall import CAIRO
from shared.rendering.catalogue import FACTS, words

CONSOLES = frozenset({"console.firebase.google.com", "console.cloud.google.com"})


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident as it is now, for one reader. Empty texts are left out."""

    incident: Incident
    now: datetime
    ack_url: str = ""
    incident_url: str = ""
    told: tuple[str, ...] = ()
    runbook: str = ""
    owner_name: str = ""
    note: str = ""

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The describing values worth a reader's time, in a fixed order, by their names in `FACTS`."""
        return [(name, self.incident.values[name]) for name in FACTS if self.incident.values.get(name)]

    @property
    def links(self) -> dict[str, str]:
        """Only Google's own consoles are linked: nothing that came with a crash decides where a click leads."""
        return {name: url for name, url in self.incident.links.items() if is_console(url)}

    @property
    def first_actions(self) -> list[str]:
        """The numbered lines of the runbook, without their numbers and markup."""
        lines = [line.strip() for line in self.runbook.splitlines()]
        return [plain(line.partition(". ")[2]) for line in lines if line[:1].isdigit()][:4]


def is_console(url: str) -> bool:
    """True for an https address of a Google console."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and parts.hostname in CONSOLES and parts.username is None


def plain(markdown: str) -> str:
    """A line of our own Markdown without its marks."""
    return markdown.replace("**", "").replace("`", "")


def cairo(at: datetime) -> str:
    """An instant as people in Egypt read it, with UTC beside it: "10 Mar 02:14 EET (00:14 UTC)"."""
    local = at.astimezone(ZoneInfo(CAIRO))
    return f"{local:%d %b %H:%M %Z} ({at:%H:%M} UTC)"


def lasting(start: datetime, end: datetime, locale: str = "en") -> str:
    """A duration in short words: "just now", "4 min", "2 h 5 min", "3 d 1 h"; Arabic for "ar"."""
    say = words(locale)
    minutes = max(0, int((end - start).total_seconds() // 60))
    if minutes == 0:
        return say["just_now"]
    if minutes < 60:  # noqa: PLR2004 - minutes of an hour
        return f"{minutes} {say['min']}"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:  # noqa: PLR2004 - two days read better in hours
        return f"{hours} {say['h']} {minutes} {say['min']}"
    return f"{hours // 24} {say['d']} {hours % 24} {say['h']}"
