"""Looks at every address of status.yaml from where it runs and posts what it found: one more place for the status page.

    python -m infra.local.ci.post_probe --url URL --place cairo

Run it each minute on a machine elsewhere. SOUKMON_PROBE_KEYS (the last of them) signs. Exit code 1 when nobody took it,
2 for bad usage.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra.local.ci.post_measurement import ACCEPTED, address, post
from shared.adapters.http_probe import HttpProber
from shared.config.loader import load
from shared.domain.status import Probe
from shared.ports.probing import Prober

Body = dict[str, Any]


def looks(probes: Iterable[Probe], prober: Prober, *, place: str, at: str) -> Body:
    """What a look at each address came to, as receive_probe takes it."""
    return {"probes": [_look(probe, prober, place, at) for probe in probes if probe.url]}


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ) -> int:
    """Look and post; the exit code."""
    parser = argparse.ArgumentParser(prog="post_probe", description="Look at every address and post what was found.")
    parser.add_argument("--url", required=True, type=address, help="address of receive_probe")
    parser.add_argument("--place", required=True, help="where this runs, in small letters: cairo")
    parser.add_argument("--config", type=Path, default=None, help="the directory of status.yaml; the packaged one")
    options = parser.parse_args(arguments)
    keys = [key.strip() for key in environment.get("SOUKMON_PROBE_KEYS", "").split(",") if key.strip()]
    if not keys:
        parser.error("SOUKMON_PROBE_KEYS is not set")
    found = looks(
        load(options.config).status.probes.values(),
        HttpProber(),
        place=options.place,
        at=datetime.now(UTC).isoformat(),
    )
    if not found["probes"]:
        parser.error("no probe of status.yaml has an address")
    status, text = post(options.url, json.dumps(found).encode(), key=keys[-1])
    if status != ACCEPTED:
        sys.stderr.write(f"not taken ({status or 'no answer'}): {text.strip()}\n")
        return 1
    sys.stdout.write(text.strip() + "\n")
    return 0


def _look(probe: Probe, prober: Prober, place: str, at: str) -> Body:
    seen = prober.look(probe.url, slow_after=probe.slow_after, contains=probe.contains, lacks=probe.lacks)
    reason = {"reason": seen.reason} if seen.reason else {}
    return {
        "target": probe.target,
        "place": place,
        "at": at,
        "ok": not seen.reason,
        "latency_ms": seen.latency_ms,
        **reason,
    }


if __name__ == "__main__":
    sys.exit(main())
