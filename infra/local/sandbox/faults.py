"""Faults that a test or a demonstration puts in front of a provider."""

import json
import threading
from collections.abc import Mapping
from socket import SHUT_RDWR
from typing import Any

from infra.local.sandbox.database import Database

TAKE = """UPDATE faults SET times = times - 1 WHERE seq = (
  SELECT seq FROM faults WHERE provider = ? AND recipient IN ('', ?) AND times > 0 ORDER BY seq LIMIT 1)
  RETURNING response"""

Fault = dict[str, Any]


class Faults:
    """What the next requests meet instead of success; durable, in the order it was asked for.

    Providers are "slack", "twilio" (texts) and "voice" (sending), "slack.history", "twilio.list" and "voice.list"
    (looking up), "slack.views" (opening a modal), "fcm" (by device), "rollback" (by host or trigger) and
    "smtp". Responses:
    {"status": 429, "headers": {...}, "body": {...}} answers without taking the message; so do Slack's
    {"error": "is_archived"}, FCM's {"error": "UNREGISTERED"}, Twilio's {"code": 21610} and SMTP's
    {"reply": "451 later", "at": "mail|rcpt|data"}.
    {"close": true} and {"hang": seconds} take the message ("accept": false: do not) and never answer.
    Twilio's {"final": "undelivered", "error_code": "30003"} takes it and reports that in the end; a call's "final" is
    "machine", "busy", "no-answer", "failed" or "canceled".
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._released = threading.Event()

    def fail_next(self, provider: str, *, response: Mapping[str, Any], times: int = 1, to: str = "") -> None:
        """The next `times` requests (to the address `to`, or to any) meet the response."""
        sql = "INSERT INTO faults (provider, recipient, times, response) VALUES (?, ?, ?, ?)"
        self._database.run(sql, (provider, to, times, json.dumps(response)))

    def take(self, provider: str, to: str = "") -> Fault:
        """The fault this request meets, used up; empty when all is well."""
        found = self._database.run(TAKE, (provider, to))
        fault: Fault = json.loads(found[0][0]) if found else {}
        return fault

    def clear(self) -> None:
        """All is well again; whoever hangs is let go."""
        self._database.run("DELETE FROM faults")
        self.release()

    def release(self) -> None:
        """Let go whoever hangs now."""
        self._released.set()
        self._released = threading.Event()

    def lose(self, fault: Fault, environ: Mapping[str, Any]) -> None:
        """Hang, or cut the connection of this WSGI request, where the fault says so."""
        if "hang" in fault:
            self._released.wait(float(fault["hang"]))
        if fault.get("close") or "hang" in fault:
            environ["werkzeug.socket"].shutdown(SHUT_RDWR)


def takes_message(fault: Fault) -> bool:
    """True where the message is taken in spite of the fault."""
    return bool(fault.get("accept", True)) and not {"status", "error", "code", "reply"} & fault.keys()
