"""A stand-in for hashicorp/google that Terraform runs without a network: its schema, and what the API would refuse."""
