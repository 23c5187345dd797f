"""The formats of pictures as parameters of tests; pptx needs the extra of that name."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from refgraph.renderers.pictures import FORMATS

HAS_PPTX = find_spec("pptx") is not None
needs_pptx = pytest.mark.skipif(not HAS_PPTX, reason="python-pptx is missing")
PICTURE_FORMATS = [
    pytest.param(form, marks=needs_pptx if form == "pptx" else ()) for form in FORMATS
]
