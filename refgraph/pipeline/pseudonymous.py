"""Sources that are read with a key: the engine, its parties by their real names, safe errors."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from refgraph.engines.base import Engine
from refgraph.engines.offline import OfflineEngine
from refgraph.errors import FileError, RefgraphError
from refgraph.intake.pseudonyms import GROUP, HIDDEN, PARTY, Pseudonyms, pseudonymize
from refgraph.model.dataset import Dataset
from refgraph.model.refusals import describe_refusal
from refgraph.pipeline.options import SourceOptions, check_key

SAFE_VALUES = frozenset(
    {
        *("file", "files", "path", "line", "table", "tables", "row", "format", "kind", "code"),
        *("flag", "flags", "encoding", "encodings", "uri", "analysis", "most", "known"),
    }
)
"""Values of errors that hold no cell and no header; numbers and errors of files are shown, too."""


def load_key(path: str | Path) -> bytes:
    """The key in a file, without the line break at its end.

    Raises FileError ``cannot-read``; UsageError ``key-empty``, ``key-short``.
    """
    try:
        key = Path(path).read_bytes().rstrip(b"\r\n")
    except OSError as error:
        raise FileError("cannot-read", path=str(path), why=describe_refusal(error)) from error
    check_key(key, str(path))
    return key


class PseudonymousEngine(OfflineEngine):
    """An engine in memory whose data name nobody.

    names: real name -> pseudonym of the only party that has it.
    """

    def __init__(self, data: Dataset, source: str, pseudonyms: Pseudonyms) -> None:
        super().__init__(pseudonymize(data, pseudonyms), source)
        self._pseudonyms = pseudonyms
        self._parties = frozenset(self.dataset().customers["id"])
        self._names = _find_unique_names(data)

    def find_pseudonym(self, text: str) -> str:
        """The pseudonym of the party or group that a person names by ID or name.

        A text that names none, or a pseudonym itself, is returned as it is.
        """
        for id in (text, self._names.get(text)):
            pseudonym = self._pseudonyms.make(PARTY, id) if id is not None else ""
            if pseudonym in self._parties:
                return pseudonym
        group = self._pseudonyms.make(GROUP, text)
        return group if group in self._list_groups() else text

    def _list_groups(self) -> frozenset[str]:
        data = self.dataset()
        groups = set(data.customers["group"].drop_nulls())
        if data.affiliations is not None:
            groups.update(data.affiliations["group"].drop_nulls())
        return frozenset(groups)


def _find_unique_names(data: Dataset) -> Mapping[str, str]:
    """Name -> ID, for names that only one party has, and for confirmed spellings."""
    named = data.customers.select("name", "id").drop_nulls()
    return data.confirmed_names | dict(named.unique("name", keep="none").iter_rows())


def hide_engine(engine: Engine, options: SourceOptions) -> Engine:
    """The engine itself, or with a key one in memory with pseudonyms. Raises as the engine."""
    if options.pseudonym_key is None:
        return engine
    source = str(engine.origin().get("source", ""))
    try:
        return PseudonymousEngine(engine.dataset(), source, Pseudonyms(options.pseudonym_key))
    finally:
        engine.close()


@contextlib.contextmanager
def hide_errors(options: SourceOptions) -> Iterator[None]:
    """With a key, errors of reading lose every value that may come from a cell."""
    if options.pseudonym_key is None:
        yield
        return
    try:
        yield
    except FileError:
        raise
    except RefgraphError as error:
        raise _hide_values(error) from None
    except (OSError, MemoryError):
        raise
    except Exception as error:
        raise RefgraphError("internal", kind=type(error).__name__, what=HIDDEN) from None


def _hide_values(error: RefgraphError) -> RefgraphError:
    """The same error, and those found with it, with `HIDDEN` for texts that are not safe."""
    values = {
        name: value if name in SAFE_VALUES or isinstance(value, (int, float)) else HIDDEN
        for name, value in error.values.items()
    }
    return type(error)(error.id, [_hide_values(other) for other in error.others], **values)
