"""Patterns that people write: the part of regular expressions that takes bounded time on any text.

The engine behind Alertmanager (RE2) takes linear time whatever it is given; Python's goes back and tries again, so that
`(a|a)*b` typed into a silence would hold up every alert. Here the ways to try a pattern are counted before it is used.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

MAX_PATTERN = 500
MAX_TEXT = 200  # no label of a signal is longer
MAX_WAYS = 10_000_000  # three times `.*` in one branch; tried in about a second at the very worst
_TOKEN = re.compile(
    r"""
    (?P<escaped>\\[^0-9]) | (?P<class>\[\^?(?:\\.|[^][\\])+\]) | (?P<plain>[^][\\(){}*+?|]) | (?P<bar>\|)
    | (?P<open>\(\?:|\((?!\?)) | (?P<close>\))
    | (?P<repeat>(?:[*+?]|\{(?P<least>\d+)(?P<upto>,(?P<most>\d*))?\})\??)(?!\+)
    """,
    re.VERBOSE | re.DOTALL,
)


@lru_cache(maxsize=512)
def compiled(pattern: str) -> "re.Pattern[str]":
    """The pattern, of which `matches` asks. Raises ValueError for one that is none or that could take too long."""
    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"a pattern may have {MAX_PATTERN} characters")
    try:
        return re.compile(_bounded(pattern), re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"the pattern {pattern!r} is not a regular expression: {error}") from error


def matches(pattern: str, text: str) -> bool | None:
    """Whether the whole text fits; None for a text too long to be tried."""
    return None if len(text) > MAX_TEXT else compiled(pattern).fullmatch(text) is not None


def _bounded(pattern: str) -> str:
    tokens = list(_tokens(pattern))
    _bearable(_ways(iter(tokens)), pattern)
    # Python's $ also stands before a last new line, that of RE2 at the very end only.
    return "".join(r"\Z" if token[0] == "$" else token[0] for token in tokens)


def _tokens(pattern: str) -> Iterator["re.Match[str]"]:
    at = 0
    while at < len(pattern):
        token = _TOKEN.match(pattern, at)
        if token is None:
            raise ValueError(f"the pattern {pattern!r} has {pattern[at : at + 5]!r}, which is not used here")
        yield token
        at = token.end()


def _ways(tokens: Iterator["re.Match[str]"]) -> int:
    """In how many ways what stands up to the closing bracket can be tried on a text: never fewer than there are."""
    branches, branch, last = 0, 1, 1
    for token in tokens:
        kind = token.lastgroup
        if kind == "close":
            break
        if kind == "bar":
            branches, branch, last = branches + branch * last, 1, 1
        elif kind == "repeat":
            last = _bearable(_repeated(last, token), token.string)
        else:
            branch, last = _bearable(branch * last, token.string), _ways(tokens) if kind == "open" else 1
    return branches + branch * last


def _repeated(ways: int, token: "re.Match[str]") -> int:
    if token["repeat"].startswith("?"):
        return ways + 1
    ends = token["most"] if token["upto"] else token["least"]
    if not ends:
        if ways > 1:
            raise ValueError(f"the pattern {token.string!r} repeats what repeats or chooses already")
        return MAX_TEXT + 1
    times = int(ends)
    if times > MAX_TEXT:
        raise ValueError(f"a pattern may repeat {MAX_TEXT} times")
    return int(ways**times) * (times + 1)


def _bearable(ways: int, pattern: str) -> int:
    if ways > MAX_WAYS:
        raise ValueError(f"the pattern {pattern!r} can be tried in too many ways: repeat less, or choose less")
    return ways
