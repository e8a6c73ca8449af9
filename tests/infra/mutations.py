"""Mistakes that people make in Terraform and in manifests, each in one place of the tree."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutation:
    """What is put in place of what, and in which file."""

    what: str
    file: str
    old: str
    new: str


FUNCTION = "infra/modules/function/main.tf"
MUTATIONS = (
    Mutation("argument misspelt", "infra/storage.tf", "location                    =", "locaton                     ="),
    Mutation("required argument missing", "infra/builds.tf", '  repository_id = "${local.prefix}-functions"\n', ""),
    Mutation("type misspelt", "infra/identities.tf", '"google_service_account" "push"', '"google_service_acount" "push"'),
    Mutation("nested argument misspelt", FUNCTION, "available_memory ", "availble_memory  "),
    Mutation("argument of the first generation", FUNCTION, "max_instance_request_concurrency", "max_concurrency"),
    Mutation("attribute that there is not", FUNCTION, "google_cloudfunctions2_function.this.name", "google_cloudfunctions2_function.this.nme"),
    Mutation("block written as an argument", FUNCTION, "    source {\n      storage_source {", "    source = {\n      storage_source = {"),
    Mutation("undeclared resource", "infra/firebase_alerts.tf", "google_service_account.eventarc.email", "google_service_account.eventrc.email"),
    Mutation("undeclared variable", "infra/schedule.tf", "var.region", "var.regin"),
    Mutation("required nested argument missing", "infra/firebase_alerts.tf", '    attribute = "type"\n', ""),
    Mutation(
        "required block missing", "infra/firebase_alerts.tf",
        "  destination {\n    cloud_run_service {\n      service = module.function[each.value.function].service\n      region  = var.region\n    }\n  }\n", "",
    ),
    Mutation("text for a number", "infra/topics.tf", "max_delivery_attempts = 30", 'max_delivery_attempts = "thirty"'),
    Mutation("zone misspelt", "functions/escalate_incidents/function.yaml", "Africa/Cairo", "Africa/Cario"),
    Mutation("cron of four fields", "functions/announce_oncall/function.yaml", "0 8 * * 0", "0 8 * *"),
    Mutation("time limit over the limit", "functions/handle_signal/function.yaml", "timeout_seconds: 60", "timeout_seconds: 900"),
    Mutation("half a CPU for eight requests", "functions/handle_signal/function.yaml", "cpu: 1", "cpu: 0.5"),
    Mutation("topic misspelt", "functions/send_notification/function.yaml", "topic: notifications", "topic: notificatons"),
    Mutation("choice that there is not", "infra/state.tf", '"FIRESTORE_NATIVE"', '"NATIVE"'),
    Mutation("file that is not there", "infra/warehouse.tf", "/layout.json", "/layouts.json"),
    Mutation("map under another name", "infra/watchers.tf", "labels       = { email_address", "label        = { email_address"),
    Mutation("account id too long", "infra/identities.tf", '"fn-${replace', '"function-identity-${replace'),
    Mutation("key that the object lacks", "infra/topics.tf", "each.value.topic]", "each.value.topics]"),
    Mutation("output that there is not", "infra/firebase_alerts.tf", "].service\n", "].servce\n"),
    Mutation("one of many without its key", "infra/log_sinks.tf", 'google_pubsub_topic.topic["log-sink"].id\n  role', "google_pubsub_topic.topic.id\n  role"),
    Mutation("role too wide", "functions/handle_signal/function.yaml", "roles/datastore.user", "roles/owner"),
    Mutation("role that was meant to help", FUNCTION, '"roles/pubsub.publisher"', '"roles/editor"'),
    Mutation("guard of the sink gone", "infra/log_sinks.tf", "    AND NOT (${local.own_exclusion})\n", ""),
    Mutation("exclusions of the sink gone", "infra/log_sinks.tf", "filter = local.own_exclusion", 'filter = "severity=DEBUG"'),
    Mutation("failing schedules of ours let in", "infra/log_sinks.tf", "resource.labels.job_id=~", "resource.labels.other=~"),
    Mutation("signed links in the log", "infra/log_sinks.tf", 'resource "google_logging_project_exclusion" "signed_links" {\n', 'resource "google_logging_project_exclusion" "signed_links" {\n  disabled = true\n'),
    Mutation("heartbeat of what runs on Mondays", "infra/watchers.tf", "^[*]\\\\S* [*] [*] [*] [*]$", "^[*]"),
    Mutation("topic that nobody writes", "functions/evaluate_touched_rules/function.yaml", "topic: touched-metrics", "topic: touched-things"),
    Mutation("everybody may call", "functions/handle_signal/function.yaml", "public: false", "public: true"),
    Mutation("everybody may call, past the manifest", "infra/functions.tf", "push = google_service_account.push.member", 'push = "allUsers"'),
    Mutation("status page that can be listed", "infra/status.tf", "roles/storage.legacyObjectReader", "roles/storage.objectViewer"),
    Mutation("everybody may read what is private", "infra/status.tf", 'bucket = google_storage_bucket.status.name\n  role   = "roles/storage.legacy', 'bucket = google_storage_bucket.objects.name\n  role   = "roles/storage.legacy'),
    Mutation("no dead letter", "infra/topics.tf", "  dead_letter_policy {\n    dead_letter_topic     = google_pubsub_topic.dead_letters.id\n", "  dead_letter_policy {\n"),
    Mutation("subscription that expires", "infra/topics.tf", 'ttl = "" # never', 'ttl = "2678400s" # never'),
    Mutation("watcher through our own functions", "infra/watchers.tf", "[google_monitoring_notification_channel.watcher_email.id]", "[google_monitoring_notification_channel.signals.id]"),
    Mutation("nothing is deleted", "infra/state.tf", "  index_config {}\n  ttl_config {}\n", "  index_config {}\n"),
    Mutation("production unprotected", "infra/warehouse.tf", "deletion_protection = local.is_production", "deletion_protection = false"),
    Mutation("token for another", "infra/topics.tf", "audience              = local.urls", "audience              = local.slugs"),
    Mutation("secret that only the cloud knows", "functions/receive_sms/function.yaml", "TWILIO_AUTH_TOKEN", "TWILIO_TOKEN"),
)  # fmt: skip
