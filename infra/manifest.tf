# Everything follows from functions/*/function.yaml: adding a function is adding a folder.
locals {
  prefix        = "soukmon"
  is_production = var.environment == "production"

  manifests = {
    for file in fileset("${path.module}/../functions", "*/function.yaml") :
    dirname(file) => yamldecode(file("${path.module}/../functions/${file}"))
  }
  slugs = { for name in keys(local.manifests) : name => "${local.prefix}-${replace(name, "_", "-")}" }
  # Cloud Run's deterministic addresses: known before a function exists, so functions may know each other's and their own.
  urls = {
    for name, slug in local.slugs : name => "https://${slug}-${data.google_project.this.number}.${var.region}.run.app"
  }

  scheduled = { for name, manifest in local.manifests : name => manifest if manifest.trigger.type == "schedule" }
  alerted   = { for name, manifest in local.manifests : name => manifest if manifest.trigger.type == "firebase_alert" }

  # One push subscription per topic a function reads: "handle_signal" or, for further topics, "function/topic".
  readings = merge([
    for name, manifest in local.manifests : merge(
      { (name) = { function = name, topic = manifest.trigger.topic } },
      { for topic in try(manifest.trigger.also, []) : "${name}/${topic}" => { function = name, topic = topic } },
    ) if manifest.trigger.type == "pubsub"
  ]...)
  topics = toset(concat(
    flatten([for manifest in values(local.manifests) : manifest.publishes]),
    [for reading in values(local.readings) : reading.topic],
  ))

  secrets = toset(flatten([for manifest in values(local.manifests) : manifest.secrets]))
}
