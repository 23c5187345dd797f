"""Writes behind the lease, in batches that may be repeated."""

from __future__ import annotations

import logging

from refgraph.engines.neo4j.connection import Database, Rows, Step
from refgraph.engines.neo4j.lease import Lease
from refgraph.errors import CommitLostError

BATCH_ROWS = 10_000
"""Rows written or deleted in one transaction."""
MAX_REPLAYS = 5
"""How often a batch is written again if it is unknown whether it was committed."""
LOGGER = logging.getLogger("refgraph.engines.neo4j")


def write_under_lease(database: Database, lease: Lease, *steps: Step) -> list[Rows]:
    """The rows of each step, all in one transaction that fails if the lease is no longer ours.

    It is run again after CommitLostError, so every step has to be safe to run twice.
    Raises LockedError ``lease-lost``, DatabaseError.
    """
    replays = 0
    while True:
        try:
            _, *rows = database.write(lease.guard_step(), *steps, guard=True)
            return rows
        except CommitLostError:
            if replays == MAX_REPLAYS:
                raise
            replays += 1
            LOGGER.debug("commit lost: batch is written again (%d)", replays)
