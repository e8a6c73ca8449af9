"""One environment as deployments see it: its tree, its Terraform, its releases, and where a plan is kept."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.tools.deploy import environments
from infra.tools.deploy.environments import Environment
from infra.tools.deploy.releases import Releases
from infra.tools.deploy.terraform import Terraform
from shared.errors import ConfigurationError
from shared.ports.objects import ObjectStore
from shared.ports.platform import Clock
from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything a deployment works with; `folder` holds the plan and the packages of this environment."""

    root: Path
    folder: Path
    environment: Environment
    terraform: Terraform
    releases: Releases
    clock: Clock
    say: Callable[[str], None]

    @property
    def settings(self) -> Settings:
        """How the engines of this installation are reached from here."""
        return Settings(
            engine="google",
            project=self.environment.project,
            database=environments.PREFIX,
            seals_bucket=self.environment.seals_bucket,
            topic_prefix=f"{environments.PREFIX}-",
        )


def installation(name: str, *, root: Path, clock: Clock, say: Callable[[str], None]) -> Installation:
    """The environment of that name, on Google Cloud. Raises ConfigurationError when its values are not filled in."""
    chosen = environments.read(name, root)
    folder = root / "build" / "deploy" / name
    folder.mkdir(parents=True, exist_ok=True)
    terraform = Terraform(root / "infra", folder / "terraform", {"bucket": chosen.state_bucket}, say)
    return Installation(root, folder, chosen, terraform, Releases(_bucket(chosen)), clock, say)


@contextmanager
def reaching(where: Environment) -> Iterator[None]:
    """Google's refusals in one line: not logged in, not allowed, not there."""
    from google.api_core.exceptions import GoogleAPIError  # noqa: PLC0415 - only a deployment reaches Google
    from google.auth.exceptions import GoogleAuthError  # noqa: PLC0415

    try:
        yield
    except GoogleAuthError as error:
        text = "not logged in to Google Cloud: run gcloud auth application-default login"
        raise ConfigurationError(text) from error
    except GoogleAPIError as error:
        raise ConfigurationError(f"{where.project}: {error}; was infra/bootstrap applied there?") from error


def _bucket(chosen: Environment) -> ObjectStore:
    from google.cloud.storage import Client  # noqa: PLC0415

    from shared.adapters.cloud_storage import CloudStorageObjects  # noqa: PLC0415

    return CloudStorageObjects(chosen.releases_bucket, lambda: Client(project=chosen.project))
