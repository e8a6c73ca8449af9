"""procedures.yaml put together: steps that can be done, each name once."""

from shared.config.durations import duration
from shared.config.faults import Fault, Path
from shared.config.noise import matchers
from shared.config.procedures_wire import UNTIL_RESOLVED, ProceduresFile, ProcedureStepWire, ProcedureWire
from shared.domain.procedures import Procedure, Procedures, ProcedureStep


def procedures(file: ProceduresFile) -> Procedures:
    """Every procedure by its name. Raises Fault."""
    by_name: dict[str, Procedure] = {}
    for index, wire in enumerate(file.procedures):
        if wire.name in by_name:
            raise _twice(("procedures", index, "name"), f"the procedure {wire.name}")
        by_name[wire.name] = _procedure(wire, ("procedures", index))
    return Procedures(by_name)


def _procedure(wire: ProcedureWire, place: Path) -> Procedure:
    steps: dict[str, ProcedureStep] = {}
    for index, step in enumerate(wire.steps):
        path: Path = (*place, "steps", index)
        if step.name in steps:
            raise _twice((*path, "name"), f"the step {step.name}")
        steps[step.name] = _step(step, path)
    starts_for = tuple(matchers(texts, (*place, "starts_for", index)) for index, texts in enumerate(wire.starts_for))
    return Procedure(wire.name, {"en": wire.title.en, "ar": wire.title.ar}, tuple(steps.values()), starts_for)


def _step(wire: ProcedureStepWire, place: Path) -> ProcedureStep:
    step = ProcedureStep(
        name=wire.name,
        texts={"en": wire.text.en, "ar": wire.text.ar},
        by=wire.by,
        within=None if wire.within == UNTIL_RESOLVED else duration(wire.within),
        anchor=wire.anchor,
        act=wire.act,
        evidence=wire.evidence,
        two_persons=wire.two_persons,
        dry_run=wire.dry_run,
        remind=tuple(duration(text) for text in wire.remind),
        while_open=wire.while_open,
    )
    _refuse_what_cannot_be_done(step, place)
    return step


def _refuse_what_cannot_be_done(step: ProcedureStep, place: Path) -> None:
    if step.is_automatic and step.act is None:
        raise Fault((*place, "by"), f"{step.name} is automatic and nothing acts", "write act, or who does it")
    if step.is_automatic and (step.two_persons or step.dry_run):
        what = f"{step.name} is automatic and waits for people"
        raise Fault((*place, "by"), what, "write who asks for it, or leave two_persons and dry_run out")
    if step.dry_run and step.act is None:
        what = f"{step.name} has a dry run and nothing acts"
        raise Fault((*place, "dry_run"), what, "write act, or leave dry_run out")
    for index, before in enumerate(step.remind):
        if step.within is not None and before >= step.within:
            what = f"the reminder would come before the clock of {step.name} runs"
            raise Fault((*place, "remind", index), what, "write a time shorter than within")


def _twice(path: Path, what: str) -> Fault:
    return Fault(path, f"{what} is there twice", "give every one its own name")
