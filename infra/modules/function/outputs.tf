output "service" {
  description = "The Cloud Run service that runs it."
  value       = google_cloudfunctions2_function.this.name
}
