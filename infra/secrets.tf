# Containers only: values are added with `gcloud secrets versions add`, and are never in Terraform's state.
resource "google_secret_manager_secret" "secret" {
  for_each  = local.secrets
  secret_id = each.key
  replication {
    auto {}
  }
  depends_on = [google_project_service.api]
}
