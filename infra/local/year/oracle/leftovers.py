"""What stands in the store when everything is over: closed, complete, chained, settled, counted, and no more."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from infra.local.year.oracle.verdicts import Court
from infra.local.year.providers import Provider
from shared.domain.configuration import Configuration
from shared.domain.notifications import Channel
from shared.ports.store import Body, Document, Query, StateStore

ENDED = frozenset({"closed", "merged"})
SENT = frozenset({"sent", "delivered", "read"})
SETTLED = SENT | {"failed_permanent", "superseded"}
AGES = {"receipts": "at", "job_runs": "started_at", "notifications": "planned_at", "dead_letters": "received_at"}
TWO_NIGHTS = timedelta(days=2)
PAGE = 2_000


def look_over(
    store: StateStore, providers: Mapping[Channel, Provider], config: Configuration, now: datetime, court: Court
) -> None:
    """Judge everything that is left."""
    _records(store, now, court)
    _acts(store, now, court)
    _ledger(store, providers, config, now, court)
    for kept in config.retention:
        court.check("retention")
        cutoff = now - kept.kept_for - TWO_NIGHTS
        query = Query(kept.kind, order_by=AGES[kept.kind], high=f"{cutoff:%Y-%m-%dT%H:%M:%S}", limit=1)
        if store.find(query):
            court.find("retention", now, kept.kind, f"documents of before {cutoff:%d %b %Y} are still there")


def _records(store: StateStore, now: datetime, court: Court) -> None:
    for row in _every(store, "incidents"):
        lines = [
            one.body for one in store.find(Query("timeline", equal={"incident": row.id}, order_by="seq", limit=PAGE))
        ]
        events = [str(line["event"]) for line in lines]
        court.check("timeline")
        if row.body["state"] not in ENDED:
            court.find("timeline", now, row.id, f"still {row.body['state']}")
        elif events[:1] != ["opened"] or not ENDED & set(events):
            court.find("timeline", now, row.id, f"its record goes from {events[:1]} to {events[-1:]}")
        if len(lines) != row.body["entries"]:
            court.find("timeline", now, row.id, f"{len(lines)} lines of {row.body['entries']}")
        court.check("chain", len(lines))
        if _broken(lines) or (lines and lines[-1]["hash"] != row.body["head"]):
            court.find("chain", now, row.id, "its record is not as it was written")


def _acts(store: StateStore, now: datetime, court: Court) -> None:
    acts = [row.body for row in _every(store, "audited")]
    court.check("chain", len(acts))
    if _broken(acts):
        court.find("chain", now, "audited acts", "they are not as they were written")


def _broken(lines: list[Body]) -> bool:
    before = ""
    for number, line in enumerate(lines, 1):
        facts = {name: value for name, value in line.items() if name != "hash"}
        text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if line["seq"] != f"{number:06d}" or line["previous"] != before:
            return True
        before = hashlib.sha256(text.encode()).hexdigest()
        if line["hash"] != before:
            return True
    return False


def _ledger(
    store: StateStore, providers: Mapping[Channel, Provider], config: Configuration, now: datetime, court: Court
) -> None:
    kept = next((one.kept_for for one in config.retention if one.kind == "notifications"), timedelta(days=36_500))
    since = f"{now - kept + TWO_NIGHTS:%Y-%m-%dT%H:%M:%S}"
    sent: dict[str, set[str]] = {str(channel): set() for channel in providers}
    for row in _every(store, "notifications"):
        court.check("ledger")
        if row.body["state"] not in SETTLED or row.body["due_at"] is not None:
            court.find("ledger", now, row.id, f"{row.body['reason']} to {row.body['recipient']} is {row.body['state']}")
        if row.body["state"] in SENT and str(row.body["planned_at"]) >= since:
            sent[str(row.body["channel"])].add(row.id)
    for channel, provider in providers.items():
        court.check("counts", len(sent[channel]))
        taken = {name for name in provider.taken if provider.taken_at[name] >= since}
        for name in sorted(sent[channel] ^ taken)[:3]:
            where = "by the ledger alone" if name in sent[channel] else "by the provider alone"
            court.find("counts", now, name, f"a message on {channel} is known {where}")


def _every(store: StateStore, collection: str) -> Iterator[Document]:
    after = ""
    while page := store.find(Query(collection, after=after, limit=PAGE)):
        yield from page
        after = page[-1].id
