"""What a deployment needs besides Terraform itself."""
