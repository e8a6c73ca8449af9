"""Log messages without what differs from one occurrence of a fault to the next, so that one bug is one incident."""

import re

from shared.domain.signals import MAX_TEXT

MARK = "#"
MAX_TEMPLATE = 300
# A quoted word after one of these names a thing in the code: another name is another bug.
_NAMES_CODE = re.compile(
    r"(?:\w*KeyError:|reading|setting|property|attribute|column|field|module named|module|import name|name|relation"
    r"|table|collection|function|method|argument|parameter|permission|variable|env)\s*$",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$.]{0,60}")
_QUOTED = re.compile(r"""(["`])([^"`\n]{0,300})\1|(?<!\w)'([^'\n]{0,300})'(?!\w)""")
_ADDRESS = re.compile(r"\b[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"\b([a-z][a-z0-9+.-]{1,20}://[^\s/?#\"'<>]+)[^\s\"'<>]*", re.IGNORECASE)
_ASSIGNED = re.compile(r"\b([A-Za-z_][\w.-]{0,40})=(?!\s)[^\s,;&)\]}]+")
_UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{14,}\b", re.IGNORECASE)
_IPV6 = re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE)
_DAY = re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},?\s+(?=\d|[JFMASOND][a-z]{2}\b)")
_MONTH = re.compile(r"(?<=\d)[\s-]+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\b")
# A word with a digit in it, those joined to it, and its unit: 1.2s, 850 ms, 2026-03-10T00:10:00Z, a1b2c3.
_NUMBER = re.compile(
    r"[+-]?\b\w*\d\w*(?:[.:,/-]\w*\d\w*)*(?:\s?(?:%|(?:ns|us|µs|ms|s|secs?|seconds?|mins?|minutes?|h|hours?|bytes|[KMG]i?B|B)\b))?"
)
_RUN = re.compile(r"#(?:[\s,;|/:-]{0,3}#)+")


def template(message: str) -> str:
    """The message with numbers, ids, addresses, assigned values and quoted parts masked; the same bug gives the same.

    It depends on nothing but the message: a fingerprint made of it is the same on every instance and after every
    deployment. Names that tell one bug from another stay: reading 'price', KeyError: 'seller', the keys of JSON.
    """
    text = _URL.sub(rf"\1/{MARK}", message[:MAX_TEXT])
    text = _QUOTED.sub(_quoted, text)
    text = _ASSIGNED.sub(rf"\1={MARK}", text)
    for pattern in (_ADDRESS, _UUID, _DAY, _MONTH, _IPV6, _NUMBER):
        text = pattern.sub(MARK, text)
    return _RUN.sub(MARK, " ".join(text.split()))[:MAX_TEMPLATE]


def _quoted(match: re.Match[str]) -> str:
    inside = match[2] if match[2] is not None else match[3]
    before, after = (
        match.string[max(0, match.start() - 40) : match.start()],
        match.string[match.end() : match.end() + 2],
    )
    is_key = after.lstrip().startswith(":")
    if _IDENTIFIER.fullmatch(inside) and (is_key or _NAMES_CODE.search(before)):
        return match[0]
    return MARK
