"""The object store, and the public website, as folders."""

import os
import secrets
from pathlib import Path


class FolderObjects:
    """Implements `Archive`; a name is written completely or not at all, and never twice."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def create(self, name: str, data: bytes, *, content_type: str) -> bool:
        """Store once; the content type is not kept by a file system."""
        del content_type
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{secrets.token_hex(6)}")
        draft.write_bytes(data)
        try:
            os.link(draft, path)
        except FileExistsError:
            return False
        finally:
            draft.unlink()
        return True

    def read(self, name: str) -> bytes | None:
        """The bytes, or None."""
        path = self._path(name)
        return path.read_bytes() if path.is_file() else None

    def names(self, prefix: str) -> list[str]:
        """Every name that begins with the prefix, in order; what is only being written has none yet."""
        folder = self._path(prefix.rpartition("/")[0])
        found = (path.relative_to(self._root).as_posix() for path in folder.rglob("*") if _is_whole(path))
        return sorted(name for name in found if name.startswith(prefix))

    def _path(self, name: str) -> Path:
        return inside_folder(self._root, name)


class FolderWebsite:
    """Implements `Website`; a file system needs no content types, whoever serves it knows them by name."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def put(self, name: str, data: bytes, *, content_type: str) -> None:
        """Write beside, then rename over what was there."""
        del content_type
        path = inside_folder(self._root, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{secrets.token_hex(6)}")
        draft.write_bytes(data)
        draft.replace(path)

    def remove(self, name: str) -> None:
        """Remove a file if it is there."""
        inside_folder(self._root, name).unlink(missing_ok=True)

    def read(self, name: str) -> bytes | None:
        """The file, or None."""
        path = inside_folder(self._root, name)
        return path.read_bytes() if path.is_file() else None


def _is_whole(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".")


def inside_folder(root: Path, name: str) -> Path:
    """The file of that name; raises ValueError for one that lies elsewhere."""
    path = (root / name).resolve()
    if not path.is_relative_to(root):
        raise ValueError(f"not inside the store: {name}")
    return path
