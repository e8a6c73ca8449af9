"""Measures what a build made and posts it: a step of a pipeline, with nothing but the standard library.

    python -m infra.local.ci.post_measurement --url URL --metric bundle_size --file dist/main.js --label version=3.4.1
    python -m infra.local.ci.post_measurement --url URL --release web --label version=3.4.1 --label commit=4f2a

SOUKMON_MEASUREMENT_KEYS (the last of them) signs; SOUKMON_IDENTITY_TOKEN is the Google identity token of the caller,
which a private function demands: `gcloud auth print-identity-token`. Exit code 1 when nobody took it, 2 for bad usage.
"""

import argparse
import gzip
import hmac
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

ATTEMPTS = 3
TIMEOUT = 30
ACCEPTED = 202
SERVER_ERROR = 500

Body = dict[str, Any]


def sizes(metric: str, file: Path, labels: Mapping[str, str], *, at: str, compressed: bool = False) -> list[Body]:
    """The size of a file in bytes, and with `compressed` also what gzip makes of it, as <metric>_gzip."""
    content = file.read_bytes()
    found = {metric: len(content)}
    if compressed:
        found[f"{metric}_gzip"] = len(gzip.compress(content, compresslevel=9, mtime=0))
    about = {"asset": file.stem, **labels}
    return [
        {"metric": name, "value": size, "unit": "bytes", "measured_at": at, "labels": about}
        for name, size in found.items()
    ]


def signed(body: bytes, *, key: str, at: int) -> dict[str, str]:
    """The header that signs a body; none without a key."""
    if not key:
        return {}
    mac = hmac.digest(key.encode(), f"{at}.".encode() + body, "sha256").hex()
    return {"X-Soukmon-Signature": f"t={at},v1={mac}"}


def post(
    url: str, body: bytes, *, key: str = "", token: str = "", pause: Callable[[float], None] = time.sleep
) -> tuple[int, str]:
    """Status and text of the answer, the status 0 when there was none; tries again while the other side is at fault.

    Each attempt is signed anew, because a signature is taken once.
    """
    status, text = 0, ""
    for attempt in range(ATTEMPTS):
        if attempt:
            pause(2.0**attempt)
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        headers = {"Content-Type": "application/json", **bearer, **signed(body, key=key, at=int(time.time()))}
        status, text = _answer(Request(url, data=body, headers=headers))  # noqa: S310 - main allows http(s) only
        if 0 < status < SERVER_ERROR:
            break
    return status, text


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ) -> int:
    """Post what the arguments name; the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        body = _body(options, dict(options.label), at=datetime.now(UTC).isoformat())
    except (OSError, ValueError) as error:
        parser.error(str(error))
    keys = [key.strip() for key in environment.get("SOUKMON_MEASUREMENT_KEYS", "").split(",") if key.strip()]
    token = environment.get("SOUKMON_IDENTITY_TOKEN", "")
    status, text = post(options.url, json.dumps(body).encode(), key=keys[-1] if keys else "", token=token)
    if status != ACCEPTED:
        sys.stderr.write(f"not taken ({status or 'no answer'}): {text.strip()}\n")
        return 1
    sys.stdout.write(text.strip() + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="post_measurement", description="Post a file's size, a release, or both.")
    parser.add_argument("--url", required=True, type=address, help="address of receive_measurement")
    parser.add_argument("--metric", default="", help="name of the metric such as bundle_size")
    parser.add_argument("--file", type=Path, help="the file that is measured")
    parser.add_argument("--gzip", action="store_true", help="measure its compressed size too, as METRIC_gzip")
    parser.add_argument("--release", default="", metavar="SERVICE", help="this version of the service went live")
    parser.add_argument("--label", action="append", default=[], type=_label, metavar="NAME=TEXT")
    return parser


def _body(options: argparse.Namespace, labels: Mapping[str, str], *, at: str) -> Body:
    if bool(options.metric) != bool(options.file) or not (options.file or options.release):
        raise ValueError("give --metric with --file, or --release, or all three")
    body: Body = {}
    if options.file:
        body["measurements"] = sizes(options.metric, options.file, labels, at=at, compressed=options.gzip)
    if options.release:
        if "version" not in labels:
            raise ValueError("--release needs --label version=...")
        known = {name: labels[name] for name in ("version", "commit", "by", "previous") if labels.get(name)}
        body["release"] = {"service": options.release, "at": at, **known}
    return body


def _answer(request: Request) -> tuple[int, str]:
    try:
        with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 - as above
            return answer.status, answer.read().decode("utf-8", "replace")
    except HTTPError as error:
        return error.code, error.read().decode("utf-8", "replace")
    except (URLError, TimeoutError, ConnectionError) as error:
        return 0, str(error)


def address(text: str) -> str:
    """An argument that is an address of the web."""
    if not text.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError("write an address that begins with https://")
    return text


def _label(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not (name and mark):
        raise argparse.ArgumentTypeError("write NAME=TEXT such as version=3.4.1")
    return name, value


if __name__ == "__main__":
    sys.exit(main())
