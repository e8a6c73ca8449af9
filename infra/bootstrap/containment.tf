# What measures against a data breach need, and nothing beside it: Google's own roles for it may also make keys, delete
# accounts and change sinks. It is made here, where the deployer cannot widen it.
resource "google_project_iam_custom_role" "containment" {
  project     = var.project
  role_id     = replace("${local.prefix}_containment", "-", "_")
  title       = "Measures against a data breach"
  description = "End sessions, require new passwords, disable service accounts, keep log buckets for longer."
  permissions = [
    "firebaseauth.users.get", "firebaseauth.users.sendEmail", "firebaseauth.users.update",
    "iam.serviceAccounts.disable", "iam.serviceAccounts.get",
    "logging.buckets.get", "logging.buckets.update",
  ]
}
