"""Looking into the wire shapes: which shape lies at a path, and what it allows."""

from collections.abc import Iterator
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from shared import typed
from shared.config.faults import Path


def shape_at(shape: Any, path: Path) -> Any:  # noqa: ANN401 - a type form
    """The shape of what lies at `path` inside `shape`."""
    for part in path:
        shape = _inner(bare(shape), part)
    return bare(shape)


def bare(shape: Any) -> Any:  # noqa: ANN401
    """The shape without its constraints and without "or nothing"."""
    while True:
        options = [option for option in get_args(shape) if option is not NoneType]
        if get_origin(shape) is Annotated or NoneType in get_args(shape):
            shape = options[0]
        else:
            return shape


def allowed(shape: Any) -> list[str]:  # noqa: ANN401
    """The keys of a mapping or the values of a choice; empty where anything goes."""
    if get_origin(shape) is Literal:
        return [str(value) for value in get_args(shape)]
    if isinstance(shape, type) and issubclass(shape, msgspec.Struct):
        return [field.encode_name for field in msgspec.structs.fields(shape)]
    return [str(choice.value) for choice in shape] if isinstance(shape, type) and issubclass(shape, Enum) else []


def misfits(data: dict[str, Any], shape: Any, *, keys: bool) -> Iterator[str]:  # noqa: ANN401
    """The keys of a mapping that do not fit themselves (`keys`), or whose values do not."""
    key_shape, value_shape = get_args(bare(shape))
    for key, value in data.items():
        try:
            typed.convert(key if keys else value, key_shape if keys else value_shape)
        except msgspec.ValidationError:
            yield key


def _inner(shape: Any, part: str | int) -> Any:  # noqa: ANN401
    if get_origin(shape) in {Union, UnionType}:  # one or a list of them: a number leads into the list
        lists = [option for option in get_args(shape) if get_origin(bare(option)) is tuple]
        others = [option for option in get_args(shape) if option not in lists]
        shape = bare((lists if isinstance(part, int) else others)[0])
    if isinstance(shape, type) and issubclass(shape, msgspec.Struct):
        return next(field.type for field in msgspec.structs.fields(shape) if field.encode_name == part)
    arguments = get_args(shape)
    return arguments[1] if get_origin(shape) is dict else arguments[0]


def key_shape(shape: Any) -> Any:  # noqa: ANN401
    """The shape of a mapping's keys."""
    return bare(get_args(bare(shape))[0])
