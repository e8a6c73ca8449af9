"""What Cloud Build would refuse, or do otherwise than meant, and its schema does not say."""

import re
from collections import Counter
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from infra.tools.cloud_build.build import AT_ONCE, BUILT_IN, Build, Step, name_of, texts, used, waits_for

NAME = re.compile(r"_[A-Z0-9_]+")
SECONDS = re.compile(r"(\d+)s")
LONGEST = 24 * 60 * 60
LOGS = frozenset({"CLOUD_LOGGING_ONLY", "GCS_ONLY", "NONE"})
WORKSPACE = "/workspace"


def faults(build: Build) -> list[str]:
    """Every fault, each naming its step."""
    return [
        *_order(build["steps"]),
        *_substitutions(build),
        *_scripts(build["steps"]),
        *_images(build["steps"]),
        *_volumes(build["steps"]),
        *_secrets(build),
        *_times(build),
        *_account(build),
    ]


def _named(build: Build) -> Iterator[tuple[str, Step]]:
    yield from ((name_of(step, number), step) for number, step in enumerate(build["steps"]))


def _order(steps: list[Step]) -> Iterator[str]:
    ids = [name_of(step, number) for number, step in enumerate(steps)]
    yield from (f"step {name}: there are {count} of this id" for name, count in Counter(ids).items() if count > 1)
    for number, step in enumerate(steps):
        for wanted in step.get("waitFor", ()):
            if wanted not in {AT_ONCE, *ids}:
                yield f"step {ids[number]}: waits for {wanted}, which there is not"
            elif wanted in ids[number:]:
                yield f"step {ids[number]}: waits for {wanted}, which does not come before it"
    try:
        TopologicalSorter({ids[n]: waits_for(steps, n) for n in range(len(steps))}).prepare()
    except CycleError as error:
        yield f"steps wait for each other: {' -> '.join(error.args[1])}"


def _substitutions(build: Build) -> Iterator[str]:
    declared = build.get("substitutions") or {}
    for name, value in declared.items():
        if not NAME.fullmatch(name):
            yield f"substitution {name}: a name of yours begins with _ and has capital letters"
        if not isinstance(value, str):
            yield f"substitution {name}: {value!r} is no text; put it into quotes"
    seen = set()
    for name, step in _named(build):
        for used_here, where in _uses(step):
            seen.add(used_here)
            yield from _use(used_here, where, name, step, build)
    rest = {key: value for key, value in build.items() if key not in {"steps", "substitutions"}}
    for text in texts(rest):
        seen.update(used(text))
        yield from (f"${one} is no substitution" for one in used(text) if one not in declared and one not in BUILT_IN)
    yield from (f"substitution {name}: nothing uses it" for name in declared if name not in seen)


def _uses(step: Step) -> Iterator[tuple[str, str]]:
    """(name, "script" or "arguments") of every $NAME in a step."""
    yield from ((name, "script") for name in used(str(step.get("script", ""))))
    rest = {key: value for key, value in step.items() if key != "script"}
    yield from ((name, "arguments") for text in texts(rest) for name in used(text))


def _use(used_here: str, where: str, name: str, step: Step, build: Build) -> Iterator[str]:
    is_known = used_here in (build.get("substitutions") or {}) or used_here in BUILT_IN
    given = {str(one).partition("=")[0] for one in [*step.get("env", ()), *step.get("secretEnv", ())]}
    if where == "arguments":
        if not is_known:
            yield f"step {name}: ${used_here} is no substitution; write $${used_here} for a variable of the shell"
    elif used_here.startswith("_") and not is_known and used_here not in given:
        yield f"step {name}: ${used_here} is no substitution"
    elif is_known and used_here not in given and not _is_mapped(step, build):
        yield f"step {name}: a script has no ${used_here} without automapSubstitutions"


def _is_mapped(step: Step, build: Build) -> bool:
    default = (build.get("options") or {}).get("automapSubstitutions", False)
    return bool(step.get("automapSubstitutions", default))


def _scripts(steps: list[Step]) -> Iterator[str]:
    for number, step in enumerate(steps):
        name, script = name_of(step, number), str(step.get("script", ""))
        if script and ("args" in step or "entrypoint" in step):
            yield f"step {name}: a script leaves no place for args and entrypoint"
        # Cloud Build runs it with /bin/sh, which goes on after a command that failed.
        if len(script.strip().splitlines()) > 1 and not re.match(r"(#!.*\n)?\s*set -e", script):
            yield f"step {name}: a script of several lines begins with set -eu, or it goes on after a failure"


def _images(steps: list[Step]) -> Iterator[str]:
    for number, step in enumerate(steps):
        _, _, tag = str(step.get("name", "")).rpartition("/")[2].partition(":")
        if tag in {"", "latest"} and "@sha256:" not in str(step.get("name", "")):
            yield f"step {name_of(step, number)}: {step.get('name')} may be another image tomorrow; name its version"


def _volumes(steps: list[Step]) -> Iterator[str]:
    mounted = Counter(volume["name"] for step in steps for volume in step.get("volumes", ()))
    for number, step in enumerate(steps):
        for volume in step.get("volumes", ()):
            where = f"step {name_of(step, number)}: volume {volume['name']}"
            if not volume["path"].startswith("/") or volume["path"].startswith(WORKSPACE):
                yield f"{where}: {volume['path']} is no place for it; {WORKSPACE} is shared by all steps already"
            if mounted[volume["name"]] == 1:
                yield f"{where} is in one step only; Cloud Build refuses that"


def _secrets(build: Build) -> Iterator[str]:
    available = build.get("availableSecrets") or {}
    declared = {one["env"] for one in available.get("secretManager", ())}
    read = {name for step in build["steps"] for name in step.get("secretEnv", ())}
    yield from (f"secret {name}: no availableSecrets has it" for name in sorted(read - declared))
    yield from (f"secret {name}: no step reads it" for name in sorted(declared - read))


def _times(build: Build) -> Iterator[str]:
    whole = _seconds(build.get("timeout", "600s"))
    if whole is None or whole > LONGEST:
        yield f"timeout {build.get('timeout')}: write seconds, e.g. 1800s, at most {LONGEST}s"
    for name, step in _named(build):
        if "timeout" in step:
            given = _seconds(step["timeout"])
            if given is None or given > (whole or LONGEST):
                yield f"step {name}: timeout {step['timeout']}: write seconds, no more than the whole build has"


def _seconds(text: object) -> int | None:
    found = SECONDS.fullmatch(str(text))
    return int(found[1]) if found else None


def _account(build: Build) -> Iterator[str]:
    if (build.get("options") or {}).get("logging") not in LOGS and "logsBucket" not in build:
        yield "options.logging: an account of one's own writes no logs to the default bucket; say CLOUD_LOGGING_ONLY"
    if "serviceAccount" in build:
        yield "serviceAccount: the trigger says who builds; a pull request could change what stands here"
