"""Options of a database: how to reach it, what to read, what a load may replace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

from refgraph.intake import IntakeOptions
from refgraph.model.fields import TABLE_NAMES
from refgraph.model.parameter_values import convert_fields, convert_word
from refgraph.model.representation import describe_object
from refgraph.model.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Connection:
    """How a database is reached, and what is read from it.

    env_file: file with lines ``NEO4J_...=...``. insecure: allow unencrypted traffic to another
    machine. ask_password: asks a person for it. snapshot: keep what is read on this machine, and
    use it while the database is unchanged. label to property: names in a graph that refgraph did
    not load, see `ExternalGraphNames`; None = as configured. cypher: table -> a reading statement
    that returns its rows. compute_all: read all data and compute every answer, even if a part of
    the data or a stored answer would give the same result.
    Raises UsageError for a value of another kind.
    """

    env_file: str | None = None
    database: str | None = None
    insecure: bool = False
    ask_password: Callable[[], str] | None = field(default=None, compare=False)
    snapshot: bool = False
    label: tuple[str, ...] | None = None
    relationship: tuple[str, ...] | None = None
    reversed: bool | None = None
    reversed_relationship: tuple[str, ...] | None = None
    orders_label: str | None = None
    orders_relationship: str | None = None
    property: tuple[str, ...] | None = None
    cypher: Mapping[str, str] = field(default_factory=dict)
    compute_all: bool = False

    def __repr__(self) -> str:
        """The fields that differ from the defaults."""
        default, changed = type(self)(), []
        for name in (part.name for part in fields(self) if part.compare):
            value = getattr(self, name)
            if value != getattr(default, name):
                changed.append(f"{name}={value!r}")
        return describe_object(self, *changed)

    def __post_init__(self) -> None:
        convert_fields(self)
        for table in self.cypher:
            convert_word(table, TABLE_NAMES, "cypher")


@dataclass(frozen=True, kw_only=True)
class OpenRequest:
    """A database to be read.

    settings: those of the configuration file, with the columns named on the command line.
    has_config: whether the person named that file, so that it overrides the settings stored with
    the data. has_columns: whether columns were named.
    """

    connection: Connection = Connection()
    settings: Settings = field(default_factory=Settings)
    has_config: bool = False
    has_columns: bool = False
    intake: IntakeOptions = IntakeOptions()


@dataclass(frozen=True)
class LoadOptions:
    """What a load may do about data that is already in the database.

    resume: continue a load that was interrupted. replace: delete what refgraph has loaded before.
    into_existing: load next to data of other programs.
    Raises UsageError for a value of another kind.
    """

    resume: bool = False
    replace: bool = False
    into_existing: bool = False

    def __post_init__(self) -> None:
        convert_fields(self)


class LoadAction(StrEnum):
    """What a load does, or has done; the value is the key of its sentence in ``texts``."""

    NEW = "new"
    SAME = "same"
    """This very load is there already: nothing is written."""
    ALIKE = "alike"
    """Equal data is there, read from other files or lines: nothing is written."""
    RESUME = "resume"
    REPLACE = "replace"
    IMPORT = "import"
    """Written by the bulk import tool of the server."""

    @property
    def writes_nothing(self) -> bool:
        """Whether the data is in the database already."""
        return self in (LoadAction.SAME, LoadAction.ALIKE)
