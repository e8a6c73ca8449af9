output "urls" {
  description = "Function -> its address; give Slack and Twilio those of receive_* and answer_call."
  value       = local.urls
}

output "secrets" {
  description = "What has to be filled with `gcloud secrets versions add`."
  value       = sort(local.secrets)
}

output "release" {
  description = "Function -> SHA-256 of the package that runs."
  value       = { for name in keys(local.manifests) : name => var.release[name] }
}

output "views" {
  description = "The views that exist; the others wait for their export tables to be named in `installation`."
  value       = sort(keys(local.views))
}
