# Firebase alerts come through Eventarc alone: in the location "global", one trigger for each alert type (its filters are
# exact). Its own subscription cannot have a dead letter (retries end after 24 hours), so the receiver only decides what
# the alert is and publishes it.
locals {
  alert_triggers = merge([
    for name, manifest in local.alerted : {
      for type in manifest.trigger.alert_types : "${name}/${type}" => { function = name, type = type }
    }
  ]...)
}

resource "google_eventarc_trigger" "firebase_alert" {
  for_each        = local.alert_triggers
  name            = "${local.prefix}-${lower(replace(each.value.type, ".", "-"))}"
  location        = "global"
  service_account = google_service_account.eventarc.email
  matching_criteria {
    attribute = "type"
    value     = "google.firebase.firebasealerts.alerts.v1.published"
  }
  matching_criteria {
    attribute = "alerttype"
    value     = each.value.type
  }
  destination {
    cloud_run_service {
      service = module.function[each.value.function].service
      region  = var.region
    }
  }
  depends_on = [google_project_iam_member.event_receiver]
}
