# What the weekly security scan reads: who has access, what is public, which rules are in force. Google's own role for it
# (Security Reviewer) also lists every secret, key and policy of every other service.
resource "google_project_iam_custom_role" "review" {
  project     = var.project
  role_id     = replace("${local.prefix}_review", "-", "_")
  title       = "Reviews of access"
  description = "Read who may do what on the project, in its buckets and services, its keys' ages and its security rules."
  permissions = [
    "bigquery.jobs.listAll",
    "firebaserules.releases.list", "firebaserules.rulesets.get",
    "iam.serviceAccountKeys.list", "iam.serviceAccounts.list",
    "resourcemanager.projects.getIamPolicy",
    "run.services.getIamPolicy", "run.services.list",
    "storage.buckets.getIamPolicy", "storage.buckets.list",
  ]
}
