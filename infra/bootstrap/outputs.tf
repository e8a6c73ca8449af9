output "state_bucket" {
  description = "For `terraform init -backend-config=bucket=...`."
  value       = google_storage_bucket.state.name
}

output "releases_bucket" {
  description = "Where packages are put before an apply."
  value       = google_storage_bucket.releases.name
}
