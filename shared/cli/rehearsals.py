"""Commands that rehearse: fire, game-day."""

import json
import time
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from shared import bootstrap
from shared.adapters.clocks import SystemClock
from shared.cli import completing
from shared.cli.main import NotFineError, cli
from shared.cli.state_folder import CONFIG, STATE, use
from shared.config.loader import load
from shared.domain.game_day import IN_TIME, Drill, Said
from shared.domain.oncall import CAIRO
from shared.usecases.game_day import drills

URL = click.option("--url", default="http://127.0.0.1:8080", show_default=True, help="A running soukmon up.")
PAUSE = 2.0


@cli.command()
@click.argument("rule", shell_complete=completing.rules)
@click.option(
    "--to",
    type=click.Choice(["nobody", "sandbox"]),
    default="nobody",
    show_default=True,
    help="Nobody, or the game-day recipient through a running platform.",
)
@URL
@CONFIG
def fire(rule: str, *, to: str, url: str, config_dir: Path | None) -> None:
    """Test-fire a RULE; show who is told how.

    Through every function.

    It happens on a private platform whose messages go to nobody. With --to sandbox it goes through a running platform
    and its real providers, marked TEST, to the game-day recipient of channels.yaml and to nobody else.
    """
    report = _fired_through(rule, url, config_dir) if to == "sandbox" else _fired_here(rule, config_dir)
    click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    if not report["notifications"] or any(row["state"].startswith("failed") for row in report["notifications"]):
        raise NotFineError


@cli.command("game-day")
@click.option("--run", "now", is_flag=True, help="Hold one now, and wait for its verdict.")
@STATE
@URL
def game_day(*, now: bool, state: str, url: str) -> None:
    """The last game days: seconds per channel, or why not."""
    if now:
        _hold(url)
        return
    use(state)
    found = drills(bootstrap.state())
    if not found:
        raise LookupError("no game day was held yet; soukmon game-day --run holds one")
    for drill in found:
        click.echo(line(drill))
    if found[0].said is Said.FAILED:
        raise NotFineError


def line(drill: Drill) -> str:
    """One game day: "Mon 09 Mar 10:00  passed  slack 0.4 s, sms 5.2 s"."""
    at = drill.at.astimezone(ZoneInfo(CAIRO))
    took = [f"{channel} {drill.seconds[channel]:.1f} s" for channel in drill.channels if channel in drill.seconds]
    lost = [f"{channel} FAILED ({why})" for channel, why in drill.failed.items()]
    return f"{at:%a %d %b %Y %H:%M}  {drill.said:<8}  {', '.join([*lost, *took])}".rstrip()


def _fired_here(rule: str, config_dir: Path | None) -> dict[str, Any]:
    from infra.local.firing import fire as test_fire  # noqa: PLC0415 - only this command needs the platform

    return test_fire(rule, config_dir=config_dir)


def _fired_through(rule: str, url: str, config_dir: Path | None) -> dict[str, Any]:
    from infra.local.firing import chosen  # noqa: PLC0415
    from infra.local.running import Running  # noqa: PLC0415

    chosen(load(config_dir) if config_dir else bootstrap.config(), rule)
    incident = Running(url).rehearse(rule)
    rows = [
        {name: row[name] for name in ("channel", "recipient", "step", "state", "error")}
        for row in incident["notifications"]
        if row["state"] != "superseded"
    ]
    return {"rule": rule, "severity": incident["severity"], "incident": incident["id"], "notifications": rows}


def _hold(url: str) -> None:
    from infra.local.running import Running  # noqa: PLC0415

    running, started = Running(url), time.monotonic()
    said = running.post("run_game_day", b'{"run": true}')
    while said["game_day"] in {Said.BEGUN, Said.WAITING} and time.monotonic() - started < 2 * IN_TIME.total_seconds():
        time.sleep(PAUSE)
        said = running.post("run_game_day", b"{}")
    if "id" not in said:
        raise LookupError("channels.yaml has no game_day: nobody could be told")
    drill = Drill(said["id"], datetime.fromisoformat(said["at"]), tuple(said["channels"]),
                  SystemClock().now(), said["seconds"], said["failed"])  # fmt: skip
    click.echo(line(drill))
    if said["game_day"] != Said.PASSED:
        raise NotFineError
