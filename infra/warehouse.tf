locals {
  bigquery = "${path.module}/../shared/adapters/bigquery"
  tables   = jsondecode(file("${local.bigquery}/layout.json"))

  # What fills in a view's ${...}: our own dataset, the export tables that are named, and the words among its filters.
  exports = [
    "requests", "web_errors", "analytics", "crashes", "crashes_realtime", "app_sessions", "performance",
  ]
  names = merge(
    { for name, value in var.installation : name => contains(local.exports, name) ? "${var.project}.${value}" : value if value != null },
    { soukmon = "${var.project}.${google_bigquery_dataset.warehouse.dataset_id}" },
  )
  known = toset(concat(["soukmon"], [for name, value in var.installation : name if value != null]))
  views = {
    for file in fileset("${local.bigquery}/views", "*.sql") : trimsuffix(file, ".sql") => "${local.bigquery}/views/${file}"
    if length(setsubtract(flatten(regexall("\\$\\{(\\w+)\\}", file("${local.bigquery}/views/${file}"))), local.known)) == 0
  }
  # Who asks questions reads the exports as well: a view shows only what its reader may read.
  source_datasets = toset([
    for name in local.exports : split(".", var.installation[name])[0] if var.installation[name] != null
  ])
}

resource "google_bigquery_dataset" "warehouse" {
  dataset_id                 = local.prefix
  description                = "Points of metrics, measurements, probes, and views over the exports"
  location                   = var.bigquery_location
  delete_contents_on_destroy = false
  depends_on                 = [google_project_service.api]
}

resource "google_bigquery_table" "table" {
  for_each            = local.tables
  dataset_id          = google_bigquery_dataset.warehouse.dataset_id
  table_id            = each.key
  schema              = file("${local.bigquery}/tables/${each.key}.json")
  clustering          = each.value.clustering
  deletion_protection = local.is_production
  time_partitioning {
    type          = each.value.unit
    field         = each.value.column
    expiration_ms = 400 * 24 * 60 * 60 * 1000 # a year back can be compared
  }
}

resource "google_bigquery_table" "view" {
  for_each            = local.views
  dataset_id          = google_bigquery_dataset.warehouse.dataset_id
  table_id            = each.key
  deletion_protection = false # made anew from its .sql at any time
  view {
    query          = templatefile(each.value, local.names)
    use_legacy_sql = false
  }
  depends_on = [google_bigquery_table.table, google_bigquery_dataset.request_logs]
}

resource "google_bigquery_dataset" "request_logs" {
  dataset_id                      = "request_logs"
  description                     = "Written by the log sink"
  location                        = var.bigquery_location
  default_partition_expiration_ms = var.request_log_days * 24 * 60 * 60 * 1000
  delete_contents_on_destroy      = false
  depends_on                      = [google_project_service.api]
}
