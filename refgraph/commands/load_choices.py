"""The options of ``refgraph load`` as one value."""

from __future__ import annotations

from dataclasses import dataclass

from refgraph.engines.options import LoadOptions


@dataclass(frozen=True, kw_only=True)
class LoadChoices:
    """Where and how data are loaded."""

    into: str
    resume: bool
    replace: bool
    yes: bool
    into_existing: bool
    via: str
    admin: str
    sync: bool
    plan: bool
    prune: bool

    def to_load_options(self) -> LoadOptions:
        """What may be done with data that are already there."""
        return LoadOptions(self.resume, self.replace, self.into_existing)
