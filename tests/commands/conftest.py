"""What tests of the command line share."""

from __future__ import annotations

import pickle
from functools import lru_cache
from pathlib import Path

import pytest
from support.program import MACHINE_SETTINGS

from refgraph import pipeline
from refgraph.engines.base import Engine
from refgraph.pipeline.options import SourceOptions

read_source = pipeline.open_source


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """English, no settings of the machine or the user; returns an empty folder."""
    import os

    for name in list(os.environ):
        if name.startswith(MACHINE_SETTINGS):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user-config"))
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


def open_source_once(source: str | None, options: SourceOptions = SourceOptions()) -> Engine:
    """The engine of a source, read when it is first asked for."""
    return _open_pickled(pickle.dumps((source, options)))


@lru_cache(maxsize=8)
def _open_pickled(words: bytes) -> Engine:
    """The engine for a source and its options, which cannot be keys themselves."""
    return read_source(*pickle.loads(words))


@pytest.fixture
def shared_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls within this process read a source once: for tests of many questions about one source.

    Its files and settings must stay as they are.
    """
    monkeypatch.setattr(pipeline, "open_source", open_source_once)
