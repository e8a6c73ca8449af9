"""Every message the sandbox providers were given, as their receivers would see it."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from infra.local.sandbox.callback_queue import CallbackQueue
from infra.local.sandbox.database import Database
from infra.local.sandbox.faults import Faults

COLUMNS = "id, provider, recipient, content, thread, status, reference, created_at, updated_at"
NEXT_NUMBER = """INSERT INTO numbers (name, value) VALUES (?, ?)
  ON CONFLICT (name) DO UPDATE SET value = max(value + 1, excluded.value) RETURNING value"""


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `provider` is "slack", "twilio" (texts), "voice", "fcm", "rollback" or "smtp".

    `content` is what that provider's message is made of. `thread` is the ts a Slack message answers
    to, or the mail a mail answers to. `reference` is the sender's own id.
    """

    id: str
    provider: str
    to: str
    content: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    thread: str = ""
    status: str = ""
    reference: str = ""

    def record(self) -> dict[str, Any]:
        """The message as a JSON object."""
        return {
            "id": self.id,
            "provider": self.provider,
            "to": self.to,
            "content": self.content,
            "thread": self.thread,
            "status": self.status,
            "reference": self.reference,
            "created_at": self.created_at.isoformat(),
            "updated_at": self.updated_at.isoformat(),
        }


class SandboxStore:
    """Durable and safe to share between threads; `faults` and `callbacks` live in the same file."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path)
        self.faults = Faults(self._database)
        self.callbacks = CallbackQueue(self._database)

    def add(self, message: Message) -> None:
        """Keep a new message."""
        record = message.record()
        values = [record["to"] if name == "recipient" else record[name] for name in COLUMNS.split(", ")]
        values[3] = json.dumps(message.content, ensure_ascii=False)
        self._database.run(f"INSERT INTO messages ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)  # noqa: S608

    def change(
        self, name: str, *, at: datetime, content: dict[str, Any] | None = None, status: str | None = None
    ) -> None:
        """Give a message another content or status."""
        sql = """UPDATE messages SET content = coalesce(?, content), status = coalesce(?, status), updated_at = ?
          WHERE id = ?"""
        written = None if content is None else json.dumps(content, ensure_ascii=False)
        self._database.run(sql, (written, status, at.isoformat(), name))

    def get(self, name: str) -> Message | None:
        """The message of that id."""
        found = self._database.run(f"SELECT {COLUMNS} FROM messages WHERE id = ?", (name,))  # noqa: S608
        return _message(found[0]) if found else None

    def messages(self, provider: str = "", *, to: str = "") -> list[Message]:
        """Messages in the order they came, of one provider and for one address where given."""
        sql = f"SELECT {COLUMNS} FROM messages WHERE ? IN ('', provider) AND ? IN ('', recipient) ORDER BY seq"  # noqa: S608
        return [_message(row) for row in self._database.run(sql, (provider, to))]

    def next_number(self, name: str, least: int = 1) -> int:
        """A number of a rising series: at least `least`, and never one that was given before."""
        return int(self._database.run(NEXT_NUMBER, (name, least))[0][0])

    def close(self) -> None:
        """Let go whoever hangs, and close the file."""
        self.faults.release()
        self._database.close()


def _message(row: tuple[Any, ...]) -> Message:
    name, provider, to, content, thread, status, reference, created_at, updated_at = row
    return Message(
        id=name,
        provider=provider,
        to=to,
        content=json.loads(content),
        created_at=datetime.fromisoformat(created_at),
        updated_at=datetime.fromisoformat(updated_at),
        thread=thread,
        status=status,
        reference=reference,
    )
