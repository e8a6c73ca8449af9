"""The `soukmon` command: exit 0 fine, 1 the thing asked about is not fine, 2 bad usage or input in one line."""

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from shared import logs
from shared.errors import ConfigurationError, PermanentError

COMMANDS = (
    "backtesting",
    "breach",
    "calm",
    "contacts",
    "continuity",
    "cost",
    "deployed",
    "deploying",
    "doctor",
    "effectiveness",
    "init",
    "hold",
    "jobs",
    "maintenance",
    "oncall",
    "operate",
    "platform_commands",
    "post_mortems",
    "procedures",
    "record",
    "rehearsals",
    "reports",
    "slo",
    "status",
)


class NotFineError(Exception):
    """The thing asked about is not fine: exit 1; what is wrong was printed already."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Production monitoring of the Souk El-Sayarat marketplace."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    for name in COMMANDS:
        import_module(f"shared.cli.{name}")  # registers its commands
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """The exit code of a command line; every refusal is one line on stderr, and so are all logs."""
    logs.set_up(to_stderr=True)
    try:
        result = cli.main(
            args=None if arguments is None else list(arguments), prog_name="soukmon", standalone_mode=False
        )
    except NotFineError:
        return 1
    except click.exceptions.Abort:
        return 130
    except click.ClickException as error:
        return _refuse(error.format_message())
    except (ConfigurationError, PermanentError, LookupError, OSError) as error:
        return _refuse(str(error))
    return result if isinstance(result, int) else 0


def _refuse(text: str) -> int:
    click.echo(f"soukmon: {' '.join(text.split())}", err=True)
    return 2
