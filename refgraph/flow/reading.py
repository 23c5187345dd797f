"""How a SOURCE is read: everything a person may say about the form of the files, or about the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from refgraph.intake import Options


@dataclass(frozen=True)
class Connection:
    """How a database is reached, and what is read in it.

    env_file: file with ``NEO4J_...`` lines. insecure: plain text may travel to another machine. ask: gets the password
    from a person. snapshot: keep what was read, and read what was kept. whole: compute every answer from all that is there,
    even where a part or an answer kept with the load says the same. label, relationship, reversed: the names in a graph
    that refgraph did not load, None = as in its configuration.
    """

    env_file: str | None = None
    database: str | None = None
    insecure: bool = False
    ask: Callable[[], str] | None = field(default=None, compare=False)
    snapshot: bool = False
    label: str | None = None
    relationship: str | None = None
    reversed: bool | None = None
    whole: bool = False


@dataclass(frozen=True)
class Reading:
    """Single tables beside or in place of SOURCE, patches of customers, dialect, columns, how strict intake is, and how a
    database is reached."""

    customers: tuple[str, ...] = ()
    referrals: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    patches: tuple[str, ...] = ()
    delimiter: str | None = None
    encoding: str | None = None
    config: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    intake: Options = Options()
    connection: Connection = Connection()
