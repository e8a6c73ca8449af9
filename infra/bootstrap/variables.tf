variable "project" {
  type        = string
  description = "The project that is monitored and monitors."
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "project: must be a project's id (6-30 lower-case letters, digits, dashes)."
  }
}

variable "environment" {
  type        = string
  description = "staging: deployed from the main branch. production: from tags, after somebody approved."
  validation {
    condition     = contains(["staging", "production"], var.environment)
    error_message = "environment: must be staging or production."
  }
}

variable "region" {
  type    = string
  default = "europe-west1"
}

variable "repository" {
  type        = object({ owner = string, name = string })
  description = "The GitHub repository, connected to Cloud Build beforehand (the app asks for consent in a browser)."
}
