"""What every use of a bucket has in common: names that stay inside it, and how long an answer is waited for."""

SECONDS = 30.0


def inside(name: str) -> str:
    """The name, unless it leads out of the bucket's own names; raises ValueError."""
    if name.startswith("/") or ".." in name.split("/"):
        raise ValueError(f"not inside the store: {name}")
    return name
