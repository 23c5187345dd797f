"""Random numbers: one stream per thing drawn, so that a knob changes its subject and little else.

Philox (Salmon et al., SC 2011) seeded by (seed, name, block): no stream depends on threads or on
the order of work.
"""

from __future__ import annotations

import zlib

import numpy as np


def make_stream(seed: int, name: str, block: int = 0) -> np.random.Generator:
    """The stream ``name`` of a seed; a table that is written in blocks has one per block."""
    sequence = np.random.SeedSequence([seed, zlib.crc32(name.encode()), block])
    return np.random.Generator(np.random.Philox(sequence))
