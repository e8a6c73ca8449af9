"""`soukmon up`: the platform, the demo day when asked for, and where to look."""

import signal
import threading
from collections.abc import Callable
from pathlib import Path

from infra.local.demo import play
from infra.local.platform import Platform
from shared.adapters.clocks import SystemClock, VirtualClock
from shared.config.loader import load
from shared.settings import current

PLACES = (
    ("/", "what runs, and every incident"),
    ("/inbox", "every message as its receiver sees it; the buttons work"),
    ("/api/incidents", "and /api/messages, /api/ledger, /api/dead-letters: the same for programs"),
)


def run(*, port: int, state: Path, demo: bool, virtual: bool, real_providers: bool, say: Callable[[str], None]) -> None:
    """Serve until interrupted."""
    used = (state / "state.db").exists()
    clock = VirtualClock(SystemClock().now()) if demo or virtual else SystemClock()
    folder = current().config_dir
    configuration = load(Path(folder) if folder else None)
    environment = current() if real_providers else None
    platform = Platform(state, port=port, clock=clock, configuration=configuration, environment=environment)
    if demo and not used:
        say("Playing a day of incidents at the marketplace:")
        play(platform, say=say)
    if isinstance(clock, VirtualClock) and not virtual:
        clock.release()
        platform.scheduler.restart(clock.now())
    platform.run()
    say("\nThe monitoring runs. Look at\n" + "\n".join(f"  {platform.url}{path:<16} {what}" for path, what in PLACES))
    say(f"  POST {platform.url}/functions/<name> sends an event. Everything is kept in {state}. Ctrl-C stops.")
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    stopped.wait()
    platform.close()
