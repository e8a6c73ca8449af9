module "function" {
  source   = "./modules/function"
  for_each = local.manifests

  name     = each.key
  slug     = local.slugs[each.key]
  manifest = each.value
  account  = google_service_account.function[each.key]
  project  = var.project
  region   = var.region

  package = {
    bucket = local.releases
    object = "${each.key}/${var.release[each.key]}.zip"
  }
  build = {
    account    = google_service_account.build.name
    repository = google_artifact_registry_repository.functions.id
  }
  environment = merge(local.environment, local.checks_pushes[each.key], lookup(local.knows_all, each.key, {}))

  database        = google_firestore_database.state.name
  custom_roles    = { for role, id in local.own_roles : role => "projects/${var.project}/roles/${id}" }
  bucket          = lookup(local.buckets, each.key, google_storage_bucket.objects.name)
  dataset         = google_bigquery_dataset.warehouse.dataset_id
  source_datasets = local.source_datasets
  topics          = { for topic in each.value.publishes : topic => google_pubsub_topic.topic[topic].id }
  secrets = {
    for secret in each.value.secrets : secret => {
      id      = google_secret_manager_secret.secret[secret].id
      version = lookup(var.secret_versions, secret, "1")
    }
  }
  invokers = local.invokers[each.key]

  # The account that builds must be able to before the first build begins, and a dataset must be there to be granted on.
  depends_on = [
    google_project_service.api, google_project_iam_member.build, google_project_iam_member.build_sources,
    google_artifact_registry_repository_iam_member.build, google_bigquery_dataset.request_logs,
  ]
}

