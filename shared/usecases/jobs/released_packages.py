"""What Cloud Build installed for each function: the lock files inside the packages of the newest release."""

from io import BytesIO
from zipfile import BadZipFile, ZipFile

from shared.domain.pinned import PYPI, Lock
from shared.errors import SourceError
from shared.usecases.releases import KeptReleases

REQUIREMENTS = "requirements.txt"


class ReleasedPackages:
    """Implements `DeployedLocks`: requirements.txt of each package of the newest release."""

    def __init__(self, releases: KeptReleases) -> None:
        self._releases = releases

    def locks(self) -> list[Lock]:
        """One for each function; none before the first release."""
        last = self._releases.last()
        functions = {} if last is None else last.functions
        return [
            Lock(f"functions/{name}", PYPI, requirements_in(self._releases.package(name, sha), name))
            for name, sha in functions.items()
        ]


def requirements_in(package: bytes | None, function: str) -> str:
    """The lock inside a function's zip. Raises SourceError."""
    if package is None:
        raise SourceError(f"the package of {function} is not in the bucket of releases")
    try:
        with ZipFile(BytesIO(package)) as archive:
            return archive.read(REQUIREMENTS).decode()
    except (BadZipFile, KeyError, UnicodeDecodeError) as error:
        raise SourceError(f"the package of {function} has no {REQUIREMENTS} that can be read") from error
