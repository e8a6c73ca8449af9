"""The providers of the channels: each takes our credentials, and nothing is sent to anybody."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from infra.tools.doctor.outcomes import CheckError, Outcome, failed, fine, listed, warned
from infra.tools.doctor.site import Site
from infra.tools.estate import PLACEHOLDER
from shared.errors import DeliveryError
from shared.settings import Settings

Secret = Callable[[str], str]

# What each call of ours needs (docs.slack.dev/reference/scopes). Without the second a message whose answer was lost
# cannot be looked up, and is sent again, marked as a possible duplicate.
SENDS = frozenset({"chat:write"})
LOOKS_UP = frozenset({"channels:history", "groups:history"})
SECONDS = 10.0


def settings_of(site: Site, base: Settings) -> Settings:
    """The settings of the project's functions, as far as providers need them; secrets are asked for one by one."""
    named = {name: value for name, value in site.estate.senders.items() if PLACEHOLDER not in value}
    fields = ("twilio_from", "twilio_voice_from", "smtp_host", "smtp_port", "smtp_security")
    return replace(base, project=site.estate.project, **{name: named[name] for name in fields if name in named})


def slack(settings: Settings, secret: Secret) -> Outcome:
    """The token is taken, and may do what we do with it."""
    from slack_sdk.errors import SlackApiError, SlackClientError  # noqa: PLC0415 - each SDK with its own check

    from shared.adapters.slack import web_client  # noqa: PLC0415

    try:
        answer = web_client(secret("SLACK_BOT_TOKEN"), settings.slack_url, SECONDS).auth_test()
    except SlackApiError as error:
        return failed(
            f"Slack refuses the token: {error.response.get('error')}", "install the app again; add the new token"
        )
    except (SlackClientError, OSError) as error:
        raise CheckError(f"Slack could not be asked: {error}", "look at the network") from error
    granted = _scopes(answer.headers)
    if missing := SENDS - granted:
        return failed(f"the token lacks {listed(missing)}", "add the scopes under OAuth & Permissions, install again")
    if missing := LOOKS_UP - granted:
        return warned(f"the token lacks {listed(missing)}", "add them, or lost answers are sent again as duplicates")
    return fine(f"signed in to {answer.get('team')} as {answer.get('user')}")


def twilio(settings: Settings, secret: Secret) -> Outcome:
    """The account is active, and there is somebody to send as."""
    from shared.adapters.twilio_client import TwilioAccount, translated  # noqa: PLC0415

    sid, token = secret("TWILIO_ACCOUNT_SID"), secret("TWILIO_AUTH_TOKEN").split(",")[-1]
    try:
        with translated():
            client = TwilioAccount(sid, token, base_url=settings.twilio_url, timeout=SECONDS).client()
            account = client.api.v2010.accounts(sid).fetch()
    except DeliveryError as error:
        return failed(f"Twilio refuses the account: {error.code}", "compare TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN")
    if account.status != "active":
        return failed(f"the account is {account.status}", "look at the Twilio console: billing, or a suspension")
    if not settings.twilio_from:
        return failed("there is no sender", "set senders.twilio_from to a number, a sender name or a service")
    if account.type == "Trial":
        return warned("the account is a trial: it reaches verified numbers only", "upgrade it in the Twilio console")
    return fine("the account is active")


def smtp(settings: Settings, secret: Secret, *, sender: str) -> Outcome:
    """The server greets us, secures the line as set, and takes user and password."""
    from shared.adapters.smtp import SmtpEmail  # noqa: PLC0415

    if not settings.smtp_host:
        return failed("there is no mail server", "set senders.smtp_host")
    server = SmtpEmail(
        settings.smtp_host,
        int(settings.smtp_port),
        user=secret("SMTP_USER"),
        password=secret("SMTP_PASSWORD"),
        security=settings.smtp_security,
        sender=sender,
        timeout=SECONDS,
    )
    try:
        server.greet()
    except DeliveryError as error:
        return failed(
            f"{settings.smtp_host}:{settings.smtp_port}: {error}", "compare host, port, security, user, password"
        )
    return fine(f"{settings.smtp_host}:{settings.smtp_port} takes our login ({settings.smtp_security})")


def push(settings: Settings) -> Outcome:
    """Firebase Cloud Messaging knows the project and would take a message of ours; none is sent."""
    from shared.adapters.fcm import FcmPush  # noqa: PLC0415

    try:
        FcmPush(settings.project, base_url=settings.fcm_url, token=settings.fcm_token, timeout=SECONDS).rehearse()
    except DeliveryError as error:
        fix = "add Firebase to the project, and grant roles/firebasecloudmessaging.admin to whoever asks"
        return failed(f"Firebase Cloud Messaging: {error}", fix)
    return fine(f"Firebase Cloud Messaging takes messages for {settings.project}")


def providers(settings: Settings, secret: Secret, *, sender: str) -> Mapping[str, Callable[[], Outcome]]:
    """Each channel's check by its name."""
    return {
        "slack": partial(slack, settings, secret),
        "twilio": partial(twilio, settings, secret),
        "smtp": partial(smtp, settings, secret, sender=sender),
        "push": partial(push, settings),
    }


def _scopes(headers: Mapping[str, str]) -> frozenset[str]:
    """What Slack says of each token in a header of every answer."""
    told = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), "")
    return frozenset(scope.strip() for scope in told.split(",") if scope.strip())
