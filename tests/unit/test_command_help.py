"""The help of every command: complete, in sentences that fit, with examples that parse."""

import re
import shlex

import click
import pytest

from shared.cli.examples import EXAMPLES
from shared.cli.main import SECTIONS, commands

WIDTH = 78  # what click gives a help text on a terminal of 80


def walked(command, path=()):
    yield " ".join(path), command
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from walked(inner, (*path, name))


TREE = dict(walked(commands()))
LEAVES = {path: command for path, command in TREE.items() if not isinstance(command, click.Group)}


def room(path):
    siblings = TREE[path.rpartition(" ")[0]].commands
    return WIDTH - 6 - max(map(len, siblings))


@pytest.mark.parametrize("path", [path for path in TREE if path])
def test_a_command_says_in_one_line_what_it_does(path):
    short = TREE[path].get_short_help_str(room(path))
    assert short
    assert not short.endswith("..."), f"the first sentence of {path} has no room: {TREE[path].help.splitlines()[0]}"


@pytest.mark.parametrize("path", TREE)
def test_every_option_says_what_it_is(path):
    options = [one for one in TREE[path].params if isinstance(one, click.Option)]
    assert [one.opts[0] for one in options if not one.help] == []


@pytest.mark.parametrize("path", LEAVES)
def test_whoever_has_to_tell_a_command_something_finds_an_example(path):
    needs = [one for one in LEAVES[path].params if isinstance(one, click.Argument) or one.required]
    hidden = TREE[path.partition(" ")[0]].hidden
    assert not needs or hidden or f"Example: soukmon {path}" in LEAVES[path].get_help(click.Context(LEAVES[path])), path


@pytest.mark.parametrize("path", EXAMPLES)
def test_an_example_is_a_command_line_that_is_understood(path):
    for example in EXAMPLES[path].partition("   (")[0].partition(" > ")[0].split(";"):
        words = shlex.split(example)[1:]
        command = TREE[path]
        assert words[: len(path.split())] == path.split()
        parser = command.make_parser(click.Context(command))
        given, _, _ = parser.parse_args(words[len(path.split()) :])
        for one in command.params:
            value = given.get(one.name)
            assert not one.required or value, one.name
            if isinstance(one.type, click.Choice) and isinstance(value, str):
                assert value in one.type.choices
        assert "..." not in example


def test_the_commands_are_listed_by_what_one_does_each_once():
    text = TREE[""].get_help(click.Context(TREE[""], max_content_width=80, terminal_width=80))
    titles = re.findall(r"^([A-Z]\w+):$", text, re.MULTILINE)
    assert titles == ["Options", *SECTIONS]
    listed = re.findall(r"^  ([a-z][a-z-]+) {2,}\S", text.partition("Watch:")[2], re.MULTILINE)
    assert sorted(listed) == sorted(name for name, one in TREE[""].commands.items() if not one.hidden)


def test_a_command_of_no_section_is_listed_all_the_same():
    @click.command("stray")
    def stray():
        """Somewhere."""

    group = type(TREE[""])(commands={"stray": stray})
    assert re.search(r"Other:\n  stray  Somewhere.", group.get_help(click.Context(group)))
