# A database of our own beside the marketplace's: its data stays out of our reach, and our collections out of its rules.
resource "google_firestore_database" "state" {
  name                              = local.prefix
  location_id                       = var.firestore_location
  type                              = "FIRESTORE_NATIVE"
  concurrency_mode                  = "OPTIMISTIC"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = local.is_production ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED"
  deletion_policy                   = local.is_production ? "ABANDON" : "DELETE"
  depends_on                        = [google_project_service.api]
}

resource "google_firestore_backup_schedule" "daily" {
  database  = google_firestore_database.state.name
  retention = "604800s"
  daily_recurrence {}
}

resource "google_firestore_backup_schedule" "weekly" {
  database  = google_firestore_database.state.name
  retention = "8467200s"
  weekly_recurrence {
    day = "FRIDAY"
  }
}

locals {
  # Written by `python -m infra.tools.firestore_indexes` from the list that the code's queries are held against.
  collections = jsondecode(file("${path.module}/firestore_indexes.json"))
  # Over one field Firestore makes an index by itself. Over several it reads one only in the direction it is made for,
  # and the queries go both ways.
  indexes = merge([
    for collection, list in local.collections : merge([
      for fields in list : {
        for direction in ["ASCENDING", "DESCENDING"] : "${collection}/${join(",", fields)}/${direction}" => {
          collection = collection, fields = fields, direction = direction
        }
      } if length(fields) > 1
    ]...)
  ]...)
}

resource "google_firestore_index" "index" {
  for_each   = local.indexes
  database   = google_firestore_database.state.name
  collection = each.value.collection
  dynamic "fields" {
    for_each = each.value.fields
    content {
      field_path = fields.value
      order      = fields.key == length(each.value.fields) - 1 ? each.value.direction : "ASCENDING"
    }
  }
}

# Documents with an end are deleted after it; nobody asks for the field, and an index on rising times would be hot.
resource "google_firestore_field" "expires_at" {
  for_each   = local.collections
  database   = google_firestore_database.state.name
  collection = each.key
  field      = "expires_at"
  index_config {}
  ttl_config {}
}

# The document's body, as text: never asked for, and longer than an index entry may be.
resource "google_firestore_field" "json" {
  for_each   = local.collections
  database   = google_firestore_database.state.name
  collection = each.key
  field      = "json"
  index_config {}
}
