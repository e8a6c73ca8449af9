"""What `soukmon init` is told: each answer as it is written into the configuration, or a refusal that teaches."""

import re
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import click
import msgspec
import phonenumbers

from shared.config.placeholders import is_demo, is_placeholder
from shared.config.suggesting import nearest
from shared.config.wire import HOW_TO_WRITE, Email, Sender, SlackChannel, SlackUser

HOME = "EG"  # a number without country code is of this country (the mission's marketplace)
MOBILE = frozenset({phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE})
LANGUAGES = ("en", "ar")
PERSON = "NAME, E-MAIL, PHONE, LANGUAGE[, SLACK MEMBER]"
SHORTEST, LONGEST = 4, 5  # the parts of a person
# cloud.google.com/resource-manager/docs/creating-managing-projects: 6 to 30 letters, digits, hyphens; a letter first.
_PROJECT = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]")
_IN_A_LINK = re.compile(r"/([CG][A-Z0-9]{2,})(?:$|[/?#])")


def name(text: str) -> str:
    """A name in any script, on one line."""
    told = " ".join(text.split())
    if not told:
        raise click.BadParameter("a name is missing; write for example Nour Hassan, or نور حسن")
    if set(told) & set("<>@"):
        raise click.BadParameter(f"{told!r} is no name; write for example Nour Hassan, without an address")
    return _real(told, "write the real name")


def e_mail(text: str) -> str:
    """An address of e-mail."""
    return _real(_fits(text, Email, "an address such as nour@souk.eg"), "write the real address")


def sender(text: str) -> str:
    """The address that mails come from."""
    return _real(_fits(text, Sender, HOW_TO_WRITE_SENDER), "write the address your mail server may send from")


def phone(text: str) -> str:
    """A telephone number as E.164; one without country code is Egyptian. It has to be a mobile that exists."""
    number = _number(text)
    if phonenumbers.number_type(number) not in MOBILE:
        raise click.BadParameter(f"{text.strip()} is a landline and gets no texts; write a mobile: +201001234567")
    return _real(_e164(number), "write the real number")


def any_phone(text: str) -> str:
    """A telephone number as E.164, landlines too."""
    return _real(_e164(_number(text)), "write the real number")


def language(text: str) -> str:
    """The language of somebody's messages."""
    told = text.strip().lower()
    if told not in LANGUAGES:
        raise click.BadParameter(f"{told!r} is no language of ours; write en (English) or ar (Arabic)")
    return told


def slack_channel(text: str) -> str:
    """A channel's id, also out of the link that Slack's "Copy link" gives."""
    link = _IN_A_LINK.search(text.strip())
    told = link[1] if link else text.strip()
    if told.startswith("#"):
        raise click.BadParameter(
            f"{told} is a name, and names change; write its id such as C012AB3CD (channel > About > Channel ID)"
        )
    return _real(_fits(told, SlackChannel, "the channel's id such as C012AB3CD, or its link (channel > Copy link)"),
                 "write the id of a channel of your own")  # fmt: skip


def slack_user(text: str) -> str:
    """A member's id in Slack, or ""."""
    how = "a member id such as U012AB3CD (profile > More > Copy member ID), or nothing"
    return _real(_fits(text, SlackUser, how), "write the member id of the real person")


def address(text: str) -> str:
    """An address that can be fetched: https, with a host that the world can reach."""
    told = text.strip()
    parts = urlsplit(told)
    if parts.scheme != "https" or not parts.hostname or "." not in parts.hostname or " " in told:
        raise click.BadParameter(f"{told!r} is no address to fetch; write for example https://souk-el-syarat.com/")
    return _real(told, "write the address that customers use")


def time_zone(text: str) -> str:
    """A time zone of the IANA database."""
    told = text.strip()
    try:
        ZoneInfo(told)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = nearest(told, available_timezones())
        raise click.BadParameter(
            f"there is no time zone {told!r}; write {near or 'for example Africa/Cairo'}"
        ) from None
    return told


def project(text: str) -> str:
    """The id of a Google Cloud project, or ""."""
    told = text.strip()
    if told and not _PROJECT.fullmatch(told):
        raise click.BadParameter(
            f"{told!r} is no project id: 6 to 30 small letters, digits and hyphens, such as souk-staging"
        )
    return told


def person(text: str) -> dict[str, str]:
    """Somebody, from the parts of one line separated by commas; as a person of oncall.yaml."""
    parts = [part.strip() for part in re.split("[,،]", text)]
    if not SHORTEST <= len(parts) <= LONGEST:
        example = "Nour Hassan, nour@souk.eg, +201001234567, ar"
        raise click.BadParameter(f"{text!r} has {len(parts)} of the parts {PERSON}; write for example {example!r}")
    readers = {"name": name, "email": e_mail, "phone": phone, "locale": language, "slack_user": slack_user}
    return {field: read(part) for (field, read), part in zip(readers.items(), parts, strict=False)}


def _number(text: str) -> phonenumbers.PhoneNumber:
    try:
        number = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise click.BadParameter(
            f"{text.strip()!r} is not a telephone number that exists; write it with its country code: +201001234567"
        )
    return number


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


HOW_TO_WRITE_SENDER = next(how for how in HOW_TO_WRITE.values() if "Souk alerts" in how)


def _fits(text: str, shape: object, how: str) -> str:
    told = text.strip()
    try:
        return str(msgspec.convert(told, shape))
    except msgspec.ValidationError:
        raise click.BadParameter(f"{told!r} does not fit; write {how}") from None


def _real(told: str, fix: str) -> str:
    if is_placeholder(told) or is_demo(told):
        raise click.BadParameter(f"{told!r} is an example and reaches nobody; {fix}")
    return told
