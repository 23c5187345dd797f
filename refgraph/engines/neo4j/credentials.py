"""The address of a database and the credentials for it, checked before anything is sent."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from refgraph.engines import NEO4J_SCHEMES
from refgraph.engines.options import Connection
from refgraph.errors import FileError, UsageError
from refgraph.model.refusals import describe_refusal

DEFAULT_PORT = 7687
DEFAULT_USER, DEFAULT_DATABASE = "neo4j", "neo4j"


@dataclass(frozen=True)
class Credentials:
    """A database and the right to use it. ask_password: asks a person for it if it is needed."""

    uri: str
    _: KW_ONLY
    user: str = DEFAULT_USER
    password: str | None = field(default=None, repr=False)
    database: str = DEFAULT_DATABASE
    ask_password: Callable[[], str] | None = field(default=None, repr=False, compare=False)

    @property
    def host(self) -> str:
        """The host in the address."""
        return urlsplit(self.uri).hostname or ""

    @property
    def port(self) -> int:
        """The port in the address, else 7687."""
        return urlsplit(self.uri).port or DEFAULT_PORT

    @property
    def is_unencrypted(self) -> bool:
        """Whether everything is sent as plain text."""
        return "+" not in urlsplit(self.uri).scheme


def resolve_credentials(
    uri: str,
    connection: Connection = Connection(),
    environment: Mapping[str, str] = os.environ,
) -> Credentials:
    """The credentials for an address; ``neo4j://`` alone stands for the one in ``NEO4J_URI``.

    The file ``connection.env_file``, with lines ``NEO4J_PASSWORD=...``, overrides the environment.
    Raises UsageError ``bad-uri``, ``no-uri``, ``password-in-uri``, ``insecure-uri``; FileError.
    """
    variables = dict(environment)
    if connection.env_file:
        variables |= _read_env_file(connection.env_file)
    if uri.rstrip("/") in ("neo4j:", "bolt:"):
        uri = variables.get("NEO4J_URI", "")
        if not uri:
            raise UsageError("no-uri")
    parts = _parse_uri(uri)
    if parts.username or parts.password:
        raise UsageError("password-in-uri", uri=f"{parts.scheme}://{parts.hostname}")
    credentials = Credentials(
        uri.rstrip("/"),
        user=variables.get("NEO4J_USERNAME") or DEFAULT_USER,
        password=variables.get("NEO4J_PASSWORD") or None,
        database=connection.database or variables.get("NEO4J_DATABASE") or DEFAULT_DATABASE,
        ask_password=connection.ask_password,
    )
    is_exposed = credentials.is_unencrypted and not _is_loopback(credentials.host)
    if is_exposed and not connection.insecure:
        raise UsageError("insecure-uri", uri=credentials.uri)
    return credentials


def _parse_uri(uri: str) -> SplitResult:
    """The parts of an address. Raises UsageError ``bad-uri``, without a password in it."""
    error = UsageError("bad-uri", uri=uri.rpartition("@")[2], known=list(NEO4J_SCHEMES))
    try:
        parts = urlsplit(uri)
        host, _ = parts.hostname, parts.port  # reading the port checks it
    except ValueError:
        raise error from None
    has_more = parts.path not in ("", "/") or parts.query or parts.fragment
    if parts.scheme not in NEO4J_SCHEMES or not host or has_more:
        raise error
    return parts


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _read_env_file(path: str) -> dict[str, str]:
    """Lines ``NEO4J_...=VALUE``, with or without ``export`` and quotes; other lines are ignored.

    Raises FileError ``cannot-read``.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FileError("cannot-read", path=path, why=describe_refusal(error)) from error
    variables = {}
    for line in lines:
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        name = name.strip()
        if equals and name.startswith("NEO4J_"):
            variables[name] = _strip_quotes(value.strip())
    return variables


def _strip_quotes(text: str) -> str:
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1] if is_quoted else text
