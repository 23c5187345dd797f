"""Random numbers: one stream for each thing drawn, so that a knob changes what it is about and little else.

Philox (Salmon et al., SC 2011) seeded by (seed, name, block): no stream depends on threads or on the order of work.
"""

from __future__ import annotations

import zlib

import numpy as np


def stream(seed: int, name: str, block: int = 0) -> np.random.Generator:
    """The stream ``name`` of a seed; tables that are written in blocks have one a block."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, zlib.crc32(name.encode()), block])))
