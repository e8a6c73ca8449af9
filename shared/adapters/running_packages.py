"""What is installed where this runs."""

from importlib import metadata

from shared.domain.pinned import PYPI, Lock


class RunningPackages:
    """Implements `DeployedLocks`: one lock, written from the installed packages' own metadata."""

    def locks(self) -> list[Lock]:
        """The names and versions of all distributions of this process that came from an index.

        One that was installed from a folder or an address (PEP 610 has it in direct_url.json) is nobody's else: asking
        an index about its name would tell it, and find a stranger's package.
        """
        of_index = (one for one in metadata.distributions() if one.read_text("direct_url.json") is None)
        found = {one.metadata["Name"]: one.version for one in of_index if one.metadata["Name"]}
        return [Lock("this process", PYPI, "".join(f"{name}=={version}\n" for name, version in sorted(found.items())))]
