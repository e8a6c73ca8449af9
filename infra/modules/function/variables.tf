variable "name" {
  type        = string
  description = "The folder under functions/, which is the entry point's name as well."
}

variable "slug" {
  type        = string
  description = "The name in the cloud."
  validation {
    condition     = length(var.slug) <= 48
    error_message = "The name is too long: with the project's number it would not fit into the 63 characters of an address."
  }
}

variable "manifest" {
  type = object({
    description     = string
    trigger         = object({ type = string })
    memory          = string
    cpu             = number
    timeout_seconds = number
    concurrency     = number
    min_instances   = number
    max_instances   = optional(number)
    secrets         = list(string)
    publishes       = list(string)
    roles           = list(string)
    public          = bool
  })
  description = "Its function.yaml."
  validation {
    condition     = contains(["http", "pubsub", "schedule", "firebase_alert"], var.manifest.trigger.type)
    error_message = "trigger.type must be http, pubsub, schedule or firebase_alert."
  }
  validation {
    condition     = var.manifest.concurrency == 1 || var.manifest.cpu >= 1
    error_message = "A concurrency above 1 needs at least one CPU."
  }
  validation {
    condition     = var.manifest.timeout_seconds <= (var.manifest.trigger.type == "schedule" ? 1780 : var.manifest.trigger.type == "http" ? 3600 : 540)
    error_message = "timeout_seconds: at most 540 for events, 1780 for schedules, 3600 for other requests."
  }
  validation {
    condition     = !var.manifest.public || var.manifest.trigger.type == "http"
    error_message = "Only a function that is called by HTTP can be public."
  }
  validation {
    condition = length(setsubtract(var.manifest.roles, [
      "custom/containment", "custom/health", "custom/review", "roles/bigquery.dataEditor", "roles/bigquery.dataViewer",
      "roles/bigquery.jobUser", "roles/datastore.backupsViewer", "roles/datastore.user",
      "roles/firebasecloudmessaging.admin", "roles/logging.viewAccessor", "roles/monitoring.viewer", "roles/run.invoker",
      "roles/storage.objectCreator", "roles/storage.objectUser", "roles/storage.objectViewer",
    ])) == 0
    error_message = "roles: only narrow ones that are known here and confined to a database, bucket, dataset, view of logs or function."
  }
}

variable "account" {
  type        = object({ email = string, member = string })
  description = "The account it runs as, its own."
}

variable "project" { type = string }
variable "region" { type = string }

variable "package" {
  type        = object({ bucket = string, object = string })
  description = "Its name holds the content's hash: that is how a change is seen."
}

variable "build" {
  type        = object({ account = string, repository = string })
  description = "Who builds the image, and where it is kept."
}

variable "environment" {
  type        = map(string)
  description = "The settings; empty ones are left out."
}

variable "custom_roles" {
  type        = map(string)
  description = "Roles of our own, made by bootstrap/: the manifest's name for each, and its name in the project."
}

variable "database" { type = string }
variable "bucket" { type = string }
variable "dataset" { type = string }
variable "source_datasets" { type = set(string) }

variable "topics" {
  type        = map(string)
  description = "Topic it publishes to -> id."
}

variable "secrets" {
  type        = map(object({ id = string, version = string }))
  description = "Environment variable -> secret."
}

variable "invokers" {
  type        = map(string)
  description = "Who may call it."
}
