"""What must be true of every environment, whatever Terraform's files look like: each policy names what breaks it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from cronsim import CronSim

from shared.adapters.indexes import INDEXES
from tests.infra.estate import Estate, Resource, dump, setting_names
from tests.infra.manifest_checks import OUTSIDE_PRODUCERS

Policy = Callable[[Estate], Iterator[str]]
POLICIES: dict[str, Policy] = {}

EVERYBODY = {"allUsers", "allAuthenticatedUsers"}
ON_THE_PROJECT = {
    "roles/bigquery.jobUser", "roles/datastore.backupsViewer", "roles/datastore.user", "roles/firebasecloudmessaging.admin", "roles/monitoring.viewer",
}  # fmt: skip
NAMES_OF_BACKUPS = "roles/datastore.backupsViewer"  # backups are beside databases, and a condition cannot name them
# Our own roles: the name in the manifests, and the end of the name in the project.
OUR_OWN = {f"custom/{name}": f"roles/soukmon_{name}" for name in ("containment", "health", "review")}
AGENT = "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
# What a function is given beside its manifest's roles, by the grant's name.
BESIDE = {
    "publishes": "roles/pubsub.publisher",
    "reads": "roles/secretmanager.secretAccessor",
    "source": "roles/bigquery.dataViewer",
    "invoker": "roles/run.invoker",
}
WEEK, MONTH = "604800s", "2678400s"
DAY = 24 * 3600
YEARS = 5 * 365 * DAY
CREATE_AND_READ = {"roles/storage.objectCreator", "roles/storage.objectViewer"}


def policy(function: Policy) -> Policy:
    """Its name, read as a sentence, is the policy."""
    POLICIES[function.__name__] = function
    return function


def _grants(found: Estate) -> Iterator[Resource]:
    yield from (one for one in found.resources if one.kind.endswith("_iam_member"))


@policy
def no_role_is_wider_than_it_needs_to_be(found: Estate) -> Iterator[str]:
    for grant in _grants(found):
        if re.search(r"roles/(owner|editor|viewer)$|[aA]dmin$", grant.values["role"]) and not _is_for_pushes(grant):
            yield f"{grant.address}: {grant.values['role']}"
        if grant.function and grant.values["role"] != BESIDE.get(grant.name, grant.values["role"]):
            yield f"{grant.address}: {grant.values['role']}"
    for grant in found.of("google_project_iam_member"):
        role, condition = grant.values["role"], grant.block("condition").get("expression") or ""
        if grant.function and role not in ON_THE_PROJECT and grant.name not in {"custom", "logs"}:
            yield f"{grant.address}: {role} on the whole project"
        if (
            role != NAMES_OF_BACKUPS
            and role.startswith(("roles/datastore.", "roles/storage.", "roles/logging.view"))
            and "resource.name" not in condition
        ):
            yield f"{grant.address}: {role} without a condition on what"


def _is_for_pushes(grant: Resource) -> bool:
    return bool(grant.function) and grant.values["role"] == "roles/firebasecloudmessaging.admin"


@policy
def each_function_may_exactly_what_its_manifest_says(found: Estate) -> Iterator[str]:
    kinds = ("project", "database", "warehouse", "objects", "custom", "logs")
    given = Counter((g.function, g.values["role"]) for g in _grants(found) if g.function and g.name in kinds)
    own = {name: f"projects/{found.project}/{role}" for name, role in OUR_OWN.items()}
    wanted = Counter(
        (name, own.get(role, role))
        for name, m in found.manifests.items()
        for role in m["roles"]
        if role != "roles/run.invoker"
    )
    yield from (f"{name}: {role}" for name, role in (given - wanted) + (wanted - given))
    for grant in _grants(found):
        if grant.function and grant.name != "invoker" and grant.values["member"] != found.account(grant.function):
            yield f"{grant.address}: for {grant.values['member']}"


@policy
def public_is_what_the_manifest_says_and_nothing_else(found: Estate) -> Iterator[str]:
    public = {g.function for g in _grants(found) if g.values["member"] in EVERYBODY and g.name == "invoker"}
    wanted = {name for name, manifest in found.manifests.items() if manifest["public"]}
    yield from (f"{name} is public" for name in public - wanted)
    yield from (f"{name} is not public" for name in wanted - public)
    beside = [
        g for g in _grants(found) if g.values["member"] in EVERYBODY and g.name not in {"invoker", "status_public"}
    ]
    yield from (g.address for g in beside)
    for grant in found.of("google_storage_bucket_iam_member", name="status_public"):
        if not grant.values["bucket"].endswith("-status") or "legacyObjectReader" not in grant.values["role"]:
            yield f"{grant.address}: more than reading the files of the status page"


@policy
def each_function_is_called_by_its_own_kind_of_caller(found: Estate) -> Iterator[str]:
    again = {found.account(n) for n, m in found.manifests.items() if "roles/run.invoker" in m["roles"]}
    kinds = {
        "pubsub": {found.own("soukmon-push")} | again,
        "schedule": {found.own("soukmon-scheduler")},
        "firebase_alert": {found.own("soukmon-eventarc")} | again,
    }
    for name, manifest in found.manifests.items():
        callers = {g.values["member"] for g in _grants(found) if g.function == name and g.name == "invoker"}
        kind = manifest["trigger"]["type"]
        if kind in kinds and callers != kinds[kind]:
            yield f"{name} is called by {sorted(callers)}"


@policy
def every_topic_has_a_producer_and_a_consumer(found: Estate) -> Iterator[str]:
    produced = {topic for manifest in found.manifests.values() for topic in manifest["publishes"]} | OUTSIDE_PRODUCERS
    consumed = {one.values["topic"] for one in found.of("google_pubsub_subscription")}
    for topic in found.of("google_pubsub_topic"):
        name = topic.values["name"].removeprefix("soukmon-")
        if topic.values["id"] not in consumed:
            yield f"{name} is read by nobody"
        if name not in produced | {"dead-letters"}:
            yield f"{name} is written by nobody"


@policy
def each_function_publishes_where_its_manifest_says(found: Estate) -> Iterator[str]:
    given = {(g.function, g.values["topic"]) for g in found.of("google_pubsub_topic_iam_member", name="publishes")}
    wanted = {(name, found.topic(topic)) for name, m in found.manifests.items() for topic in m["publishes"]}
    yield from (f"{name} to {topic}" for name, topic in given ^ wanted)


@policy
def who_writes_from_outside_may(found: Estate) -> Iterator[str]:
    given = {
        (g.values["topic"], g.values["member"].split("@")[-1])
        for g in found.of("google_pubsub_topic_iam_member")
        if not g.function
    }
    sink = next(found.of("google_logging_project_sink", name="signals")).values["writer_identity"]
    wanted = {
        (found.topic("log-sink"), sink.split("@")[-1]),
        (found.topic("monitoring-incidents"), "gcp-sa-monitoring-notification.iam.gserviceaccount.com"),
        (found.topic("budgets"), "system.gserviceaccount.com"),
        (found.topic("dead-letters"), "gcp-sa-pubsub.iam.gserviceaccount.com"),
    }
    yield from (f"{member} on {topic}" for topic, member in given ^ wanted)


@policy
def every_delivery_is_retried_and_never_lost(found: Estate) -> Iterator[str]:
    for one in found.of("google_pubsub_subscription", name="push"):
        dead, retry = one.block("dead_letter_policy"), one.block("retry_policy")
        if not (dead.get("dead_letter_topic") or "").endswith("soukmon-dead-letters"):
            yield f"{one.address}: no dead letter"
        if not 5 <= (dead.get("max_delivery_attempts") or 0) <= 100:
            yield f"{one.address}: attempts"
        if not retry.get("minimum_backoff") or not retry.get("maximum_backoff"):
            yield f"{one.address}: no retry policy"
        if one.values["message_retention_duration"] != WEEK:
            yield f"{one.address}: keeps its messages for {one.values['message_retention_duration']}"
        if one.values["expiration_policy"] != [{"ttl": ""}]:
            yield f"{one.address}: expires when it is quiet"


@policy
def every_push_goes_to_its_function_with_a_token_for_it(found: Estate) -> Iterator[str]:
    expected = Counter()
    for name, manifest in found.manifests.items():
        trigger = manifest["trigger"]
        for topic in [trigger["topic"], *trigger.get("also", [])] if trigger["type"] == "pubsub" else []:
            expected[found.topic(topic), f"{found.url(name)}/{found.topic(topic)}", found.url(name)] += 1
    given = Counter()
    for one in found.of("google_pubsub_subscription", name="push"):
        push = one.block("push_config")
        token = next(iter(push.get("oidc_token") or [{}]))
        given[one.values["topic"], push.get("push_endpoint"), token.get("audience")] += 1
        if f"serviceAccount:{token.get('service_account_email')}" != found.own("soukmon-push"):
            yield f"{one.address}: no token of ours"
    yield from (f"{endpoint}" for _, endpoint, _ in (given - expected) + (expected - given))


@policy
def a_push_waits_for_its_function(found: Estate) -> Iterator[str]:
    for one in found.of("google_pubsub_subscription", name="push"):
        name = next(
            n for n in found.manifests if one.block("push_config")["push_endpoint"].startswith(found.url(n) + "/")
        )
        if one.values["ack_deadline_seconds"] < min(600, found.manifests[name]["timeout_seconds"]):
            yield f"{one.address}: sent again while it is still being handled"


@policy
def dead_letters_can_be_written_and_are_kept(found: Estate) -> Iterator[str]:
    kept = [one for one in found.of("google_pubsub_subscription") if one.values["topic"] == found.topic("dead-letters")]
    if [one.values["message_retention_duration"] for one in kept] != [MONTH] or kept[0].values["push_config"]:
        yield "nothing keeps the dead letters for a month"
    acks = {
        g.values["subscription"]
        for g in found.of("google_pubsub_subscription_iam_member")
        if g.values["member"] == AGENT
    }
    yield from (
        one.address for one in found.of("google_pubsub_subscription", name="push") if one.values["id"] not in acks
    )


@policy
def no_log_line_of_ours_comes_back_as_an_alert(found: Estate) -> Iterator[str]:
    ours = 'resource.labels.service_name=~"^soukmon-"'
    for sink in found.of("google_logging_project_sink"):
        exclusions = " ".join(one["filter"] for one in sink.values["exclusions"])
        if not re.search(rf"NOT \(?{re.escape(ours)}", sink.values["filter"]):
            yield f"{sink.address}: the filter lets our services in"
        if ours not in exclusions:
            yield f"{sink.address}: the exclusions let our services in"
        if sink.name == "signals" and (
            'jsonPayload.origin="soukmon"' not in exclusions or "principalEmail" not in exclusions
        ):
            yield f"{sink.address}: the exclusions let our lines or accounts in"
        if sink.name == "signals" and 'resource.labels.job_id=~"^soukmon-"' not in exclusions:
            yield f"{sink.address}: the exclusions let our failing schedules in"
    for function in found.of("google_cloudfunctions2_function"):
        variables = function.block("service_config")["environment_variables"]
        if not function.values["name"].startswith(variables.get("SOUKMON_OWN_SERVICES") or "\0"):
            yield f"{function.address}: the code does not know it for ours"


@policy
def only_trouble_passes_through_functions(found: Estate) -> Iterator[str]:
    for sink in found.of("google_logging_project_sink"):
        to_functions = sink.values["destination"].startswith("pubsub.")
        if to_functions and "severity>=ERROR" not in sink.values["filter"]:
            yield f"{sink.address}: every log line becomes a call"
        if to_functions == ("run.googleapis.com/requests" in sink.values["filter"]):
            yield f"{sink.address}: request logs go to the wrong place"
        if not to_functions and not sink.block("bigquery_options").get("use_partitioned_tables"):
            yield f"{sink.address}: the tables are not partitioned"
        if not sink.values["unique_writer_identity"]:
            yield f"{sink.address}: shares its writer"


@policy
def every_secret_is_read_by_exactly_its_users(found: Estate) -> Iterator[str]:
    given = Counter(
        (g.function, g.values["secret_id"].rsplit("/")[-1])
        for g in found.of("google_secret_manager_secret_iam_member")
        if g.values["role"] == "roles/secretmanager.secretAccessor"
    )
    wanted = Counter((name, secret) for name, m in found.manifests.items() for secret in m["secrets"])
    yield from (f"{name} reads {secret}" for name, secret in (given - wanted) + (wanted - given))
    mounted = Counter(
        (function.function, item["key"])
        for function in found.of("google_cloudfunctions2_function")
        for item in function.block("service_config")["secret_environment_variables"]
        if item["secret"] == item["key"] and item["version"].isdigit()
    )
    yield from (f"{name} mounts {secret}" for name, secret in (mounted - wanted) + (wanted - mounted))


@policy
def no_secret_is_in_the_state(found: Estate) -> Iterator[str]:
    yield from (one.address for one in found.of("google_secret_manager_secret_version", "google_service_account_key"))
    for function in found.of("google_cloudfunctions2_function"):
        plain = set(function.block("service_config")["environment_variables"])
        yield from (f"{function.address}: {name}" for name in plain & setting_names(secret=True))
    if re.search(r"secret_data|private_key|BEGIN [A-Z ]*PRIVATE", dump(found)):
        yield "a key or the value of a secret"


@policy
def every_function_is_as_its_manifest_says(found: Estate) -> Iterator[str]:
    made = {function.function: function for function in found.of("google_cloudfunctions2_function")}
    yield from (f"{name}: no such function, or no folder" for name in set(made) ^ set(found.manifests))
    for name in set(made) & set(found.manifests):
        manifest, service, build = (
            found.manifests[name],
            made[name].block("service_config"),
            made[name].block("build_config"),
        )
        said = {
            "available_memory": manifest["memory"],
            "available_cpu": str(manifest["cpu"]),
            "timeout_seconds": manifest["timeout_seconds"],
            "max_instance_request_concurrency": manifest["concurrency"],
            "min_instance_count": manifest["min_instances"],
        }
        yield from (f"{name}: {key} {service[key]}" for key, value in said.items() if service[key] != value)
        if (
            build["entry_point"] != name
            or build["source"][0]["storage_source"][0]["object"] != f"{name}/{'0123456789abcdef' * 4}.zip"
        ):
            yield f"{name}: another package or entry point"
        if service["environment_variables"]["THREADS"] != str(manifest["concurrency"]):
            yield f"{name}: requests queue inside the instance"
        if f"serviceAccount:{service['service_account_email']}" != found.account(name):
            yield f"{name}: runs as {service['service_account_email']}"


@policy
def every_variable_is_one_that_the_code_reads(found: Estate) -> Iterator[str]:
    for function in found.of("google_cloudfunctions2_function"):
        service = function.block("service_config")
        given = set(service["environment_variables"]) | {
            item["key"] for item in service["secret_environment_variables"]
        }
        yield from (f"{function.address}: {name}" for name in given - setting_names() - {"THREADS"})
        if service["environment_variables"]["SOUKMON_ENGINE"] != "google":
            yield f"{function.address}: the wrong engine"


@policy
def who_is_pushed_to_checks_the_token(found: Estate) -> Iterator[str]:
    for function in found.of("google_cloudfunctions2_function"):
        variables = function.block("service_config")["environment_variables"]
        audience, accounts = (
            variables.get("SOUKMON_PUSH_AUDIENCE"),
            variables.get("SOUKMON_PUSH_ACCOUNT", "").split(","),
        )
        if found.manifests[function.function]["trigger"]["type"] == "pubsub":
            if (
                audience != found.url(function.function)
                or f"soukmon-push@{found.project}.iam.gserviceaccount.com" not in accounts
            ):
                yield f"{function.address}: {audience}"
        elif audience:
            yield f"{function.address}: its callers' tokens are made out to others"


@policy
def what_ends_is_deleted_and_bodies_are_not_indexed(found: Estate) -> Iterator[str]:
    fields = {(one.values["collection"], one.values["field"]): one for one in found.of("google_firestore_field")}
    for collection in INDEXES:
        ends, body = fields.get((collection, "expires_at")), fields.get((collection, "json"))
        if not ends or not ends.values["ttl_config"]:
            yield f"{collection}: nothing is ever deleted"
        if not body or body.values["index_config"] != [{"indexes": []}]:
            yield f"{collection}: the body is indexed"


@policy
def every_query_has_its_index_in_both_directions(found: Estate) -> Iterator[str]:
    made = {
        (one.values["collection"], tuple((f["field_path"], f["order"]) for f in one.values["fields"]))
        for one in found.of("google_firestore_index")
    }
    wanted = {
        (collection, (*((name, "ASCENDING") for name in fields[:-1]), (fields[-1], direction)))
        for collection, listed in INDEXES.items()
        for fields in listed
        if len(fields) > 1
        for direction in ("ASCENDING", "DESCENDING")
    }
    yield from (f"{collection}: {fields}" for collection, fields in made ^ wanted)


@policy
def stores_are_protected_and_backed_up(found: Estate) -> Iterator[str]:
    for database in found.of("google_firestore_database"):
        if database.values["name"] == "(default)":
            yield "the database of the marketplace itself"
        if database.values["point_in_time_recovery_enablement"] != "POINT_IN_TIME_RECOVERY_ENABLED":
            yield "no way back to a point in time"
        if found.is_production != (database.values["delete_protection_state"] == "DELETE_PROTECTION_ENABLED"):
            yield "the database can be deleted in production, or never in staging"
    if not any(one.values["daily_recurrence"] for one in found.of("google_firestore_backup_schedule")):
        yield "no daily backup"
    for table in found.of("google_bigquery_table", name="table"):
        if table.values["deletion_protection"] != found.is_production:
            yield f"{table.address}: deletion protection"
    yield from (one.address for one in found.of("google_bigquery_dataset") if one.values["delete_contents_on_destroy"])


@policy
def buckets_are_private(found: Estate) -> Iterator[str]:
    for bucket in found.of("google_storage_bucket"):
        kept = "inherited" if bucket.name == "status" else "enforced"  # the status page is there to be read
        if bucket.values["public_access_prevention"] != kept or not bucket.values["uniform_bucket_level_access"]:
            yield bucket.address
        if bucket.values["force_destroy"]:
            yield f"{bucket.address}: can be destroyed with what is in it"


@policy
def seals_are_kept_for_years_and_nobody_of_ours_can_take_them_away(found: Estate) -> Iterator[str]:
    for bucket in found.of("google_storage_bucket", name="seals"):
        if (
            int(bucket.block("retention_policy").get("retention_period") or 0) < YEARS
            or bucket.values["lifecycle_rule"]
        ):
            yield f"{bucket.address}: forgets"
        for grant in found.of("google_storage_bucket_iam_member"):
            if grant.values["bucket"] == bucket.values["name"] and grant.values["role"] not in CREATE_AND_READ:
                yield f"{grant.address}: {grant.values['role']}"
            if grant.function == "seal_records" and grant.values["bucket"] != bucket.values["name"]:
                yield f"{grant.address}: {grant.values['bucket']}"


@policy
def nobody_can_take_a_backup_away(found: Estate) -> Iterator[str]:
    for bucket in found.of("google_storage_bucket", name="backups"):
        if int(bucket.block("retention_policy").get("retention_period") or 0) < 30 * DAY:
            yield f"{bucket.address}: can be emptied"
        for rule in bucket.values["lifecycle_rule"]:
            if not rule["condition"][0].get("matches_prefix") or int(rule["condition"][0]["age"]) < 30:
                yield f"{bucket.address}: forgets what is kept nowhere else"
        for grant in found.of("google_storage_bucket_iam_member"):
            if grant.values["bucket"] == bucket.values["name"] and (
                grant.function != "verify_backups" or grant.values["role"] not in CREATE_AND_READ
            ):
                yield f"{grant.address}: {grant.values['role']} on the backups"


@policy
def every_alert_type_has_its_global_trigger(found: Estate) -> Iterator[str]:
    given = Counter()
    for trigger in found.of("google_eventarc_trigger"):
        criteria = {item["attribute"]: item["value"] for item in trigger.values["matching_criteria"]}
        destination = trigger.block("destination")["cloud_run_service"][0]["service"]
        given[criteria.get("alerttype"), destination] += 1
        if trigger.values["location"] != "global":
            yield f"{trigger.address}: in {trigger.values['location']}"
        if f"serviceAccount:{trigger.values['service_account']}" != found.own("soukmon-eventarc"):
            yield f"{trigger.address}: delivers as {trigger.values['service_account']}"
    wanted = Counter(
        (kind, f"soukmon-{name.replace('_', '-')}")
        for name, manifest in found.manifests.items()
        for kind in manifest["trigger"].get("alert_types", [])
    )
    yield from (f"{kind}" for kind, _ in (given - wanted) + (wanted - given))


@policy
def every_schedule_is_as_its_manifest_says_and_safe_when_clocks_change(found: Estate) -> Iterator[str]:
    jobs = {job.values["name"]: job.values for job in found.of("google_cloud_scheduler_job")}
    for name, manifest in found.manifests.items():
        if manifest["trigger"]["type"] != "schedule":
            continue
        job = jobs.pop(f"soukmon-{name.replace('_', '-')}", None)
        if job is None or (job["schedule"], job["time_zone"]) != (manifest["trigger"]["cron"], "Africa/Cairo"):
            yield f"{name}: its schedule"
            continue
        target = job["http_target"][0]
        token = next(iter(target["oidc_token"] or [{}]))
        if target["uri"] != found.url(name) or token.get("audience") != found.url(name):
            yield f"{name}: another address"
        if not 1 <= job["retry_config"][0]["retry_count"] <= 5:
            yield f"{name}: is not tried again"
        if _is_in_the_gap(manifest["trigger"]["cron"]):
            yield f"{name}: runs between 23:00 and 01:00, where an hour is missing or comes twice"
    yield from jobs


def _is_in_the_gap(cron: str) -> bool:
    """Whether something that runs less than once an hour runs in the hours that clock changes touch."""
    runs, start = CronSim(cron, datetime(2026, 1, 1, tzinfo=ZoneInfo("Africa/Cairo"))), datetime(2026, 1, 1, tzinfo=UTC)
    times = [next(runs) for _ in range(60)]
    often = times[1] - times[0] <= timedelta(hours=1)
    return not often and any(at.hour in {23, 0} for at in times) and start < times[-1]


@policy
def the_watcher_does_not_pass_through_our_functions(found: Estate) -> Iterator[str]:
    channels = {one.values["id"]: one.values["type"] for one in found.of("google_monitoring_notification_channel")}
    seen = set()
    for watched in found.of("google_monitoring_alert_policy"):
        if watched.name == "uptime":
            continue
        kinds = {channels.get(channel, "unknown") for channel in watched.values["notification_channels"]}
        if not kinds or not kinds <= {"email", "sms"}:
            yield f"{watched.address}: tells {sorted(kinds) or 'nobody'}"
        if watched.values.get("enabled") is False:
            yield f"{watched.address}: is switched off"
        seen |= {kind for kind in _WATCHED if re.search(_WATCHED[kind], str(watched.values["conditions"]))}
    yield from (f"nobody watches {kind}" for kind in _WATCHED.keys() - seen)


_WATCHED = {
    "silence of the tick": r"condition_absent': \[\{.*soukmon-escalate-incidents.*2xx",
    "silence of the evaluation": r"condition_absent': \[\{.*soukmon-evaluate-rules.*2xx",
    "failing functions": r"run\.googleapis\.com/request_count.*starts_with\(\"soukmon-\"\).*5xx",
    "dead letters": r"subscription_id=\"soukmon-dead-letters\".*num_undelivered_messages",
    "messages that wait": r"oldest_unacked_message_age",
    "the last resort": r"condition_matched_log': \[\{.*severity>=CRITICAL",
    "sinks that cannot write": r"exports/error_count",
}


@policy
def silence_is_noticed_within_minutes(found: Estate) -> Iterator[str]:
    for watched in found.of("google_monitoring_alert_policy", name="heartbeat"):
        absent = watched.block("conditions")["condition_absent"][0]
        if int(absent["duration"].removesuffix("s")) > (600 if "escalate" in absent["filter"] else 3600):
            yield f"{watched.address}: {absent['duration']}"


@policy
def a_heartbeat_is_expected_only_of_what_runs_all_week(found: Estate) -> Iterator[str]:
    crons = {f"soukmon-{name.replace('_', '-')}": m["trigger"].get("cron") for name, m in found.manifests.items()}
    for watched in found.of("google_monitoring_alert_policy", name="heartbeat"):
        absent = watched.block("conditions")["condition_absent"][0]
        service = re.search(r'service_name="([\w-]+)"', absent["filter"])
        pause = _longest_pause(crons[service[1]]) if service else timedelta.max
        if pause > timedelta(seconds=int(absent["duration"].removesuffix("s"))):
            yield f"{watched.address}: is silent for {pause} when all is well"


def _longest_pause(cron: str) -> timedelta:
    """The longest time between two runs within a week."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    times = [start]
    for at in CronSim(cron, start):
        times.append(min(at, start + timedelta(days=7)))
        if at != times[-1]:
            break
    return max(later - earlier for earlier, later in pairwise(times))


