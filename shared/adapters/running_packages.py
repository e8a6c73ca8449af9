"""What is installed where this runs."""

from importlib import metadata

from shared.domain.pinned import PYPI, Lock


class RunningPackages:
    """Implements `DeployedLocks`: one lock, written from the installed packages' own metadata."""

    def locks(self) -> list[Lock]:
        """The names and versions of all distributions of this process."""
        found = {one.metadata["Name"]: one.version for one in metadata.distributions() if one.metadata["Name"]}
        return [Lock("this process", PYPI, "".join(f"{name}=={version}\n" for name, version in sorted(found.items())))]
