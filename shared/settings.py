"""What differs between one installation and another, read once from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache


def _variable(name: str, default: str = "", *, secret: bool = False) -> str:
    return field(default=default, metadata={"env": name}, repr=not secret)


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation. Empty addresses mean the provider's own; secrets arrive as mounted environment variables.

    `link_url` is the address of the acknowledge function, under which links are made (`public_url` + /a when empty);
    `chart_url` that of serve_chart, from which Slack fetches charts (`public_url` + /c when empty);
    `calendar_url` that of serve_calendar, to which calendars subscribe (`public_url` + /cal when empty);
    `functions_url` is where our own functions are called: `{name}` in it stands for a name with dashes, else the name
    follows it (`public_url` + /functions when empty).
    `engine` chooses state, bus, objects and warehouse together: "embedded" (SQLite, a folder and DuckDB under
    `state_dir`) or "google" (Firestore, Pub/Sub, Cloud Storage and BigQuery of `project`; topics are named
    `topic_prefix` + name, objects lie in `bucket`, the seals of the record in `seals_bucket`, which refuses to forget).
    `push_audience` makes event functions check the OIDC token of each push themselves, beside Cloud Run's own check;
    it must be of `push_account` (or of one of several, separated by commas), and `push_keys` names the file with the
    public keys (Google's own when empty).
    `twilio_token` may hold several, oldest first, while one is rotated: all verify, the last one sends.
    `twilio_voice_from` is the number that calls (`twilio_from` when empty: a name or a service cannot call).
    `fcm_url` and `fcm_token` replace Google's push service and our account's credentials there (the sandbox's), and
    `identity_keys` the address of the keys that sign the tokens of Firebase Authentication.
    `rollback_keys` sign the webhooks that roll back (several while one is rotated; the last signs); `rollback_url` and
    `rollback_token` replace all of their hosts and Google's build service (the sandbox's).
    `google_url` and `google_token` replace Google's management APIs (users, service accounts, log buckets) and our
    account's credentials there.
    `osv_url`, `pypi_url` and `github_url` replace api.osv.dev, pypi.org and api.github.com; `github_token` may propose
    updates in the repository of security.yaml. `releases_bucket` holds the packages of the functions (old ones are
    proposed for deletion), and `own_access` is what their manifests say about their access, as JSON.
    `unsubscribe_url` is the address of the unsubscribe function (`public_url` + /u when empty).
    `archive_bucket` keeps the archives of log rotation.
    `reports_bucket` archives reports, `reports_url` is the address of serve_report, under which links to them are made
    (`public_url` + /r when empty).
    `backups_bucket` keeps our own backups.
    `dashboard_url` is the address of serve_dashboard, where incidents are looked at (`public_url` when empty).
    `sign_in` says how its readers prove who they are: "iap" (Identity-Aware Proxy, whose tokens are for
    `iap_audience`), "firebase" (an ID token of the project becomes a cookie) or "local" (`sign_in_token`, which
    `soukmon up` prints). Anything else refuses everybody. `iap_keys` is the address of the proxy's public keys.
    `status_url` is where the public status page is read (`public_url` + /status when empty), `status_bucket` the public
    bucket it lies in, `subscriptions_url` the address of manage_subscriptions (`public_url` + /s when empty), and
    `place` names where our own probes look from. Others sign what they found with one of `probe_keys`.
    """

    engine: str = _variable("SOUKMON_ENGINE", "embedded")
    state_dir: str = _variable("SOUKMON_STATE", ".soukmon")
    database: str = _variable("SOUKMON_DATABASE", "(default)")
    bucket: str = _variable("SOUKMON_BUCKET")
    seals_bucket: str = _variable("SOUKMON_SEALS_BUCKET")
    reports_bucket: str = _variable("SOUKMON_REPORTS_BUCKET")
    backups_bucket: str = _variable("SOUKMON_BACKUPS_BUCKET")
    archive_bucket: str = _variable("SOUKMON_ARCHIVE_BUCKET")
    topic_prefix: str = _variable("SOUKMON_TOPIC_PREFIX", "soukmon-")
    config_dir: str = _variable("SOUKMON_CONFIG")
    project: str = _variable("GOOGLE_CLOUD_PROJECT", "souk-el-sayarat")
    public_url: str = _variable("SOUKMON_PUBLIC_URL", "http://127.0.0.1:8080")
    functions_url: str = _variable("SOUKMON_FUNCTIONS_URL")
    link_url: str = _variable("SOUKMON_LINK_URL")
    chart_url: str = _variable("SOUKMON_CHART_URL")
    calendar_url: str = _variable("SOUKMON_CALENDAR_URL")
    unsubscribe_url: str = _variable("SOUKMON_UNSUBSCRIBE_URL")
    reports_url: str = _variable("SOUKMON_REPORTS_URL")
    dashboard_url: str = _variable("SOUKMON_DASHBOARD_URL")
    sign_in: str = _variable("SOUKMON_SIGN_IN")
    sign_in_token: str = _variable("SOUKMON_SIGN_IN_TOKEN", secret=True)
    iap_audience: str = _variable("SOUKMON_IAP_AUDIENCE")
    iap_keys: str = _variable("SOUKMON_IAP_KEYS")
    status_url: str = _variable("SOUKMON_STATUS_URL")
    status_bucket: str = _variable("SOUKMON_STATUS_BUCKET")
    subscriptions_url: str = _variable("SOUKMON_SUBSCRIPTIONS_URL")
    place: str = _variable("SOUKMON_PLACE", "here")
    probe_keys: str = _variable("SOUKMON_PROBE_KEYS", secret=True)
    own_services: str = _variable("SOUKMON_OWN_SERVICES", "soukmon-")
    push_audience: str = _variable("SOUKMON_PUSH_AUDIENCE")
    push_account: str = _variable("SOUKMON_PUSH_ACCOUNT")
    push_keys: str = _variable("SOUKMON_PUSH_KEYS")
    measurement_keys: str = _variable("SOUKMON_MEASUREMENT_KEYS", secret=True)
    support_keys: str = _variable("SOUKMON_SUPPORT_KEYS", secret=True)
    link_keys: str = _variable("SOUKMON_LINK_KEYS", secret=True)
    slack_token: str = _variable("SLACK_BOT_TOKEN", secret=True)
    slack_signing_secret: str = _variable("SLACK_SIGNING_SECRET", secret=True)
    slack_url: str = _variable("SLACK_API_URL")
    twilio_account: str = _variable("TWILIO_ACCOUNT_SID", secret=True)
    twilio_token: str = _variable("TWILIO_AUTH_TOKEN", secret=True)
    twilio_from: str = _variable("TWILIO_FROM")
    twilio_voice_from: str = _variable("TWILIO_VOICE_FROM")
    twilio_url: str = _variable("TWILIO_API_URL")
    fcm_url: str = _variable("FCM_API_URL")
    fcm_token: str = _variable("FCM_API_TOKEN", secret=True)
    rollback_keys: str = _variable("SOUKMON_ROLLBACK_KEYS", secret=True)
    rollback_url: str = _variable("SOUKMON_ROLLBACK_URL")
    rollback_token: str = _variable("SOUKMON_ROLLBACK_TOKEN", secret=True)
    google_url: str = _variable("GOOGLE_APIS_URL")
    google_token: str = _variable("GOOGLE_APIS_TOKEN", secret=True)
    osv_url: str = _variable("OSV_API_URL")
    pypi_url: str = _variable("PYPI_URL")
    github_url: str = _variable("GITHUB_API_URL")
    github_token: str = _variable("SOUKMON_GITHUB_TOKEN", secret=True)
    releases_bucket: str = _variable("SOUKMON_RELEASES_BUCKET")
    own_access: str = _variable("SOUKMON_OWN_ACCESS")
    identity_keys: str = _variable("SOUKMON_IDENTITY_KEYS")
    smtp_host: str = _variable("SMTP_HOST")
    smtp_port: str = _variable("SMTP_PORT", "587")
    smtp_user: str = _variable("SMTP_USER", secret=True)
    smtp_password: str = _variable("SMTP_PASSWORD", secret=True)
    smtp_security: str = _variable("SMTP_SECURITY", "starttls")


def from_environment(environment: Mapping[str, str]) -> Settings:
    """The settings of an environment; unset variables keep their defaults."""
    given = {f.name: environment[f.metadata["env"]] for f in fields(Settings) if f.metadata["env"] in environment}
    return Settings(**given)


@lru_cache(maxsize=1)
def current() -> Settings:
    """The settings of this process."""
    return from_environment(os.environ)
