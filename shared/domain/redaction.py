"""Removes secrets and personal data from texts before they reach logs, dead letters or people.

Addresses of service accounts are kept: they name a machine. Other addresses keep their first letter and domain,
which is enough to find the account in an investigation and too little to write to it.
"""

import re

_EMAIL = re.compile(r"([\w.+-])[\w.+-]*@([\w-]+(?:\.[\w-]+)+)")
_TOKENS = re.compile(
    r"xox[abprse]-[\w-]{6,}"  # Slack
    r"|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"  # JSON web tokens
    r"|AIza[\w-]{30,}"  # Google API keys
    r"|ya29\.[\w.-]{20,}"  # Google OAuth
    r"|gh[pousr]_\w{20,}"  # GitHub
    r"|(?:AC|SK)[0-9a-f]{32}"  # Twilio
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)"
)
_NAMED = re.compile(
    r"(?i)\b(authorization|bearer|basic|password|passwd|secret|token|api[_-]?key|cookie|session[_-]?id)"
    r"(\"?\s*[:=]\s*\"?|\s+)(?:bearer\s+|basic\s+)?(?=[^\s\"',;&]*[\d._~+/=-])([^\s\"',;&]{6,})"
)
_NATIONAL_ID = re.compile(r"(?<!\d)[23]\d{13}(?!\d)")
_PHONE = re.compile(r"(?<![\w.+-])(?:\+\d[\d\s().-]{8,16}\d|0020\d{9,10}|01[0125][\s-]?\d{3,4}[\s-]?\d{4,5})(?![\w-])")
_ARABIC_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


def redact(text: str) -> str:
    """The text with tokens, phone numbers, national ids and personal addresses replaced by a named mark."""
    text = _TOKENS.sub("[token]", text)
    text = _NAMED.sub(r"\1\2[secret]", text)
    text = _EMAIL.sub(_masked_address, text)
    return _numbers_masked(text)


def _masked_address(match: re.Match[str]) -> str:
    if match.group(2).endswith("gserviceaccount.com"):
        return match.group(0)
    return f"{match.group(1)}***@{match.group(2)}"


def _numbers_masked(text: str) -> str:
    western = text.translate(_ARABIC_DIGITS)
    spans = [(m.start(), m.end(), "[national id]") for m in _NATIONAL_ID.finditer(western)]
    phones = [(m.start(), m.end(), "[phone]") for m in _PHONE.finditer(western)]
    spans += [phone for phone in phones if not any(s < phone[1] and phone[0] < e for s, e, _ in spans)]
    for start, end, mark in sorted(spans, reverse=True):
        text = text[:start] + mark + text[end:]
    return text
