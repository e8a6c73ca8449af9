"""The scripts of a build run on this machine, in Cloud Build's order and by its rules, without its images."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.tools.cloud_build.build import Build, name_of, waits_for

SHELL = "/bin/sh"


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of a step."""

    step: str
    code: int
    output: str


def run(
    build: Build, *, workspace: Path, environment: Mapping[str, str], substitutions: Mapping[str, str]
) -> tuple[bool, list[Ran]]:
    """Run every script; True when Cloud Build would call the build a success.

    A step that fails ends the build, unless it may fail; a step begins when all it waits for have ended.
    """
    given = {**environment, **(build.get("substitutions") or {}), **substitutions}
    done: dict[str, Ran] = {}
    for number, step in enumerate(build["steps"]):
        name = name_of(step, number)
        missing = [one for one in waits_for(build["steps"], number) if one not in done]
        if missing:
            raise ValueError(f"step {name} waits for {missing[0]}, which has not run")
        own = dict(str(one).split("=", 1) for one in step.get("env", ()))
        done[name] = _script(name, str(step["script"]), workspace, {**given, **own})
        if done[name].code != 0 and not step.get("allowFailure", False):
            return False, list(done.values())
    return True, list(done.values())


def _script(name: str, script: str, workspace: Path, environment: Mapping[str, str]) -> Ran:
    done = subprocess.run(  # noqa: S603 - the scripts of our own cloudbuild.yaml
        [SHELL, "-c", script], cwd=workspace, env=dict(environment), capture_output=True, text=True, check=False
    )
    return Ran(name, done.returncode, done.stdout + done.stderr)
