"""Runs questions side by side, each with its own time limit: one that hangs or fails delays no other."""

import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

Key = TypeVar("Key")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Asked(Generic[Answer]):
    """What came of a question: an answer or an error; neither when the time was up."""

    answer: Answer | None = None
    error: Exception | None = None


def ask_all(questions: Mapping[Key, Callable[[], Answer]], limits: Mapping[Key, timedelta]) -> dict[Key, Asked[Answer]]:
    """Every question's outcome, at the latest when the longest limit is over.

    The threads are daemons: what hangs in a socket ends with the process, and nobody waits for it.
    """
    done: queue.SimpleQueue[tuple[Key, Asked[Answer]]] = queue.SimpleQueue()
    started = time.monotonic()
    for key, question in questions.items():
        threading.Thread(target=_ask, args=(key, question, done), daemon=True).start()
    found: dict[Key, Asked[Answer]] = {}
    while missing := [key for key in questions if key not in found]:
        end = started + max(limits[key].total_seconds() for key in missing)
        try:
            key, asked = done.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            break
        in_time = time.monotonic() - started <= limits[key].total_seconds()
        found[key] = asked if in_time else Asked()
    return {key: found.get(key, Asked()) for key in questions}


def _ask(key: Key, question: Callable[[], Answer], done: "queue.SimpleQueue[tuple[Key, Asked[Answer]]]") -> None:
    try:
        outcome: Asked[Answer] = Asked(answer=question())
    except Exception as error:  # noqa: BLE001 - whatever goes wrong with one question is that question's outcome
        outcome = Asked(error=error)
    done.put((key, outcome))
