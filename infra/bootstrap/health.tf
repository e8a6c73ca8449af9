# What the health check reads of Firebase: that it answers, and what state it is in. Google's own viewer roles also show
# every account of every user.
resource "google_project_iam_custom_role" "health" {
  project     = var.project
  role_id     = replace("${local.prefix}_health", "-", "_")
  title       = "Health of Firebase"
  description = "Read the state of Authentication, of databases and of Hosting's sites; nothing that is in them."
  permissions = [
    "datastore.databases.getMetadata",
    "firebaseauth.configs.get",
    "firebasehosting.sites.get", "firebasehosting.sites.list",
  ]
}
