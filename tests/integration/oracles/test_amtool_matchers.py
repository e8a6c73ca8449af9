"""A matcher's text means to us what it means to `amtool`: what it accepts, and that it is none.

Hundreds of matchers become routes with `continue`, so that one question tells which of them accept a set of labels.
Patterns that we refuse and RE2 takes (too many ways to try them, flags) are not compared.
"""

import random
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
import yaml

from shared.domain.matchers import parse
from tests.integration.oracles.alertmanager import program

MATCHERS, LABELS, SEEDS = 250, 60, 3
LETTERS = ("a", "b", "A", "1", "-", ".", "é", "ب", "\n", '"', "\\")
ATOMS = (
    "a",
    "b",
    "1",
    "-",
    r"\.",
    ".",
    "[ab]",
    "[^a]",
    "[a-c1]",
    r"\d",
    r"\w",
    r"\s",
    "é",
    "ب",
    "^",
    "$",
    r"\\",
    r"\n",
)
TIMES = ("", "", "", "*", "+", "?", "*?", "{2}", "{1,3}", "{0,}")
OPERATORS = ("=", "!=", "=~", "!~")
BROKEN = (
    "a",
    "=b",
    "1a=b",
    'a="b',
    'a=b"c',
    'a="b"c"',
    r'a="b\"',
    'a=~"("',
    'a=~"b**"',
    'a=~"[b"',
    "a b=c",
    "ب=c",
)


def a_pattern(chance, depth=2):
    parts = []
    for _ in range(chance.randint(0, 3)):
        deeper = depth and chance.random() < 0.25
        parts.append((f"({a_pattern(chance, depth - 1)})" if deeper else chance.choice(ATOMS)) + chance.choice(TIMES))
    whole = "".join(parts)
    return f"{whole}|{a_pattern(chance, depth - 1)}" if depth and chance.random() < 0.3 else whole


def a_value(chance):
    return "".join(chance.choice(LETTERS) for _ in range(chance.randint(0, 4)))


def a_text(chance):
    """As people write matchers: quoted or not, with escapes that are needed and such that are not."""
    operator = chance.choice(OPERATORS)
    plain = a_pattern(chance) if operator.endswith("~") else a_value(chance)
    style = chance.choice(("quoted", "quoted", "sloppy", "bare"))
    if style == "quoted":
        plain = '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
    elif style == "sloppy":
        plain = f'"{plain}"'
    space = chance.choice(("", " "))
    return f"{chance.choice(('x', 'y', 'z'))}{space}{operator}{space}{plain}"


def usable(text):
    """True for what we take and a list of matchers can hold (braces and commas belong in quotes there)."""
    if not text.endswith('"') and set(text) & set("{},\n"):
        return False
    try:
        return bool(parse(text))
    except ValueError:
        return False


def written(texts, file):
    routes = [{"receiver": f"r{n}", "matchers": [text], "continue": True} for n, text in enumerate(texts)]
    names = [{"name": f"r{n}"} for n in range(len(texts))]
    whole = {"route": {"receiver": "none", "routes": routes}, "receivers": [{"name": "none"}, *names]}
    file.write_text(yaml.safe_dump(whole, allow_unicode=True))
    return file


def quoted(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_matcher_accepts_what_it_accepts_in_alertmanager(seed, tmp_path):
    chance, amtool = random.Random(seed), program("amtool")
    texts = []
    while len(texts) < MATCHERS:
        texts += [text] if usable(text := a_text(chance)) else []
    file = written(texts, tmp_path / "routes.yml")
    given = [{name: a_value(chance) for name in "xyz" if chance.random() < 0.8} for _ in range(LABELS)]

    def theirs(labels):
        arguments = [f"{name}={quoted(value)}" for name, value in labels.items()]
        command = [amtool, "config", "routes", "test", f"--config.file={file}", *arguments]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        assert answer.returncode == 0, answer.stderr
        return {texts[int(name[1:])] for name in answer.stdout.strip().split(",") if name != "none"}

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(theirs, given))
    for labels, answer in zip(given, answers, strict=True):
        ours = {text for text in texts if parse(text).accepts(labels)}
        assert ours == answer, f"{labels}: only ours {ours - answer}, only theirs {answer - ours}"


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_no_matcher_to_us_is_none_to_alertmanager(text, tmp_path):
    with pytest.raises(ValueError, match=r"matcher|quote|pattern"):
        parse(text)
    file = written([text], tmp_path / "routes.yml")
    assert subprocess.run([program("amtool"), "check-config", str(file)], capture_output=True, check=False).returncode
