"""Messages to people outside that wait for a person's word: proposed, edited, approved and sent, or not sent at all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from shared.domain.acting import By, noted_text
from shared.domain.incidents import TimelineEntry
from shared.domain.signals import bounded
from shared.domain.status import Stage

AUDIENCE = "audience_"  # and its name: how an audience stands in the directory
LONGEST_TITLE, LONGEST_TEXT = 150, 2_000


class DraftChannel(StrEnum):
    """Where an approved draft goes: to the mailing list of its audience, onto the status page, or both."""

    MAIL = "e-mail"
    STATUS = "status page"
    BOTH = "status page and e-mail"

    @property
    def is_mailed(self) -> bool:
        """True when the audience's own list gets it."""
        return self is not DraftChannel.STATUS

    @property
    def is_posted(self) -> bool:
        """True when it is read on the status page."""
        return self is not DraftChannel.MAIL


class Fits(StrEnum):
    """While what a draft says is true of its incident."""

    OPEN = "open"
    OVER = "over"
    ALWAYS = "always"

    def is_true(self, *, is_open: bool) -> bool:
        """True when it may be sent about an incident that is open, or is not."""
        return self is Fits.ALWAYS or (self is Fits.OPEN) is is_open


class DraftState(StrEnum):
    """A draft's life: it leaves the first two once, by somebody's word; what is approved is on its way to be posted."""

    PROPOSED = "proposed"
    EDITED = "edited"
    APPROVED = "approved"
    SENT = "sent"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        """True while it waits for somebody's word."""
        return self in {DraftState.PROPOSED, DraftState.EDITED}

    @property
    def is_settled(self) -> bool:
        """True when nothing will happen to it any more."""
        return self in {DraftState.SENT, DraftState.REJECTED, DraftState.WITHDRAWN}


class Drafted(StrEnum):
    """What a wish about a draft came to."""

    EDITED = "draft edited"
    SENT = "draft approved and sent"
    HALF_APPROVED = "draft approved by one of two"
    REJECTED = "draft rejected"
    WITHDRAWN = "draft withdrawn, it is no longer true"
    NO_SUCH_DRAFT = "there is no such draft"
    ALREADY_SENT = "the draft was sent before"
    ALREADY_OVER = "the draft was rejected or withdrawn before"
    NO_LONGER_TRUE = "the draft is no longer true"
    NEEDS_REASON = "a draft is rejected with a reason"
    NEEDS_BOTH = "a draft has a title and a text in English and in Arabic"
    NO_ADDRESS = "no address is configured for this audience"
    NOT_POSTED = "the status page did not take the draft"
    NOT_THEIRS = "somebody else has to approve it"
    NEEDS_ANOTHER = "a second person has to approve the draft"


@dataclass(frozen=True, slots=True)
class DraftText:
    """A draft in one language: a title and its paragraphs."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """`texts` holds "en" and "ar"; `fits` says while the incident is what they are true.

    Only who answers for `approver` (a target such as "team:legal", "" for everybody who may act) may approve it.
    It goes out with the word of as many different people as `approvals`; `approved_by` have given theirs to the present
    text. `changed_by` edited, approved or rejected it last, with a `reason` where one was given. A post says that the
    work on these `components` is at this `stage`.
    """

    id: str
    incident: str
    audience: str
    channel: DraftChannel
    texts: Mapping[str, DraftText]
    created_at: datetime
    created_by: str
    fits: Fits = Fits.ALWAYS
    approver: str = ""
    state: DraftState = DraftState.PROPOSED
    changed_at: datetime | None = None
    changed_by: str = ""
    reason: str = ""
    components: tuple[str, ...] = ()
    stage: Stage = Stage.INVESTIGATING
    approvals: int = 1
    approved_by: tuple[str, ...] = ()

    def text(self, locale: str) -> DraftText:
        """The text in the reader's language, else in English."""
        return self.texts.get(locale) or self.texts["en"]


