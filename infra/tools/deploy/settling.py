"""Settle: a deployment that was not applied whole, or not proved, is taken back; and people are told of it."""

from infra.tools.deploy import saved as plans
from infra.tools.deploy.applying import apply
from infra.tools.deploy.going_back import plan_rollback
from infra.tools.deploy.installation import Installation
from infra.tools.deploy.planning import Deployer
from infra.tools.deploy.saved import Saved, Stage
from shared.domain.signals import Signal, own_signal

SUBJECT = "deployment"
LACKING = {Stage.PLANNED: "it could not be applied whole", Stage.APPLIED: "the test alert did not come out"}


def settle(here: Installation) -> Signal:
    """Go back unless the saved plan was applied and proved; the signal that says which, for the topic signals.

    Raises LookupError when there is no earlier release, ApplyFailedError when going back failed as well.
    """
    saved = plans.read(here.folder, here.environment.name)
    if saved.stage is Stage.PROVED:
        here.say(f"release {saved.release} is applied and proved")
        return _told(here, saved, over=True)
    here.say(f"taking the deployment back: {LACKING[saved.stage]}")
    if saved.base == 0:
        raise LookupError(f"{LACKING[saved.stage]}, and this is the first release: there is nothing to go back to")
    _, found = plan_rollback(here, Deployer(saved.who, saved.commit), to=saved.base)
    if found.is_empty:
        here.say(f"nothing was changed: release {saved.base} still runs")
    else:
        release = apply(here)
        here.say(f"release {release.number} has brought back release {release.restores}")
    return _told(here, saved, over=False)


def _told(here: Installation, saved: Saved, *, over: bool) -> Signal:
    return own_signal(
        "deployment_failed",
        subject=SUBJECT,
        title="Deployments work again" if over else f"A deployment was taken back: {LACKING[saved.stage]}",
        summary="" if over else f"Commit {saved.commit}, by {saved.who}. Release {saved.base} runs again.",
        at=here.clock.now(),
        over=over,
    )