locals {
  releases = "${var.project}-${local.prefix}-releases" # made by bootstrap/, filled by the deployment before it applies

  # Roles of our own, made by bootstrap/: the manifests' name for each, and its id in the project.
  own_roles = {
    "custom/containment" = replace("${local.prefix}_containment", "-", "_")
    "custom/health"      = replace("${local.prefix}_health", "-", "_")
    "custom/review"      = replace("${local.prefix}_review", "-", "_")
  }
  # Whoever reviews access is told what the manifests declare, so that it is written once.
  knows_all = {
    audit_system = {
      SOUKMON_OWN_ACCESS = jsonencode({
        roles  = { for name, manifest in local.manifests : name => manifest.roles if length(manifest.roles) > 0 }
        public = [for name, manifest in local.manifests : local.slugs[name] if manifest.public || (name == "serve_dashboard" && var.sign_in.mode == "firebase")]
        custom = local.own_roles
      })
    }
  }

  # Functions whose rights are on another bucket than that of the objects.
  buckets = {
    rotate_logs     = google_storage_bucket.archive.name
    seal_records    = google_storage_bucket.seals.name
    send_report     = google_storage_bucket.reports.name
    serve_report    = google_storage_bucket.reports.name
    serve_dashboard = google_storage_bucket.reports.name
    verify_backups  = google_storage_bucket.backups.name
  }

  # The variables of shared/settings.py; secrets come from Secret Manager.
  environment = {
    SOUKMON_ENGINE            = "google"
    GOOGLE_CLOUD_PROJECT      = var.project
    SOUKMON_DATABASE          = google_firestore_database.state.name
    SOUKMON_BUCKET            = google_storage_bucket.objects.name
    SOUKMON_SEALS_BUCKET      = google_storage_bucket.seals.name
    SOUKMON_RELEASES_BUCKET   = local.releases
    SOUKMON_ARCHIVE_BUCKET    = google_storage_bucket.archive.name
    SOUKMON_REPORTS_BUCKET    = google_storage_bucket.reports.name
    SOUKMON_BACKUPS_BUCKET    = google_storage_bucket.backups.name
    SOUKMON_TOPIC_PREFIX      = "${local.prefix}-"
    SOUKMON_OWN_SERVICES      = "${local.prefix}-"
    SOUKMON_PUBLIC_URL        = var.public_url == "" ? local.urls["acknowledge"] : var.public_url
    SOUKMON_FUNCTIONS_URL     = "https://${local.prefix}-{name}-${data.google_project.this.number}.${var.region}.run.app"
    SOUKMON_LINK_URL          = local.urls["acknowledge"]
    SOUKMON_CHART_URL         = local.urls["serve_chart"]
    SOUKMON_CALENDAR_URL      = local.urls["serve_calendar"]
    SOUKMON_UNSUBSCRIBE_URL   = local.urls["unsubscribe"]
    SOUKMON_REPORTS_URL       = local.urls["serve_report"]
    SOUKMON_DASHBOARD_URL     = local.urls["serve_dashboard"]
    SOUKMON_SIGN_IN           = var.sign_in.mode
    SOUKMON_IAP_AUDIENCE      = var.sign_in.mode == "iap" ? coalesce(var.sign_in.iap_audience, local.proxied) : ""
    SOUKMON_STATUS_URL        = local.status_url
    SOUKMON_STATUS_BUCKET     = google_storage_bucket.status.name
    SOUKMON_SUBSCRIPTIONS_URL = local.urls["manage_subscriptions"]
    SOUKMON_PLACE             = var.region
    TWILIO_FROM               = var.senders.twilio_from
    TWILIO_VOICE_FROM         = var.senders.twilio_voice_from
    SMTP_HOST                 = var.senders.smtp_host
    SMTP_PORT                 = var.senders.smtp_port
    SMTP_SECURITY             = var.senders.smtp_security
  }
  # A function that is pushed to checks the token itself as well. Eventarc's tokens name an audience of its own choice.
  checks_pushes = {
    for name, manifest in local.manifests : name => manifest.trigger.type != "pubsub" ? {} : {
      SOUKMON_PUSH_AUDIENCE = local.urls[name]
      SOUKMON_PUSH_ACCOUNT  = join(",", concat([google_service_account.push.email], [for name in local.callers : google_service_account.function[name].email]))
    }
  }
  # Functions that call others: a dead letter is sent to its function again.
  callers = [for name, manifest in local.manifests : name if contains(manifest.roles, "roles/run.invoker")]
  # Each function is called by one account, that of its trigger; one that takes events by those that send them again as
  # well; a public one by everybody.
  invokers = {
    for name, manifest in local.manifests : name => {
      pubsub         = merge({ push = google_service_account.push.member }, local.again)
      schedule       = { scheduler = google_service_account.scheduler.member }
      firebase_alert = merge({ eventarc = google_service_account.eventarc.member }, local.again)
      http = merge(
        try(manifest.public, false) ? { everybody = "allUsers" } : {},
        name == "serve_dashboard" ? local.readers[var.sign_in.mode] : {},
        { for member in lookup(var.invokers, name, []) : member => member },
      )
    }[manifest.trigger.type]
  }
  # The pages are for people. Identity-Aware Proxy calls for those it let in, and nobody gets past it; with Firebase the
  # function itself is the only one that checks. While neither was chosen, nobody may call.
  readers = {
    ""       = {}
    iap      = { proxy = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-iap.iam.gserviceaccount.com" }
    firebase = { everybody = "allUsers" }
  }
  proxied = "/projects/${data.google_project.this.number}/locations/${var.region}/services/${local.slugs["serve_dashboard"]}"
  again   = { for name in local.callers : name => google_service_account.function[name].member }
}

# Whoever checks what runs, and whether there is a way back, reads the packages of the releases.
resource "google_storage_bucket_iam_member" "packages" {
  bucket = local.releases
  role   = "roles/storage.objectViewer"
  member = google_service_account.function["audit_system"].member
}

# The system audit verifies the record against its seals, and writes none.
resource "google_storage_bucket_iam_member" "audited_seals" {
  bucket = google_storage_bucket.seals.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.function["audit_system"].member
}

# Log rotation seals what is not sealed yet, and verifies what is.
resource "google_storage_bucket_iam_member" "rotation_seals" {
  for_each = toset(["roles/storage.objectCreator", "roles/storage.objectViewer"])
  bucket   = google_storage_bucket.seals.name
  role     = each.key
  member   = google_service_account.function["rotate_logs"].member
}

check "every_function_of_the_release_exists" {
  assert {
    condition     = length(setsubtract(keys(var.release), keys(local.manifests))) == 0
    error_message = "The release names functions that have no folder: ${join(", ", setsubtract(keys(var.release), keys(local.manifests)))}."
  }
}
