# The bus. Every topic is read by a push subscription of ours, so that retries and dead letters are plain Terraform.
resource "google_pubsub_topic" "topic" {
  for_each = local.topics
  # Cloud Build publishes to a topic of exactly this name, if there is one.
  name                       = each.key == "cloud-builds" ? each.key : "${local.prefix}-${each.key}"
  message_retention_duration = "604800s"
  depends_on                 = [google_project_service.api]
}

resource "google_pubsub_subscription" "push" {
  for_each                   = local.readings
  name                       = each.key == each.value.function ? local.slugs[each.key] : "${local.slugs[each.value.function]}-${each.value.topic}"
  topic                      = google_pubsub_topic.topic[each.value.topic].id
  ack_deadline_seconds       = min(600, local.manifests[each.value.function].timeout_seconds + 30)
  message_retention_duration = "604800s"
  expiration_policy {
    ttl = "" # never, however quiet it is
  }
  retry_policy {
    minimum_backoff = "1s" # a message that has to wait for its burst to be over answers "not yet"
    maximum_backoff = "600s"
  }
  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead_letters.id
    max_delivery_attempts = 30 # about three and a half hours: an outage of Firestore should not fill the dead letters
  }
  push_config {
    # With the topic in the path the functions framework names the event's source; it drops the rest.
    push_endpoint = "${local.urls[each.value.function]}/${google_pubsub_topic.topic[each.value.topic].id}"
    oidc_token {
      service_account_email = google_service_account.push.email
      audience              = local.urls[each.value.function]
    }
  }
  # A subscription that begins before its dead letters may be written would lose what it gives up in between.
  depends_on = [module.function, google_pubsub_topic_iam_member.dead_letters, google_pubsub_subscription.dead_letters]
}

resource "google_pubsub_topic" "dead_letters" {
  name                       = "${local.prefix}-dead-letters"
  message_retention_duration = "2678400s"
  depends_on                 = [google_project_service.api]
}

# A topic without a subscription forgets; this one keeps what nobody could handle for people to look at.
resource "google_pubsub_subscription" "dead_letters" {
  name                       = "${local.prefix}-dead-letters"
  topic                      = google_pubsub_topic.dead_letters.id
  message_retention_duration = "2678400s"
  retain_acked_messages      = false
  expiration_policy {
    ttl = ""
  }
}

resource "google_pubsub_topic_iam_member" "dead_letters" {
  topic  = google_pubsub_topic.dead_letters.id
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "dead_letters" {
  for_each     = google_pubsub_subscription.push
  subscription = each.value.id
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}
