"""Apply: exactly the plan that was shown, from exactly the tree it was made of, and a record of the release."""

from collections.abc import Sequence

from infra.tools.deploy import saved as plans
from infra.tools.deploy.installation import Installation
from infra.tools.deploy.planning import PACKAGES
from infra.tools.deploy.releases import Release
from infra.tools.deploy.saved import PLAN, Saved, Stage


def apply(here: Installation, *, allowed: Sequence[str] = ()) -> Release:
    """Upload the packages that are missing, apply the saved plan, and record what runs now.

    `allowed` are the addresses whose data may be deleted. Raises RefusedPlanError, and TerraformError when only a part
    could be applied: then nothing is recorded, and `status` shows what runs.
    """
    planned = plans.read(here.folder, here.environment.name)
    plans.refuse_unless_intact(planned, here.folder, here.root)
    plans.refuse_deletions(planned.deletions, allowed=allowed)
    _upload(here, planned)
    here.terraform.apply(here.folder / PLAN)
    release = here.releases.record(
        Release(planned.base + 1, planned.functions, planned.commit, here.clock.now(), planned.who, planned.restores)
    )
    plans.advanced(here.folder, planned, Stage.APPLIED, release=release.number)
    return release


def _upload(here: Installation, planned: Saved) -> None:
    """What goes back to an earlier release is there already; everything else was packed with the plan."""
    packed = {name: here.folder / PACKAGES / name / f"{sha}.zip" for name, sha in planned.functions.items()}
    new = [name for name, file in packed.items() if file.is_file() and here.releases.upload(name, file)]
    here.say(f"packages: {len(new)} uploaded, {len(packed) - len(new)} were there already")
