"""What is dangerous in Firebase security rules, line by line (https://firebase.google.com/docs/rules/insecure-rules)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from shared.domain.jobs import Verdict
from shared.domain.rules_language import Allow, Ruleset, parsed

WRITES = frozenset({"write", "create", "update", "delete"})
CHANGES = WRITES - {"create"}
AUTH = ("request", ".", "auth")
NEVER = ("false",)
SIGNED_IN = (*AUTH, "!=", "null")
TEST_MODE = ("request", ".", "time", "<", "timestamp", ".", "date", "(")


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that is wrong, at a line. `is_open`: anybody on the internet gets at the data by it."""

    line: int
    what: str
    verdict: Verdict
    is_open: bool = False


def remarks(source: str, now: datetime) -> list[Remark]:
    """Everything that is wrong with a source, in the order of its lines."""
    rules = parsed(source)
    found = [one for allow in rules.allows for one in _of(allow, rules, now)]
    if rules.version != "2":
        what = "rules_version = '2' is missing: under version 1 a wildcard means something else"
        found.append(Remark(1, what, Verdict.WARN))
    if not rules.allows:
        found.append(Remark(1, "there is no allow in it: nobody but our servers gets at anything", Verdict.WARN))
    return sorted(found, key=lambda one: one.line)


def _of(allow: Allow, rules: Ruleset, now: datetime) -> Iterator[Remark]:
    condition, what = _bare(allow.condition), ", ".join(allow.methods)
    writes, everything = WRITES & set(allow.methods), "=**}" in allow.path
    if _is_always(condition):
        is_open = bool(writes) or everything
        said = f"anybody may {what} {allow.path}"
        yield Remark(allow.line, said, Verdict.FAIL if is_open else Verdict.WARN, is_open)
    elif condition[: len(TEST_MODE)] == TEST_MODE:
        yield _test_mode(allow, condition, now)
    elif writes and condition != NEVER and not _checks_who(condition, rules.functions):
        verdict = Verdict.FAIL if CHANGES & set(allow.methods) else Verdict.WARN
        yield Remark(allow.line, f"who may {what} {allow.path} does not depend on who asks", verdict)
    elif writes and everything and condition == SIGNED_IN:
        yield Remark(allow.line, f"anybody who is signed in may {what} all of {allow.path}", Verdict.FAIL)


def _test_mode(allow: Allow, condition: Sequence[str], now: datetime) -> Remark:
    """The rules that the console writes for a trial: all is open until a day."""
    numbers = [int(word) for word in condition[len(TEST_MODE) :] if word.isdigit()]
    try:
        year, month, day = numbers[:3]
        until = datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return Remark(allow.line, "test mode until a date that cannot be read", Verdict.FAIL, is_open=True)
    if now < until:
        said = f"test mode: anybody may {', '.join(allow.methods)} {allow.path} until {until:%Y-%m-%d}"
        return Remark(allow.line, said, Verdict.FAIL, is_open=True)
    return Remark(allow.line, f"test mode that ended on {until:%Y-%m-%d}: it refuses everybody", Verdict.WARN)


def _is_always(condition: Sequence[str]) -> bool:
    """No condition at all, true, or true or something else."""
    return not condition or any(_bare(part) == ("true",) for part in _alternatives(condition))


def _alternatives(condition: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The parts between those "||" that stand in no parentheses."""
    part: list[str] = []
    depth = 0
    for word in condition:
        depth += (word in "([") - (word in ")]")
        if word == "||" and depth == 0:
            yield tuple(part)
            part = []
        else:
            part.append(word)
    yield tuple(part)


def _bare(condition: Sequence[str]) -> tuple[str, ...]:
    """Without parentheses around the whole."""
    while len(condition) > 1 and condition[0] == "(" and _closes(condition) == len(condition) - 1:
        condition = condition[1:-1]
    return tuple(condition)


def _closes(condition: Sequence[str]) -> int:
    depth = 0
    for place, word in enumerate(condition):
        depth += (word == "(") - (word == ")")
        if depth == 0:
            return place
    return -1


def _checks_who(condition: Sequence[str], functions: Mapping[str, Sequence[str]]) -> bool:
    """True when it asks for request.auth, itself or in a function that it calls."""
    waiting: list[tuple[str, ...]] = [tuple(condition)]
    seen: set[str] = set()
    while waiting:
        words = waiting.pop()
        if any(words[n : n + len(AUTH)] == AUTH for n in range(len(words))):
            return True
        called = {name for name, after in pairwise(words) if after == "(" and name in functions}
        waiting += [tuple(functions[name]) for name in called - seen]
        seen |= called
    return False
