"""`soukmon up`: the platform, the demo day when asked for, and where to look."""

import fcntl
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import IO

from infra.local.demo import play
from infra.local.demo_history import note
from infra.local.engines import EMBEDDED, Engines
from infra.local.live import Marketplace
from infra.local.platform import Platform
from infra.local.sample_reports import SampleReports
from shared import bootstrap
from shared.adapters.clocks import SystemClock, VirtualClock
from shared.config.loader import load
from shared.settings import current

PLACES = (
    ("/", "what runs, and every incident"),
    ("/dashboard/executive", "and /dashboard/technical: every figure, live"),
    ("/reports", "every report that was issued, in all its forms"),
    ("/inbox", "every message as its receiver sees it; the buttons work"),
    ("/api/incidents", "and /api/messages, /api/ledger, /api/dead-letters: the same for programs"),
)


def run(
    *,
    port: int,
    state: Path,
    demo: bool,
    virtual: bool,
    real_providers: bool,
    say: Callable[[str], None],
    engines: Engines = EMBEDDED,
) -> None:
    """Serve until interrupted. Raises LookupError when the folder or the port is taken."""
    taken = _claim(state, port)
    used = (state / "state.db").exists()
    clock = VirtualClock(SystemClock().now()) if demo or virtual else SystemClock()
    folder = current().config_dir
    configuration = load(Path(folder) if folder else None)
    environment = current() if real_providers else None
    platform = Platform(
        state,
        port=port,
        clock=clock,
        configuration=configuration,
        environment=environment,
        engines=engines,
        is_full=True,
    )
    if demo and not used:
        say("Playing a day of incidents at the marketplace:")
        play(platform, say=say)
    if isinstance(clock, VirtualClock) and not virtual:
        clock.release()
        platform.scheduler.restart(clock.now())
    platform.run()
    market, reports = Marketplace(platform.warehouse, clock), SampleReports(bootstrap.press(), say=say)
    if note(state) and not virtual:
        market.run()
    ending = _told_to_end()
    say(where_to_look(platform))
    say(f"  POST {platform.url}/functions/<name> sends an event. Everything is kept in {state}. Ctrl-C stops.")
    if note(state):
        reports.run()
    os.read(ending, 1)
    reports.close()
    market.close()
    platform.close()
    taken.close()


def where_to_look(platform: Platform) -> str:
    """The addresses of a running platform; the last one carries the token of its state folder."""
    places = [f"  {platform.url}{path:<22} {what}" for path, what in PLACES]
    signing = f"  {platform.url}/sign-in?token={platform.settings.sign_in_token}"
    return "\n".join(
        ["\nThe monitoring runs. Look at", *places, signing, f"{'':<8}signs you in to the incidents' pages"]
    )


def _told_to_end() -> int:
    """The readable end of a pipe that SIGINT and SIGTERM write to.

    A pipe, because a handler may interrupt itself, and an Event would then wait for itself.
    """
    ending, told = os.pipe()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: os.write(told, b"."))
    return ending


def _claim(state: Path, port: int) -> IO[str]:
    """Hold the state folder for as long as the returned file is open; two platforms on one folder would both send."""
    state.mkdir(parents=True, exist_ok=True)
    lock = (state / "lock").open("w", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _refuse_taken(port)
    except BlockingIOError as error:
        lock.close()
        raise LookupError(f"{state} is in use by another soukmon up; stop it or choose another --state") from error
    except LookupError:
        lock.close()
        raise
    return lock


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise LookupError(f"port {port} is in use; choose another with --port") from error
