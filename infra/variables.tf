variable "project" {
  type        = string
  description = "The project of the marketplace itself: Firebase alerts and log sinks do not cross projects."
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "project: put your project's id in place of REPLACE-ME-... (6-30 lower-case letters, digits, dashes)."
  }
}

variable "environment" {
  type        = string
  description = "staging or production; production's stores are protected against deletion."
  validation {
    condition     = contains(["staging", "production"], var.environment)
    error_message = "environment: must be staging or production."
  }
}

variable "region" {
  type        = string
  default     = "europe-west1"
  description = "Where functions, schedules and buckets are."
}

variable "release" {
  type        = map(string)
  description = "Function -> SHA-256 of its package, which lies in the releases bucket as FUNCTION/SHA.zip."
  validation {
    condition     = alltrue([for sha in values(var.release) : can(regex("^[0-9a-f]{64}$", sha))])
    error_message = "release: each value is the SHA-256 (64 hexadecimal digits) of a package."
  }
}

variable "firestore_location" {
  type        = string
  default     = "eur3"
  description = "Can never be changed; eur3 is Europe's multi-region."
}

variable "bigquery_location" {
  type        = string
  default     = "EU"
  description = "Must be the location of the Google Analytics and Firebase export datasets."
}

# What the views read; the names are those of shared/adapters/bigquery/installation.py. A table is "dataset.table".
# A view is made once all tables it reads are named here: leave out what is not exported (yet).
variable "installation" {
  type = object({
    requests         = optional(string)
    web_errors       = optional(string)
    analytics        = optional(string)
    crashes          = optional(string)
    crashes_realtime = optional(string)
    app_sessions     = optional(string)
    performance      = optional(string)
    api_services     = optional(string, "(^|-)api(-|$)")
    api_paths        = optional(string, "^/api/")
    order_paths      = optional(string, "/orders/?$")
    home_country     = optional(string, "Egypt")
    home_currency    = optional(string, "EGP")
  })
  default = {}
  validation {
    condition     = !can(regex("REPLACE-ME", jsonencode(var.installation)))
    error_message = "installation: put the names of your export tables in place of REPLACE-ME-... once they are there, or take the lines out."
  }
}

variable "request_log_days" {
  type        = number
  default     = 60
  description = "How long request logs, which hold addresses of visitors, are kept in BigQuery."
}

variable "watcher_email" {
  type        = string
  description = "Who is told by Cloud Monitoring itself when our own functions fail; best not a mailbox of this project."
  validation {
    condition     = can(regex("^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:]]+$", var.watcher_email)) && !can(regex("REPLACE-ME", var.watcher_email))
    error_message = "watcher_email: put an e-mail address that somebody reads in place of REPLACE-ME-..."
  }
}

variable "watcher_phone" {
  type        = string
  default     = null
  description = "The same by SMS, as +20...; Cloud Monitoring asks for a verification of the number."
  validation {
    condition     = var.watcher_phone == null || can(regex("^[+][1-9][0-9]{7,14}$", var.watcher_phone))
    error_message = "watcher_phone: must be an international number like +201000000000, or left out."
  }
}

variable "uptime_checks" {
  type = map(object({
    host     = string
    path     = optional(string, "/")
    contains = optional(string)
  }))
  default     = {}
  description = "What Cloud Monitoring fetches each minute from around the world: the site and its API."
  validation {
    condition     = alltrue([for check in values(var.uptime_checks) : can(regex("^[a-z0-9.-]+[.][a-z]{2,}$", check.host))])
    error_message = "uptime_checks: put the names of your hosts in place of REPLACE-ME-... (host alone, no https://)."
  }
}

variable "public_url" {
  type        = string
  default     = ""
  description = "Your own address in front of the functions, when there is one."
}

variable "status_url" {
  type        = string
  default     = ""
  description = "Your own address in front of the status page's bucket, when there is one."
}

variable "senders" {
  type = object({
    twilio_from       = optional(string, "")
    twilio_voice_from = optional(string, "")
    smtp_host         = optional(string, "")
    smtp_port         = optional(string, "587")
    smtp_security     = optional(string, "starttls")
  })
  default     = {}
  description = "Who our messages come from; what is secret is in Secret Manager."
  validation {
    condition     = !can(regex("REPLACE-ME", jsonencode(var.senders)))
    error_message = "senders: put your sender and mail server in place of REPLACE-ME-..., or take the lines out."
  }
}

variable "secret_versions" {
  type        = map(string)
  default     = {}
  description = "Secret -> version that functions read; 1 where nothing is said. Raise it to rotate, lower it to go back."
  validation {
    condition     = alltrue([for version in values(var.secret_versions) : can(regex("^[1-9][0-9]*$", version))])
    error_message = "secret_versions: give numbers; \"latest\" would reach only instances that start later."
  }
}

variable "invokers" {
  type        = map(set(string))
  default     = {}
  description = "Function that is called by HTTP and not public -> who may call it (serviceAccount:..., group:...)."
  validation {
    condition     = !anytrue([for member in flatten([for members in values(var.invokers) : tolist(members)]) : startswith(member, "all")])
    error_message = "invokers: allUsers and allAuthenticatedUsers are refused; `public: true` in function.yaml is the only way to be public."
  }
}

variable "seals_are_locked" {
  type        = bool
  default     = false
  description = "Lock the seals' retention for good: nobody, Google included, can then shorten it or delete the bucket for seven years."
}

variable "sign_in" {
  type = object({
    mode         = optional(string, "")
    iap_audience = optional(string, "")
  })
  default     = {}
  description = "How people sign in to the incidents' pages: iap or firebase; while nothing is said, nobody can. iap_audience only where the proxy stands on a load balancer of yours (/projects/NUMBER/global/backendServices/ID)."
  validation {
    condition     = contains(["", "iap", "firebase"], var.sign_in.mode)
    error_message = "sign_in.mode: must be iap or firebase, or left out."
  }
}

variable "budget" {
  type = object({
    billing_account = string
    amount          = number
    currency        = string
  })
  default     = null
  description = "A monthly budget whose thresholds become signals; none when left out."
}
