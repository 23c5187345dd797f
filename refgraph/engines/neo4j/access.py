"""Who may be reached, and as whom: the address of a database and its credentials, checked before anything is sent."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from refgraph.errors import FileError, UsageError

SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
PORT = 7687
USER, DATABASE = "neo4j", "neo4j"


@dataclass(frozen=True)
class Access:
    """A database and the right to use it. ask: gets the password from a person, where there is one and it is needed."""

    uri: str
    user: str = USER
    password: str | None = field(default=None, repr=False)
    database: str = DATABASE
    ask: Callable[[], str] | None = field(default=None, repr=False, compare=False)

    @property
    def host(self) -> str:
        """The host as it stands in the address."""
        return urlsplit(self.uri).hostname or ""

    @property
    def port(self) -> int:
        """The port, 7687 where the address names none."""
        return urlsplit(self.uri).port or PORT

    @property
    def plain(self) -> bool:
        """Whether everything travels unencrypted."""
        return "+" not in urlsplit(self.uri).scheme


def is_address(source: object) -> bool:
    """Whether a SOURCE is an address and not a path."""
    return isinstance(source, str) and "://" in source


def reached(uri: str, *, env_file: str | None = None, database: str | None = None, insecure: bool = False,
            environment: Mapping[str, str] = os.environ) -> Access:
    """The Access for an address; ``neo4j://`` alone stands for that in ``NEO4J_URI``.

    env_file: a file of lines ``NEO4J_PASSWORD=...``, which counts before the environment. insecure: lets plain text
    travel to another machine. Raises UsageError ``bad-uri``, ``no-uri``, ``password-in-uri``, ``insecure-uri``; FileError.
    """
    told = {**environment, **(_of_file(env_file) if env_file else {})}
    if uri.rstrip("/") in ("neo4j:", "bolt:"):
        uri = told.get("NEO4J_URI", "")
        if not uri:
            raise UsageError("no-uri")
    parts = _parts(uri)
    if parts.username or parts.password:
        raise UsageError("password-in-uri", uri=f"{parts.scheme}://{parts.hostname}")
    found = Access(uri.rstrip("/"), told.get("NEO4J_USERNAME") or USER, told.get("NEO4J_PASSWORD") or None,
                   database or told.get("NEO4J_DATABASE") or DATABASE)
    if found.plain and not _loopback(found.host) and not insecure:
        raise UsageError("insecure-uri", uri=found.uri)
    return found


def asking(access: Access, ask: Callable[[], str] | None) -> Access:
    """The Access with somebody to ask for the password."""
    return replace(access, ask=ask)


def _parts(uri: str) -> SplitResult:
    try:
        parts = urlsplit(uri)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise UsageError("bad-uri", uri=uri.rpartition("@")[2], known=list(SCHEMES)) from None
    if parts.scheme not in SCHEMES or not host or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise UsageError("bad-uri", uri=uri.rpartition("@")[2], known=list(SCHEMES))
    return parts


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _of_file(path: str) -> dict[str, str]:
    """KEY=VALUE lines; ``export`` in front and quotes around are allowed, other lines are comments."""
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FileError("cannot-read", path=path, why=getattr(error, "strerror", None) or "UTF-8") from error
    pairs = (line.strip().removeprefix("export ").partition("=") for line in lines if not line.lstrip().startswith("#"))
    return {key.strip(): _unquoted(value.strip()) for key, sign, value in pairs if sign and key.strip().startswith("NEO4J_")}


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text
