"""The Terraform files read without Terraform: syntax, the provider's schema, references, and what values say by themselves."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import hcl2

from tests.infra.offline_provider import limits
from tests.infra.offline_provider.schema import Block

META = frozenset({"count", "for_each", "provider", "depends_on", "lifecycle", "dynamic", "provisioner", "connection"})
MODULE_META = META | {"source", "version", "providers"}
_RESOURCE = re.compile(r"(?<![\w.\"-])(data\.)?(google_\w+)\.(\w+)(?:\[[^\]]*\])?(?:\.(\w+))?")
_NAMED = {kind: re.compile(rf"(?<![\w.]){kind}\.(\w+)") for kind in ("var", "local", "module")}
_OUTPUT = re.compile(r"(?<![\w.])module\.(\w+)(?:\[[^\]]*\])?\.(\w+)")
_BEHIND_INDEX = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]")


@dataclass(slots=True)
class Module:
    """A folder of .tf files."""

    resources: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    data: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    variables: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    locals: set[str] = field(default_factory=set)
    modules: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    outputs: set[str] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def faults(root: Path, schemas: Mapping[str, Any] | None) -> list[str]:
    """All that is wrong; without schemas only what the files say among themselves."""
    folders = sorted({file.parent for file in root.rglob("*.tf") if ".terraform" not in file.parts})
    modules = {folder: _read(folder) for folder in folders}
    found: list[str] = []
    for folder, module in modules.items():
        name = folder.relative_to(root).as_posix()
        found += [f"{name}: {broken}" for broken in module.broken]
        found += [f"{name}: {wrong}" for wrong in _references(module)]
        found += [f"{name}: {wrong}" for wrong in _calls(module, folder, modules)]
        if schemas is not None:
            found += [f"{name}: {wrong}" for wrong in _against(module, schemas)]
    return sorted(set(found))


@lru_cache(maxsize=512)
def _parsed(text: str) -> Mapping[str, Any] | str:
    try:
        return dict(hcl2.loads(text))
    except Exception as error:  # noqa: BLE001 - whatever the parser's library raises is a syntax error to us
        return str(error).splitlines()[0]


def _read(folder: Path) -> Module:
    module = Module()
    for file in sorted(folder.glob("*.tf")):
        text = file.read_text()
        parsed = _parsed(text)
        if isinstance(parsed, str):
            module.broken.append(f"{file.name}: {parsed}")
            continue
        module.texts.append(_without_comments(text))
        for kind, into in (("resource", module.resources), ("data", module.data)):
            into.update(_two_labels(parsed.get(kind, [])))
        for kind, named in (("variable", module.variables), ("module", module.modules)):
            named.update({name: body for item in parsed.get(kind, []) for name, body in _labels(item)})
        module.outputs |= {name for item in parsed.get("output", []) for name, _ in _labels(item)}
        module.locals |= {
            _bare(name) for item in parsed.get("locals", []) for name in item if not name.startswith("__")
        }
    return module


def _labels(item: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from ((_bare(name), body) for name, body in item.items() if not name.startswith("__"))


def _two_labels(items: list[Mapping[str, Any]]) -> dict[tuple[str, str], Mapping[str, Any]]:
    return {(kind, name): body for item in items for kind, named in _labels(item) for name, body in _labels(named)}


def _references(module: Module) -> Iterator[str]:
    known = {"var": set(module.variables), "local": module.locals, "module": set(module.modules)}
    for text in module.texts:
        for kind, pattern in _NAMED.items():
            yield from (f"{kind}.{name} is not declared" for name in pattern.findall(text) if name not in known[kind])
        for is_data, kind, name, _ in _RESOURCE.findall(text):
            declared = module.data if is_data else module.resources
            if (kind, name) not in declared:
                yield f"{is_data}{kind}.{name} is not declared"


def _calls(module: Module, folder: Path, modules: Mapping[Path, Module]) -> Iterator[str]:
    for name, body in module.modules.items():
        called = modules.get((folder / _bare(body["source"])).resolve())
        if called is None:
            yield f"module {name}: there is no {body['source']}"
            continue
        given = {key for key in body if not key.startswith("__")} - MODULE_META
        needed = {key for key, variable in called.variables.items() if "default" not in variable}
        yield from (f"module {name} has no variable {key}" for key in given - set(called.variables))
        yield from (f"module {name} needs {key}" for key in needed - given)
    for text in module.texts:
        for name, output in _OUTPUT.findall(_BEHIND_INDEX.sub("[0]", text)):
            called = modules.get((folder / _bare(module.modules.get(name, {}).get("source", ""))).resolve())
            if called and output not in called.outputs:
                yield f"module {name} has no output {output}"


def _against(module: Module, schemas: Mapping[str, Any]) -> Iterator[str]:
    for kinds, declared in ((schemas["resources"], module.resources), (schemas["data"], module.data)):
        for (kind, name), body in declared.items():
            if kind not in kinds:
                yield f"there is no type {kind}"
                continue
            yield from (f"{kind}.{name}: {wrong}" for wrong in _block(kinds[kind], body))
            literal = _literals(body)
            yield from (f"{kind}.{name}: {wrong}" for _, wrong in limits.faults(kind, literal))
    for text in module.texts:
        for is_data, kind, name, attribute in _RESOURCE.findall(_BEHIND_INDEX.sub("[0]", text)):
            block = (schemas["data"] if is_data else schemas["resources"]).get(kind)
            if block and attribute and attribute not in block["attributes"] and attribute not in block["blocks"]:
                yield f"{kind}.{name} has no {attribute}"


def _block(block: Block, body: Mapping[str, Any]) -> Iterator[str]:
    seen = set()
    for name, value in body.items():
        if name.startswith("__") or name in META:
            continue
        seen.add(name)
        yield from _entry(block, name, value)
    for item in body.get("dynamic", []):
        for name, generated in _labels(item):
            seen.add(name)
            yield from _entry(block, name, generated.get("content", []))
    required = [name for name, attribute in block["attributes"].items() if attribute.get("required")]
    required += [name for name, nested in block["blocks"].items() if nested["least"]]
    yield from (f"{name} is missing" for name in required if name not in seen)


def _entry(block: Block, name: str, value: Any) -> Iterator[str]:
    if name in block["attributes"]:
        attribute = block["attributes"][name]
        if not (attribute.get("optional") or attribute.get("required")):
            yield f"{name} is computed"
        elif _is_block(value):
            yield f"{name} is an argument, not a block"
        elif attribute["type"] == "number" and isinstance(value, str) and re.fullmatch(r'"[^$"]*[a-z][^$"]*"', value):
            yield f"{name} must be a number"
        elif (
            isinstance(value, str) and _is_plain(value) and _bare(value) not in attribute.get("choices", [_bare(value)])
        ):
            yield f"{name} {value} is not one of {', '.join(attribute['choices'])}"
    elif name in block["blocks"]:
        if not _is_block(value):
            yield f"{name} is a block, not an argument"
            return
        nested = block["blocks"][name]
        if nested["most"] and len(value) > nested["most"]:
            yield f"{name} may be there {nested['most']} times"
        for item in value:
            yield from (f"{name}: {wrong}" for wrong in _block(nested["block"], item))
    else:
        yield f"there is no {name}"


def _is_block(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(item, dict) and "__is_block__" in item for item in value)
    )


def _is_plain(value: str) -> bool:
    return value.startswith('"') and "${" not in value


def _bare(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _literals(value: Any) -> Any:
    """Only what is written out; expressions are left out, as unknown values are."""
    if isinstance(value, dict):
        return {key: _literals(item) for key, item in value.items() if not key.startswith("__")}
    if isinstance(value, list):
        return [_literals(item) for item in value]
    if isinstance(value, str):
        return _bare(value) if _is_plain(value) else None
    return value


def _without_comments(text: str) -> str:
    return re.sub(r"(?m)(^|\s)#.*$", "", text)


def variables(folder: Path) -> dict[str, Mapping[str, Any]]:
    """The variables that a folder declares."""
    return _read(folder).variables


def object_fields(kind: str) -> dict[str, str]:
    """Field -> default ("" without one) of an `object({...})` whose fields are optional strings."""
    return dict(re.findall(r'(\w+)\s*=\s*optional\(string(?:, "([^"]*)")?\)', kind))
