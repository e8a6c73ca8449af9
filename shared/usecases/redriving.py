"""Dead letters sent to their function again: asked for by a person, carried out by a function of its own."""

from dataclasses import dataclass

from shared.ports.objects import ObjectStore
from shared.ports.platform import CallFunction, Clock, Publisher
from shared.ports.store import Document, Put, StateStore, Write
from shared.usecases.outbox import publish_outbox
from shared.usecases.quarantine import redrivable
from shared.usecases.records import DEAD_LETTERS, instant, outbox_write

REDRIVES = "redrives"
ASKED, REDRIVEN, KEPT_AGAIN = "redrive asked for", "redriven", "kept again"
OK, SERVER_FAULT = 300, 500


@dataclass(frozen=True, slots=True)
class Redriven:
    """What the function answered; `is_kept` when the letter is where it was."""

    function: str
    status: int
    is_kept: bool


def ask_for_redrive(letter: Document, *, by: str, store: StateStore, publisher: Publisher, clock: Clock) -> None:
    """Put the wish on its topic, with a trace on the letter of who wished it."""
    now = clock.now()
    writes: list[Write] = [
        Put(DEAD_LETTERS, letter.id, {**letter.body, "state": ASKED, "asked_by": by, "asked_at": instant(now)}),
        outbox_write(f"redrive-{letter.id}", REDRIVES, {"letter": letter.id}, due_at=now),
    ]
    store.commit(writes)
    publish_outbox(store, publisher, writes)


def redrive_asked(name: str, *, call: CallFunction, store: StateStore, objects: ObjectStore, clock: Clock) -> None:
    """Redrive a letter somebody asked for, once.

    Raises ConnectionError when the function fails or cannot be reached, so that it is tried again.
    """
    letter = store.get(DEAD_LETTERS, name)
    if letter is None or letter.body["state"] != ASKED:
        return
    done = redrive(name, call=call, store=store, objects=objects, clock=clock)
    if done is not None and done.status >= SERVER_FAULT:
        raise ConnectionError(f"{done.function} answered {done.status}")


def redrive(name: str, *, call: CallFunction, store: StateStore, objects: ObjectStore, clock: Clock) -> Redriven | None:
    """Send the letter to its function; None when there is none whose text is kept.

    A function that still cannot read it keeps it anew and answers well: the letter's own record tells the two apart.
    """
    before = store.get(DEAD_LETTERS, name)
    delivery = redrivable(name, store=store, objects=objects)
    if before is None or delivery is None:
        return None
    status = call(delivery.function, delivery.headers, delivery.body)
    after = store.get(DEAD_LETTERS, name) or before
    is_kept = status >= OK or after.version != before.version
    if status < SERVER_FAULT:
        state = KEPT_AGAIN if is_kept else REDRIVEN
        done = {"state": state, "redriven_at": instant(clock.now()), "answer": status}
        store.commit([Put(DEAD_LETTERS, name, {**before.body, **after.body, **done})])
    return Redriven(delivery.function, status, is_kept)
