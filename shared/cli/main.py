"""The `soukmon` command: exit 0 fine, 1 the thing asked about is not fine, 2 bad usage or input in one line."""

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from shared import logs
from shared.cli.examples import EXAMPLES
from shared.cli.terminal import plain_output
from shared.errors import ConfigurationError, PermanentError

COMMANDS = (
    "backtesting",
    "breach",
    "calm",
    "chaos",
    "cleanup",
    "completion",
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
    "year",
)


# What one does, and with which commands. Those of no section come last, so that none is ever hidden by a mistake.
SECTIONS = {
    "Watch": ("up", "status", "oncall", "slo", "effectiveness", "report"),
    "Respond": ("explain", "procedure", "breach", "silence", "channels", "dead-letters", "post-mortem"),
    "Prove": ("fire", "chaos", "year", "game-day", "simulate", "replay", "verify", "bench"),
    "Configure": ("init", "check", "backtest", "tune", "diff", "completion"),
    "Deploy": ("deploy", "doctor", "cost"),
    "Maintain": ("jobs", "window", "hold", "cleanup", "continuity"),
}


class NotFineError(Exception):
    """The thing asked about is not fine: exit 1; what is wrong was printed already."""


class Sectioned(click.Group):
    """A group whose help lists its commands by what one does."""

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """One list per section; all share the width of the longest name."""
        named = {name for names in SECTIONS.values() for name in names}
        others = [name for name in self.list_commands(context) if name not in named]
        longest = max(map(len, self.commands), default=0)
        for title, names in {**SECTIONS, "Other": others}.items():
            commands = [(name, self.commands[name]) for name in names if name in self.commands]
            rows = [
                (name.ljust(longest), command.get_short_help_str(formatter.width - longest - INDENT))
                for name, command in commands
                if not command.hidden
            ]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


INDENT = 6


@click.group(
    cls=Sectioned,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Begin with soukmon init; look around with soukmon up --demo. soukmon COMMAND --help gives an example.",
)
def cli() -> None:
    """Production monitoring of the Souk El-Sayarat marketplace."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    commands()
    sys.exit(run(arguments))


def commands() -> click.Group:
    """The command line with every command, each with its example."""
    for name in COMMANDS:
        import_module(f"shared.cli.{name}")  # registers its commands
    for path, example in EXAMPLES.items():
        command: click.Command = cli
        for name in path.split():
            command = command.commands[name] if isinstance(command, click.Group) else command
        command.epilog = f"Example: {example}"
    return cli


def run(arguments: Sequence[str] | None = None) -> int:
    """The exit code of a command line; every refusal is one line on stderr, and so are all logs."""
    with plain_output():
        logs.set_up(to_stderr=True)
        return _run(arguments)


def _run(arguments: Sequence[str] | None) -> int:
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
