"""What an engine reads from its database, and how."""

from __future__ import annotations

from dataclasses import dataclass

from refgraph.engines.neo4j.external_graph import ExternalGraph
from refgraph.intake import IntakeOptions
from refgraph.model.settings import Settings


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """What is read.

    settings: used instead of those stored with the data; an external graph has only these.
    external_graph: a graph that refgraph did not load, None = what refgraph has loaded. snapshot:
    keep what is read on this machine. compute_all: compute every answer from all data. intake:
    rules for an external graph; whether sensitive columns are read.
    """

    settings: Settings | None = None
    external_graph: ExternalGraph | None = None
    snapshot: bool = False
    compute_all: bool = False
    intake: IntakeOptions = IntakeOptions()

    @property
    def allows_stored_answers(self) -> bool:
        """Whether the data is read exactly as it was loaded, so stored answers would be the same.

        Leaving out sensitive columns changes no answer.
        """
        is_changed = self.external_graph is not None or self.settings is not None
        return not (is_changed or self.snapshot or self.compute_all)
