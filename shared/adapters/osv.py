"""OSV, the open database of vulnerabilities (https://google.github.io/osv.dev/api/, schema https://ossf.github.io/osv-schema/).

POST /v1/querybatch takes at most 1000 questions and answers in their order, with ids and stamps alone; a result that
goes on has a next_page_token, which is asked with the same question. GET /v1/vulns/ID has one in full.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from shared.adapters.json_http import JsonSource
from shared.domain.advisories import Advisory, Affected, Event, danger_of
from shared.domain.pinned import NPM, PYPI, Pin, normalised
from shared.errors import SourceError

HOST = "https://api.osv.dev"
AT_ONCE = 1_000
PAGES = 50  # of one question; more is a fault of the source
ORDERED = frozenset({"ECOSYSTEM", "SEMVER"})  # the ranges of versions; the others are of commits
SUMMARY = 160


class Osv:
    """Implements `Advisories`; `base_url` replaces OSV's host."""

    def __init__(self, *, base_url: str = "") -> None:
        self._source = JsonSource("OSV", base_url or HOST)

    def search(self, pins: Sequence[Pin]) -> Mapping[Pin, Mapping[str, str]]:
        """Every page of every pin."""
        found: dict[Pin, dict[str, str]] = {pin: {} for pin in pins}
        asked: list[tuple[Pin, str]] = [(pin, "") for pin in pins]
        for _ in range(PAGES):
            further: list[tuple[Pin, str]] = []
            for start in range(0, len(asked), AT_ONCE):
                for (pin, _), result in self._batch(asked[start : start + AT_ONCE]):
                    found[pin] |= {str(one["id"]): str(one.get("modified", "")) for one in result.get("vulns") or ()}
                    if token := result.get("next_page_token"):
                        further.append((pin, token))
            if not further:
                return found
            asked = further
        raise SourceError("OSV goes on without an end")

    def read(self, id: str) -> Advisory:  # noqa: A002 - the field's word
        """One vulnerability, with what it says about packages of PyPI and npm."""
        document = self._source.ask("GET", f"v1/vulns/{quote(id, safe='')}")
        try:
            return advisory(document)
        except (KeyError, TypeError, AttributeError) as error:
            raise SourceError(f"OSV's document of {id} has another shape") from error

    def _batch(self, asked: Sequence[tuple[Pin, str]]) -> Iterator[tuple[tuple[Pin, str], dict[str, Any]]]:
        answer = self._source.ask("POST", "v1/querybatch", json={"queries": [_question(*one) for one in asked]})
        results = answer.get("results") if isinstance(answer, dict) else None
        if not isinstance(results, list) or len(results) != len(asked):
            raise SourceError("OSV did not answer every question")
        yield from zip(asked, (one or {} for one in results), strict=True)


def advisory(document: Mapping[str, Any]) -> Advisory:
    """A document of the OSV schema as ours; raises KeyError or TypeError for one of another shape."""
    affected = [one for one in document.get("affected") or () if (one.get("package") or {}).get("ecosystem")]
    severities = [*(document.get("severity") or ()), *(s for one in affected for s in one.get("severity") or ())]
    worded = str((document.get("database_specific") or {}).get("severity") or "")
    return Advisory(
        str(document["id"]),
        str(document.get("modified", "")),
        tuple(str(name) for name in document.get("aliases") or ()),
        " ".join(str(document.get("summary") or document.get("details") or "").split())[:SUMMARY],
        danger_of((str(one.get("score", "")) for one in severities), worded),
        tuple(_affected(one) for one in affected if one["package"]["ecosystem"] in {PYPI, NPM}),
        bool(document.get("withdrawn")),
    )


def _affected(one: Mapping[str, Any]) -> Affected:
    ecosystem, name = str(one["package"]["ecosystem"]), str(one["package"]["name"])
    ranges = [each["events"] for each in one.get("ranges") or () if each.get("type") in ORDERED]
    return Affected(
        ecosystem,
        normalised(name) if ecosystem == PYPI else name,
        tuple(tuple(_event(event) for event in events if "limit" not in event) for events in ranges),
        () if ranges else tuple(str(version) for version in one.get("versions") or ()),
    )


def _event(event: Mapping[str, Any]) -> Event:
    return Event(*(str(event.get(name, "")) for name in ("introduced", "fixed", "last_affected")))


def _question(pin: Pin, token: str) -> dict[str, Any]:
    question = {"package": {"ecosystem": pin.ecosystem, "name": pin.name}, "version": pin.version}
    return {**question, "page_token": token} if token else question