@policy
def no_signed_link_stays_in_the_request_log(found: Estate) -> Iterator[str]:
    linked = {n for n, m in found.manifests.items() if m["public"] and "SOUKMON_LINK_KEYS" in m["secrets"]}
    linked.add("manage_subscriptions")  # its links are secrets by being unguessable, not by a signature
    dropped = [
        match[1]
        for one in found.of("google_logging_project_exclusion")
        if not one.values["disabled"] and 'log_id("run.googleapis.com/requests")' in one.values["filter"]
        if (match := re.search(r'service_name=~"(.+)"$', one.values["filter"]))
    ]
    for name in found.manifests:
        is_dropped = any(re.search(pattern, f"soukmon-{name.replace('_', '-')}") for pattern in dropped)
        if is_dropped != (name in linked):
            yield f"{name}: {'nobody can see its requests' if is_dropped else 'its links can be read and used'}"


@policy
def what_the_site_does_becomes_a_signal(found: Estate) -> Iterator[str]:
    channels = {one.values["id"]: one.values for one in found.of("google_monitoring_notification_channel")}
    checks = list(found.of("google_monitoring_uptime_check_config"))
    policies = list(found.of("google_monitoring_alert_policy", name="uptime"))
    if not checks or len(checks) != len(policies):
        yield "an uptime check that tells nobody"
    for watched in policies:
        told = [channels.get(channel, {}) for channel in watched.values["notification_channels"]]
        if [one.get("labels", {}).get("topic") for one in told] != [found.topic("monitoring-incidents")]:
            yield f"{watched.address}: is not told on our topic"
    for check in checks:
        if check.values["period"] != "60s" or not check.block("http_check")["validate_ssl"]:
            yield f"{check.address}: seldom, or without looking at the certificate"


@policy
def our_names_begin_with_soukmon(found: Estate) -> Iterator[str]:
    named = (
        "google_cloudfunctions2_function",
        "google_pubsub_topic",
        "google_pubsub_subscription",
        "google_logging_project_sink",
    )
    for one in found.of(*named):
        if not one.values["name"].startswith("soukmon-") and one.values["name"] != "cloud-builds":
            yield f"{one.address}: {one.values['name']}"


@policy
def who_asks_the_warehouse_may_read_what_it_asks_about(found: Estate) -> Iterator[str]:
    asking = {name for name, m in found.manifests.items() if "roles/bigquery.jobUser" in m["roles"]}
    views = " ".join(one.block("view")["query"] for one in found.of("google_bigquery_table", name="view"))
    sources = set(re.findall(rf"`{re.escape(found.project)}\.(\w+)\.", views)) - {"soukmon"}
    given = {
        (g.function, g.values["dataset_id"]) for g in found.of("google_bigquery_dataset_iam_member", name="source")
    }
    wanted = {(name, source) for name in asking for source in sources}
    yield from (f"{name} reads {source}" for name, source in given ^ wanted)
