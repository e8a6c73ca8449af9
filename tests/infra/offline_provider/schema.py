"""The provider's schema out of its generated TypeScript bindings: names, types, what is required, computed or nested.

Interfaces (index.d.ts) list what may be given, the attribute tables (index.js) tell blocks from arguments and name the
types, and getters (index.js) show what the provider computes. Which optional arguments it also computes is not told.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Sources = Mapping[str, tuple[str, str]]  # type -> (index.js, index.d.ts)
Block = dict[str, Any]  # {"attributes": {name: {...}}, "blocks": {name: {...}}}

_INTERFACE = re.compile(r"^export interface (\w+)(?: extends [\w.]+)? \{\n(.*?)^\}", re.DOTALL | re.MULTILINE)
_MEMBER = re.compile(
    r"/\*\*(?P<doc>.*?)\*/\n    readonly \w+(?P<optional>\??): (?P<type>\{.*?\n    \}|[^;{]+)", re.DOTALL
)
_NAME = re.compile(r"\{@link \S+#(\w+) ")
_CHOICES = re.compile(r"Possible values: \[(.*?)\]", re.DOTALL)
_TABLE = re.compile(r"^function (\w+)ToHclTerraform\(struct\) \{\n(.*?)^\}", re.DOTALL | re.MULTILINE)
_TOP_TABLE = re.compile(r"^    synthesizeHclAttributes\(\) \{\n(.*?)^    \}", re.DOTALL | re.MULTILINE)
_ROW = re.compile(
    r'^ +(\w+): \{\n +value: [^\n]*\n +isBlock: (true|false),\n +type: "(\w+)",\n +storageClassType: "([\w.]+)"',
    re.MULTILINE,
)
_CLASS = re.compile(r"^class (\w+) extends cdktf\.(\w+) \{\n(.*?)^\}", re.DOTALL | re.MULTILINE)
_COMPUTED = re.compile(r"// (\w+) - computed: true, optional: false, required: false\n(.*?)(?:\n    \}|;\n)", re.DOTALL)
_MAKES = re.compile(r"new (cdktf\.)?(\w+?)(List)?\(")
_GETTER = re.compile(r"this\.get(\w+)Attribute\(")
_PRIMITIVES = {"string": "string", "number": "number", "boolean": "bool"}
_GETTERS = {
    "String": "string", "Number": "number", "Boolean": "bool", "List": ["list", "string"],
    "NumberList": ["list", "number"], "StringMap": ["map", "string"], "NumberMap": ["map", "number"],
    "BooleanMap": ["map", "bool"], "AnyMap": ["map", "string"],
}  # fmt: skip
_ANYTHING = "dynamic"


def of(sources: Sources) -> dict[str, Any]:
    """{"provider": block, "resources": {type: block}, "data": {type: block}}."""
    found: dict[str, Any] = {"provider": {}, "resources": {}, "data": {}}
    for name, (javascript, types) in sources.items():
        block = _Bindings.read(javascript, types).top()
        if name == "provider":
            block["attributes"].pop("alias", None)
            found["provider"] = block
        elif name.startswith("data."):
            found["data"][name.removeprefix("data.")] = block
        else:
            found["resources"][name] = block
    return found


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    is_optional: bool
    type: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    is_block: bool
    kind: str
    stored: str


@dataclass(frozen=True, slots=True)
class _Bindings:
    interfaces: dict[str, list[_Member]]
    tables: dict[str, dict[str, _Row]]
    classes: dict[str, tuple[str, str]]
    config: str

    @classmethod
    def read(cls, javascript: str, types: str) -> "_Bindings":
        interfaces = {match[1]: list(_members(match[2])) for match in _INTERFACE.finditer(types)}
        tables = {match[1].lower(): _rows(match[2]) for match in _TABLE.finditer(javascript)}
        top = _TOP_TABLE.search(javascript)
        config = re.search(r"export interface (\w+)(?: extends cdktf\.TerraformMetaArguments)? \{", types)
        classes = {match[1]: (match[2], match[3]) for match in _CLASS.finditer(javascript)}
        return cls(interfaces, tables | {"": _rows(top[1]) if top else {}}, classes, config[1] if config else "")

    def top(self) -> Block:
        block = self._block(self.config, "")
        owner = next(name for name, (base, _) in self.classes.items() if base.startswith("Terraform"))
        _complete(block, self._computed(owner))
        if "id" in block["attributes"]:
            block["attributes"]["id"] = {"type": "string", "optional": True, "computed": True}
        return block

    def _block(self, interface: str, table: str) -> Block:
        block: Block = {"attributes": {}, "blocks": {}}
        for member in self.interfaces[interface]:
            row = self.tables.get(table, {}).get(member.name)
            nested = re.sub(r"\[\]| \| cdktf\.IResolvable", "", member.type).strip()
            if nested in self.interfaces and (row is None or row.is_block):
                block["blocks"][member.name] = self._nested(member, nested, row)
            else:
                block["attributes"][member.name] = self._attribute(member, nested, row)
        _complete(block, self._computed(f"{interface}OutputReference"))
        return block

    def _nested(self, member: _Member, interface: str, row: _Row | None) -> dict[str, Any]:
        is_many = "[]" in member.type
        is_single = row is not None and row.kind not in {"list", "set"}
        return {
            "block": self._block(interface, interface.lower()),
            "nesting": "single" if is_single else (row.kind if row else "list"),
            "least": 0 if member.is_optional else 1,
            "most": 0 if is_many or is_single else 1,
        }

    def _attribute(self, member: _Member, nested: str, row: _Row | None) -> dict[str, Any]:
        if nested in self.interfaces:  # an argument that holds objects
            type_: Any = ["list", ["object", _object(self._block(nested, nested.lower()))]]
        else:
            type_ = _type(row) if row else _PRIMITIVES.get(nested, _ANYTHING)
        kind = "optional" if member.is_optional else "required"
        return {"type": type_, kind: True} | ({"choices": list(member.choices)} if member.choices else {})

    def _computed(self, owner: str, seen: tuple[str, ...] = ()) -> dict[str, Any]:
        if owner not in self.classes or owner in seen:
            return {}
        body = self.classes[owner][1]
        return {match[1]: self._computed_type(match[2], (*seen, owner)) for match in _COMPUTED.finditer(body)}

    def _computed_type(self, code: str, seen: tuple[str, ...]) -> Any:
        getter, made = _GETTER.search(code), _MAKES.search(code)
        if getter:
            return _GETTERS.get(getter[1], _ANYTHING)
        if not made:
            return _ANYTHING
        if made[1]:
            return _GETTERS.get(made[2], _ANYTHING)
        fields = self._computed(f"{made[2].removesuffix('OutputReference')}OutputReference", seen)
        return ["list", ["object", fields]]


def _members(body: str) -> Iterator[_Member]:
    for match in _MEMBER.finditer(body):
        named = _NAME.search(match["doc"])
        if named:
            choices = _CHOICES.search(match["doc"])
            listed = tuple(re.findall(r'"([^"]+)"', choices[1])) if choices else ()
            yield _Member(named[1], bool(match["optional"]), match["type"].strip(), listed)


def _rows(body: str) -> dict[str, _Row]:
    return {match[1]: _Row(match[2] == "true", match[3], match[4]) for match in _ROW.finditer(body)}


def _type(row: _Row) -> Any:
    if row.kind == "simple":
        return _PRIMITIVES.get(row.stored, _ANYTHING)
    element = re.sub(r"(List|Map)$", "", row.stored)
    return [row.kind, _PRIMITIVES.get(element, "string" if element == "any" else _ANYTHING)]


def _complete(block: Block, computed: Mapping[str, Any]) -> None:
    for name, type_ in computed.items():
        if name not in block["blocks"]:
            block["attributes"].setdefault(name, {"type": type_, "computed": True})


def _object(block: Block) -> dict[str, Any]:
    own = {name: attribute["type"] for name, attribute in block["attributes"].items()}
    return own | {name: ["list", ["object", _object(nested["block"])]] for name, nested in block["blocks"].items()}
