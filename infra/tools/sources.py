"""Python files as the packager reads them: what a module imports when it is loaded, and what each of its parts uses."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OWN = "shared"
LOADING = "<loading>"  # the part of a module that runs when it is loaded
Function = ast.FunctionDef | ast.AsyncFunctionDef
Part = Function | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Imported:
    """`module`, or its attribute (which may be a module as well)."""

    module: str
    attribute: str = ""

    @property
    def name(self) -> str:
        """The whole dotted name."""
        return f"{self.module}.{self.attribute}" if self.attribute else self.module


@dataclass(frozen=True, slots=True)
class Source:
    """One module: its file, its top-level functions and classes, and the names its imports bind."""

    path: Path
    tree: ast.Module
    parts: Mapping[str, Part]
    bound: Mapping[str, Imported]


@dataclass(frozen=True, slots=True)
class Use:
    """What a part (or the loading) of a module uses: imports, what it reads of them, and its own module's names."""

    imports: tuple[Imported, ...]
    mentions: tuple[tuple[Imported, str], ...]
    names: tuple[str, ...]


@cache
def path_of(module: str, root: Path = ROOT) -> Path | None:
    """The file of one of our modules; None when it is no module of ours."""
    if module.partition(".")[0] != OWN:
        return None
    base = root.joinpath(*module.split("."))
    return next((path for path in (base / "__init__.py", base.with_suffix(".py")) if path.is_file()), None)


@cache
def source(path: Path) -> Source:
    """Read a file once."""
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    parts = {node.name: node for node in tree.body if isinstance(node, Part)}
    return Source(path, tree, parts, dict(bindings(loading(tree))))


@cache
def used(path: Path, part: str) -> Use:
    """What the part of that name, or LOADING, uses."""
    read = source(path)
    nodes = list(loading(read.tree) if part == LOADING else ast.walk(read.parts[part]))
    here = dict(bindings(nodes))
    bound = {**read.bound, **here}
    through = {id(node.value): node.attr for node in nodes if isinstance(node, ast.Attribute)}
    names = [node for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    mentions = ((bound[node.id], through.get(id(node), "")) for node in names if node.id in bound)
    own = (node.id for node in names if node.id not in bound)
    imports = (imported for _, imported in bindings(nodes))
    return Use(tuple(imports), tuple(dict.fromkeys(mentions)), tuple(dict.fromkeys(own)))


def loading(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when the module is loaded: everything but the bodies of functions and imports made for types only."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        if isinstance(child, Function):
            for evaluated in (*child.decorator_list, *child.args.defaults, *child.args.kw_defaults):
                if evaluated is not None:
                    yield from ast.walk(evaluated)
            continue
        yield child
        yield from loading(child)


def bindings(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, Imported]]:
    """The names that import statements bind; `import a.b` binds a, but what it loads is a.b."""
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.asname or alias.name.partition(".")[0], Imported(alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.level:
                raise ValueError(f"relative import of {node.module}; name the package")
            for alias in node.names:
                yield alias.asname or alias.name, Imported(node.module, alias.name)
