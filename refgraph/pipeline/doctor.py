"""``doctor``: facts about this installation, its configuration and a database."""

from __future__ import annotations

import locale
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec

from refgraph import config
from refgraph.errors import RefgraphError
from refgraph.model.message import Message, message
from refgraph.pipeline.options import Connection

PACKAGES = (
    "refgraph",
    "polars",
    "numpy",
    "numba",
    "scipy",
    "networkx",
    "matplotlib",
    "neo4j",
    "click",
)
MIN_PYTHON = (3, 11)
KERNEL_PACKAGES = ("refgraph.layouts",)
"""Packages with compiled kernels, in addition to `refgraph.kernels`."""


@dataclass(frozen=True)
class Fact:
    """One line of the report; ``remedy`` is shown if the fact is not good."""

    good: bool
    message: Message
    remedy: Message | None = None


def inspect_installation(config_file: str | None, warm: bool) -> Iterator[Fact]:
    """Facts about Python, packages, Chinese font, locale, configuration and compiled kernels.

    warm: compile all kernels first.
    """
    version = sys.version.split()[0]
    yield Fact(sys.version_info >= MIN_PYTHON, message("doctor.python", version=version))
    yield from _check_packages()
    yield _check_font()
    yield _check_locale()
    yield _check_config(config_file)
    yield from _check_kernels(warm)


def inspect_database(
    uri: str, connection: Connection, config_file: str | None = None
) -> Iterator[Fact]:
    """Facts about a database. Raises UsageError, DataError, FileError, DatabaseError."""
    from refgraph.pipeline.databases import check_database

    for is_good, fact, remedy in check_database(uri, connection, config_file):
        yield Fact(is_good, fact, remedy)


def _check_packages() -> Iterator[Fact]:
    remedy = message("doctor.no-package-remedy")
    for name in PACKAGES:
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield Fact(False, message("doctor.no-package", name=name), remedy)
        else:
            yield Fact(True, message("doctor.package", name=name, version=version))


def _check_font() -> Fact:
    """Whether the package with the Chinese font is installed."""
    remedy = message("doctor.no-font-remedy")
    if find_spec("zhplot") is None:
        return Fact(False, message("doctor.no-font"), remedy)
    return Fact(True, message("doctor.font"), remedy)


def _check_locale() -> Fact:
    encoding = locale.getpreferredencoding(False)
    is_utf8 = encoding.lower().replace("-", "") == "utf8"
    remedy = message("doctor.locale-remedy")
    return Fact(is_utf8, message("doctor.locale", encoding=encoding), remedy)


def _check_config(config_file: str | None) -> Fact:
    path = config.find_config(None, config_file)
    try:
        config.load_settings(path)
    except RefgraphError as error:
        fault = message("doctor.config-bad", path=str(path), why=str(error))
        return Fact(False, fault, message("doctor.config-remedy"))
    if path is None:
        return Fact(True, message("doctor.no-config"))
    return Fact(True, message("doctor.config", path=str(path)))


def _check_kernels(warm: bool) -> Iterator[Fact]:
    """The folder that holds the compiled kernels, and how many were compiled."""
    from refgraph.kernels import cache, compilation

    if warm:
        number = compilation.compile_all(*KERNEL_PACKAGES)
        yield Fact(True, message("doctor.warmed", kernels=number))
    path, is_preferred = cache.find_kernel_folder()
    remedy = message("doctor.cache-remedy")
    yield Fact(is_preferred, message("doctor.cache", path=str(path)), remedy)
