"""Callbacks that a provider still has to make; kept in the file, so a crash does not forget them."""

import json
from dataclasses import dataclass

from infra.local.sandbox.database import Database

ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Callback:
    """A form to post to an address."""

    seq: int
    url: str
    form: dict[str, str]


class CallbackQueue:
    """First in, first out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, url: str, form: dict[str, str]) -> None:
        """Add a callback."""
        self._database.run("INSERT INTO callbacks (url, form) VALUES (?, ?)", (url, json.dumps(form)))

    def waiting(self) -> list[Callback]:
        """What is still to be posted."""
        rows = self._database.run("SELECT seq, url, form FROM callbacks ORDER BY seq")
        return [Callback(seq, url, json.loads(form)) for seq, url, form in rows]

    def done(self, callback: Callback) -> None:
        """It was taken."""
        self._database.run("DELETE FROM callbacks WHERE seq = ?", (callback.seq,))

    def failed(self, callback: Callback) -> None:
        """It was not taken: another try next time, a few times."""
        sql = "UPDATE callbacks SET attempts = attempts + 1 WHERE seq = ?"
        self._database.run(sql, (callback.seq,))
        self._database.run("DELETE FROM callbacks WHERE attempts >= ?", (ATTEMPTS,))
