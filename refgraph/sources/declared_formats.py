"""Files whose format the user declares, because their suffix does not show it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from refgraph.errors import UsageError
from refgraph.sources.compression import SUFFIXES
from refgraph.sources.readers import READERS, is_readable
from refgraph.sources.standard_input import is_standard_input, resolve_source

_PATH: Any = type(Path())


class DeclaredPath(_PATH):  # type: ignore[misc]
    """A path with the suffix of the declared format, whatever its name is."""

    suffixes_declared: tuple[str, ...] = ()

    @property
    def suffix(self) -> str:
        """The last suffix of the format, ``.gz`` of ``csv.gz``; that of the name without one."""
        return self.suffixes_declared[-1] if self.suffixes_declared else str(super().suffix)

    def with_suffix(self, suffix: str) -> Path:
        """The path without the last suffix of its format; its name stays."""
        if suffix or not self.suffixes_declared:
            return Path(super().with_suffix(suffix))
        return _make_path(self, self.suffixes_declared[:-1])


def check_input_format(form: str) -> tuple[str, ...]:
    """The suffixes of a format such as ``csv``, ``.TSV`` or ``jsonl.gz``.

    Raises UsageError ``bad-input-format``.
    """
    first, *others = form.strip().lower().removeprefix(".").split(".")
    suffixes = (f".{first}", *(f".{other}" for other in others))
    is_known = suffixes[0] in READERS and all(suffix in SUFFIXES for suffix in suffixes[1:])
    if not is_known or len(suffixes) > 2:
        known = [suffix.removeprefix(".") for suffix in READERS]
        raise UsageError("bad-input-format", value=form, known=known)
    return suffixes


def open_source_path(source: str | Path, form: str | None) -> Path:
    """The path of a SOURCE: a folder, a file, or ``-``; a file is of the declared format.

    Raises OSError, ValueError for standard input that is closed; UsageError ``bad-input-format``.
    """
    suffixes = check_input_format(form) if form else ()
    path = resolve_source(source, "".join(suffixes))
    is_file = bool(suffixes) and not is_standard_input(path) and not path.is_dir()
    return _make_path(path, suffixes) if is_file else path


def declare_format(path: Path, form: str | None) -> Path:
    """The path as one of a declared format, if its suffix names none.

    Raises UsageError ``bad-input-format``.
    """
    if form is None or is_readable(path):
        return path
    return _make_path(path, check_input_format(form))


def _make_path(path: Path, suffixes: tuple[str, ...]) -> Path:
    declared = DeclaredPath(path)
    declared.suffixes_declared = suffixes
    return declared
