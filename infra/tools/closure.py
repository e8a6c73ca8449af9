"""What a function is made of: every module it can ever import, found without running it.

What a module imports when it is loaded always counts. What it imports inside a function or a method counts when that
function (or class) is reached from the entry point, by name: `bootstrap.state` brings Firestore, and nobody who does
not mention `bootstrap.notifier` carries Twilio. Names are followed through imports and attributes of modules; a module
that is handed around as a value counts as used altogether. Nothing here is found by `getattr`, and nothing may be.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from infra.tools.sources import LOADING, OWN, ROOT, Imported, Source, Use, path_of, source, used

# The engines of one machine, which bootstrap imports by the same word that chooses Google's.
ENGINES = ("sqlite_state", "sqlite_bus", "sqlite_pool", "folder", "duckdb_warehouse", "shelves")
EMBEDDED = frozenset(f"shared.adapters.{name}" for name in ENGINES)
# What an import needs although it does not import it itself.
IMPLIED: Mapping[str, str] = {"zoneinfo": "tzdata"}


@dataclass(frozen=True, slots=True)
class Closure:
    """Our own modules with their files, those of them that a cold start loads, and the imports of others' modules.

    `foreign` holds dotted names: of `from google.cloud import firestore`, google.cloud.firestore.
    """

    modules: Mapping[str, Path]
    cold: frozenset[str]
    foreign: frozenset[str]


def closure_of(main: Path, *, root: Path = ROOT) -> Closure:
    """The closure of a function's main.py."""
    cold = _Walk(root)
    cold.load_file(source(main))
    walk = _Walk(root)
    walk.load_file(source(main))
    for name in source(main).parts:
        walk.reach(source(main), name)
    return Closure(walk.modules, frozenset(cold.modules), frozenset(walk.foreign))


@dataclass
class _Walk:
    root: Path
    modules: dict[str, Path] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)
    _reached: set[tuple[Path, str]] = field(default_factory=set)
    _waiting: list[tuple[Source, str]] = field(default_factory=list)

    def load_file(self, read: Source) -> None:
        """Load a module: its imports at once; what its tables and decorators mention waits for `reach`."""
        self._waiting.append((read, LOADING))
        for imported in used(read.path, LOADING).imports:
            self._load(imported)

    def reach(self, read: Source, name: str) -> None:
        """Reach a part of a module, and whatever it reaches in turn."""
        self._waiting.append((read, name))
        while self._waiting:
            self._reach(*self._waiting.pop())

    def _reach(self, read: Source, name: str) -> None:
        if (read.path, name) in self._reached:
            return
        self._reached.add((read.path, name))
        if name in read.parts:
            self._use(read, used(read.path, name))
        elif name in read.bound:
            self._mention(read.bound[name])
        elif name == LOADING:
            self._use(read, used(read.path, LOADING))

    def _use(self, read: Source, use: Use) -> None:
        for imported in use.imports:
            self._load(imported)
        for imported, attribute in use.mentions:
            self._mention(imported, attribute)
        self._waiting += [(read, name) for name in use.names]

    def _mention(self, imported: Imported, attribute: str = "") -> None:
        """A name that an import bound is used: as a module's attribute, as a value, or as a whole module."""
        if imported.name in EMBEDDED or imported.module in EMBEDDED:
            return
        as_module = path_of(imported.name, self.root)
        if as_module is not None:
            read = source(as_module)
            self._waiting += [(read, name) for name in ([attribute] if attribute else read.parts)]
            return
        holder = path_of(imported.module, self.root)
        if holder is not None:
            self._waiting.append((source(holder), imported.attribute))

    def _load(self, imported: Imported) -> None:
        if imported.module in EMBEDDED or imported.name in EMBEDDED:
            return
        if imported.module.partition(".")[0] != OWN:
            self._load_foreign(imported)
            return
        for name in (*_parents(imported.module), imported.name):
            path = path_of(name, self.root)
            if path is not None and name not in self.modules:
                self.modules[name] = path
                self.load_file(source(path))

    def _load_foreign(self, imported: Imported) -> None:
        top = imported.module.partition(".")[0]
        if top in IMPLIED:
            self.foreign.add(IMPLIED[top])
        elif top not in sys.stdlib_module_names:
            self.foreign.add(imported.name)


def _parents(module: str) -> Iterator[str]:
    words = module.split(".")
    return (".".join(words[:n]) for n in range(1, len(words) + 1))
