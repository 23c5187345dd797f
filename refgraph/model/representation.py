"""Short texts of objects for a prompt, a debugger and failing tests: one line, never the data."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

MAX_CHARS = 300


def describe_object(instance: object, *facts: object) -> str:
    """``<Name: fact, fact>``, at most `MAX_CHARS`; facts that are None or empty are left out."""
    name = type(instance).__name__
    text = ", ".join(str(fact) for fact in facts if fact not in (None, ""))
    line = " ".join(f"<{name}: {text}".split())
    return f"{line}>" if len(line) < MAX_CHARS else f"{line[: MAX_CHARS - 2]}…>"


def describe_fields(instance: Any) -> str:
    """The fields of a dataclass by type and size: ``<Forest: parent int32[96], size ...>``."""
    facts = (
        f"{field.name} {_measure(getattr(instance, field.name))}" for field in fields(instance)
    )
    return describe_object(instance, *facts)


class Described:
    """A dataclass (``repr=False``) of arrays and frames; its text gives their types and sizes."""

    def __repr__(self) -> str:
        return describe_fields(self)


def count_things(number: int, one: str, many: str = "") -> str:
    """``1 party``, ``2 parties``, ``1,234 referrals``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _measure(value: Any) -> str:
    """Type and size of an array, a column or a frame; another value as it is."""
    shape, kind = getattr(value, "shape", None), getattr(value, "dtype", None)
    if isinstance(shape, tuple) and shape:
        return f"{kind}{list(shape)}" if kind is not None else "×".join(map(str, shape))
    if isinstance(value, (dict, list, tuple, set, frozenset)) and len(value) > 3:
        return f"{type(value).__name__}[{len(value)}]"
    return repr(value)
