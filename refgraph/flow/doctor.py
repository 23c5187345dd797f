"""Facts about this installation that a person needs when something is odd."""

from __future__ import annotations

import locale
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec

from refgraph import config
from refgraph.errors import RefgraphError
from refgraph.flow.reading import Connection
from refgraph.model.message import Message, message

PACKAGES = ("refgraph", "polars", "numpy", "numba", "scipy", "networkx", "matplotlib", "neo4j", "click", "rich")
OLDEST = (3, 11)
KERNELS = ("refgraph.layouts",)
"""Packages with compiled kernels beside `refgraph.kernels`."""


@dataclass(frozen=True)
class Fact:
    """One line of the doctor; ``remedy`` where it is not good."""

    good: bool
    message: Message
    remedy: Message | None = None


def findings(config_file: str | None, warm: bool) -> Iterator[Fact]:
    """Python and packages, Chinese font, locale, config and where it came from, the cache of compiled kernels."""
    yield Fact(sys.version_info >= OLDEST, message("doctor.python", version=sys.version.split()[0]))
    yield from _packages()
    font = find_spec("zhplot")
    yield Fact(font is not None, message("doctor.font" if font else "doctor.no-font"), message("doctor.no-font-remedy"))
    utf8 = locale.getpreferredencoding(False).lower().replace("-", "") == "utf8"
    yield Fact(utf8, message("doctor.locale", encoding=locale.getpreferredencoding(False)), message("doctor.locale-remedy"))
    yield _config(config_file)
    yield from _cache(warm)


def of_database(uri: str, how: Connection) -> Iterator[Fact]:
    """Facts about a database. Raises UsageError, FileError, DatabaseError."""
    from refgraph.engines.neo4j import health
    from refgraph.engines.neo4j.database import Database
    from refgraph.flow.databases import access

    database = Database(access(uri, how))
    try:
        for good, told, remedy in health.findings(database):
            yield Fact(good, told, remedy)
    finally:
        database.close()


def _packages() -> Iterator[Fact]:
    for name in PACKAGES:
        try:
            yield Fact(True, message("doctor.package", name=name, version=metadata.version(name)))
        except metadata.PackageNotFoundError:
            yield Fact(False, message("doctor.no-package", name=name), message("doctor.no-package-remedy"))


def _config(given: str | None) -> Fact:
    path = config.locate(None, given)
    try:
        config.load(path)
    except RefgraphError as error:
        return Fact(False, message("doctor.config-bad", path=str(path), why=str(error)), message("doctor.config-remedy"))
    return Fact(True, message("doctor.config", path=str(path)) if path else message("doctor.no-config"))


def _cache(warm: bool) -> Iterator[Fact]:
    from refgraph.kernels import cache, compile

    if warm:
        yield Fact(True, message("doctor.warmed", kernels=compile.warm(*KERNELS)))
    path, preferred = cache.folder()
    yield Fact(preferred, message("doctor.cache", path=str(path)), message("doctor.cache-remedy"))
