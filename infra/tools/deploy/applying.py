"""Apply: exactly the plan that was shown, from exactly the tree it was made of, and a record of the release."""

from collections.abc import Sequence

from infra.tools.deploy import saved as plans
from infra.tools.deploy.installation import Installation
from infra.tools.deploy.planning import PACKAGES
from infra.tools.deploy.saved import PLAN, Saved, Stage
from infra.tools.deploy.terraform import TerraformError
from shared.errors import PermanentError
from shared.usecases.releases import Release


class ApplyFailedError(PermanentError):
    """Terraform could not do all of the plan: what it did stays, and no release is recorded."""


def apply(here: Installation, *, allowed: Sequence[str] = ()) -> Release:
    """Upload the packages that are missing, apply the saved plan, and record what runs now.

    `allowed` are the addresses whose data may be deleted. Raises RefusedPlanError or ApplyFailedError.
    """
    planned = plans.read(here.folder, here.environment.name)
    plans.refuse_unless_intact(planned, here.folder, here.root)
    plans.refuse_deletions(planned.deletions, allowed=allowed)
    _upload(here, planned)
    _carry_out(here)
    release = here.releases.record(
        Release(planned.base + 1, planned.functions, planned.commit, here.clock.now(), planned.who, planned.restores)
    )
    plans.advanced(here.folder, planned, Stage.APPLIED, release=release.number)
    return release


def _carry_out(here: Installation) -> None:
    try:
        here.terraform.apply(here.folder / PLAN)
    except TerraformError as error:
        env = here.environment.name
        text = f"{error}; soukmon deploy status --env {env} says what runs now, rollback goes back to the last release"
        raise ApplyFailedError(text) from error


def _upload(here: Installation, planned: Saved) -> None:
    """What goes back to an earlier release is there already; everything else was packed with the plan."""
    packed = {name: here.folder / PACKAGES / name / f"{sha}.zip" for name, sha in planned.functions.items()}
    new = [name for name, file in packed.items() if file.is_file() and here.releases.upload(name, file)]
    here.say(f"packages: {len(new)} uploaded, {len(packed) - len(new)} were there already")
