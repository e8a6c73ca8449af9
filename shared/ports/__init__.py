"""What the use cases need from the outside world: small protocols, each with an embedded and a production engine."""
