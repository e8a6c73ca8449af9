"""Somebody's telephone: rings when the sandbox has a call, is answered, and has keys."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

from twilio.request_validator import RequestValidator

from infra.local.sandbox.store import Message, SandboxStore
from infra.local.sandbox.twilio_calls import PROVIDER
from shared.ports.platform import Clock

HUMAN, MACHINE = "human", "machine_end_beep"
NOT_ANSWERED = frozenset({"busy", "no-answer", "failed", "canceled"})
ENDED = "completed"

# Gets the address, the form and the headers; returns the status and the text of the answer.
Fetch = Callable[[str, Mapping[str, str], Mapping[str, str]], tuple[int, str]]


class Telephone:
    """Every telephone that the sandbox's calls reach; it asks our function what to say, as Twilio does."""

    def __init__(self, store: SandboxStore, *, clock: Clock, token: str, fetch: Fetch) -> None:
        self._store, self._clock = store, clock
        self._signer, self._fetch = RequestValidator(token), fetch

    def ringing(self) -> list[Message]:
        """The calls that nobody has answered yet."""
        return [call for call in self._store.messages(PROVIDER) if call.status == "queued"]

    def take_calls(self) -> int:
        """Answer what rings, as each call's `answers` says; a person who answers listens to the first question."""
        calls = self.ringing()
        for call in calls:
            answers = str(call.content["answers"])
            if answers in NOT_ANSWERED:
                self._end(call, answers)
            else:
                self.answer(call.id, answered_by=MACHINE if answers == "machine" else HUMAN)
        return len(calls)

    def answer(self, name: str, *, answered_by: str = HUMAN) -> None:
        """Somebody (or a machine) takes the call."""
        call = self._call(name)
        self._store.change(name, at=self._clock.now(), status="in-progress")
        if "answered" in call.content["events"]:
            self._report(call, "in-progress", answered_by)
        self._go_on(name, call.content["url"], {"AnsweredBy": answered_by})

    def press(self, name: str, key: str) -> None:
        """Press a key."""
        call = self._call(name)
        if call.status != ENDED and call.content.get("answer_to"):
            self._go_on(name, call.content["answer_to"], {"Digits": key})

    def wait(self, name: str) -> None:
        """Press nothing until the question is over."""
        call = self._call(name)
        if call.status != ENDED and call.content.get("silence_to"):
            self._go_on(name, call.content["silence_to"], {})

    def _go_on(self, name: str, url: str, said: Mapping[str, str]) -> None:
        call = self._call(name)
        form = {"CallSid": name, "CallStatus": "in-progress", "To": call.to, "From": call.content["from"], **said}
        status, text = self._fetch(url, form, self._signed(url, form))
        heard = _heard(text, url) if status == 200 else {"spoken": ["An application error has occurred."]}  # noqa: PLR2004
        by = said.get("AnsweredBy") or call.content.get("answered_by", "")
        spoken = [*call.content["spoken"], *heard["spoken"]]
        content = {**call.content, "answer_to": "", "silence_to": "", "answered_by": by, **heard, "spoken": spoken}
        self._store.change(name, at=self._clock.now(), content=content)
        if not content["answer_to"]:
            self._end(self._call(name), ENDED)

    def _end(self, call: Message, status: str) -> None:
        self._store.change(call.id, at=self._clock.now(), status=status)
        self._report(call, status, str(call.content.get("answered_by", "")))

    def _report(self, call: Message, status: str, answered_by: str) -> None:
        url = str(call.content["callback"])
        form = {"CallSid": call.id, "CallStatus": status, "To": call.to, "From": str(call.content["from"])}
        form |= {"AnsweredBy": answered_by} if answered_by else {}
        if url:
            self._fetch(url, form, self._signed(url, form))

    def _signed(self, url: str, form: Mapping[str, str]) -> dict[str, str]:
        return {"X-Twilio-Signature": self._signer.compute_signature(url, dict(form))}

    def _call(self, name: str) -> Message:
        call = self._store.get(name)
        if call is None or call.provider != PROVIDER:
            raise LookupError(f"no call {name}")
        return call


def _heard(text: str, url: str) -> dict[str, Any]:
    """What TwiML says, and where a key or silence leads."""
    document = ET.fromstring(text)  # noqa: S314 - our own function wrote it
    gather, redirect = document.find("Gather"), document.find("Redirect")
    return {
        "spoken": ["".join(said.itertext()) for said in document.iter("Say")],
        "answer_to": urljoin(url, gather.get("action", "")) if gather is not None else "",
        "silence_to": urljoin(url, redirect.text or "") if redirect is not None else "",
    }