@dataclass(frozen=True, slots=True)
class Redrafted:
    """The draft after a wish, what that came to, and the lines for the incident's record."""

    draft: Draft
    outcome: Drafted
    entries: tuple[TimelineEntry, ...] = ()

    @property
    def happened(self) -> bool:
        """True when the draft is not as it was."""
        return bool(self.entries)


def edit(draft: Draft, by: By, texts: Mapping[str, DraftText]) -> Redrafted:
    """Other words in place of those proposed; both languages stay, and whoever approved has to read it again."""
    refused = _refused(draft)
    if refused is not None:
        return Redrafted(draft, refused)
    merged = {locale: _bounded(text) for locale, text in {**draft.texts, **texts}.items()}
    if any(not text.title or not text.lines for text in merged.values()):
        return Redrafted(draft, Drafted.NEEDS_BOTH)
    return _changed(replace(draft, texts=merged, state=DraftState.EDITED, approved_by=()), Drafted.EDITED, by, "")


def approve(draft: Draft, by: By) -> Redrafted:
    """It goes out, in this person's name, once as many others as it needs have approved the same text."""
    refused = _refused(draft)
    if refused is not None:
        return Redrafted(draft, refused)
    if by.person in draft.approved_by:
        return Redrafted(draft, Drafted.NEEDS_ANOTHER)
    draft = replace(draft, approved_by=(*draft.approved_by, by.person))
    if len(draft.approved_by) < draft.approvals:
        return _changed(draft, Drafted.HALF_APPROVED, by, "")
    state = DraftState.APPROVED if draft.channel.is_posted else DraftState.SENT
    return _changed(replace(draft, state=state), Drafted.SENT, by, "")


def posted(draft: Draft) -> Draft:
    """What was approved is on the status page."""
    return replace(draft, state=DraftState.SENT)


def not_posted(draft: Draft, by: By, why: str) -> Redrafted:
    """The status page refused what was approved; that is told, and somebody has to post by hand."""
    refused = replace(draft, state=DraftState.REJECTED, reason=why)
    return _changed(refused, Drafted.NOT_POSTED, by, why)


def reject(draft: Draft, by: By, reason: str) -> Redrafted:
    """It does not go out, and the reason stays on the record."""
    refused = _refused(draft)
    if refused is not None:
        return Redrafted(draft, refused)
    kept = noted_text(reason)
    if not kept:
        return Redrafted(draft, Drafted.NEEDS_REASON)
    return _changed(replace(draft, state=DraftState.REJECTED, reason=kept), Drafted.REJECTED, by, kept)


def withdraw(draft: Draft, by: By) -> Redrafted:
    """What it says came to an end before anybody approved it."""
    if not draft.state.is_open:
        return Redrafted(draft, Drafted.ALREADY_OVER)
    return _changed(replace(draft, state=DraftState.WITHDRAWN), Drafted.WITHDRAWN, by, "")


def _refused(draft: Draft) -> Drafted | None:
    if draft.state.is_open:
        return None
    gone = draft.state in {DraftState.APPROVED, DraftState.SENT}
    return Drafted.ALREADY_SENT if gone else Drafted.ALREADY_OVER


def _changed(draft: Draft, outcome: Drafted, by: By, detail: str) -> Redrafted:
    said = f"{draft.id}, {draft.channel} to {draft.audience}" + (f": {detail}" if detail else "")
    entry = TimelineEntry(by.now, "draft", outcome, by.person, said)
    return Redrafted(replace(draft, changed_at=by.now, changed_by=by.person), outcome, (entry,))


def _bounded(text: DraftText) -> DraftText:
    """Words that a person gave, within limits and without empty paragraphs."""
    lines = tuple(line.strip() for line in text.lines if line.strip())
    whole = bounded("\n".join(lines), LONGEST_TEXT)
    return DraftText(bounded(text.title.strip(), LONGEST_TITLE), tuple(whole.split("\n")) if whole else ())
