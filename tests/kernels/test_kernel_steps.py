"""The estimated work of a kernel, which decides whether it is worth compiling."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import Any, get_type_hints

import numpy as np

from refgraph.kernels import compilation
from refgraph.pipeline.doctor import KERNEL_PACKAGES


def estimate_steps(kernel: compilation.Kernel[..., Any], length: int) -> int:
    """Of a call whose arrays have this length; numbers stand for estimates of the caller."""
    hints = list(get_type_hints(kernel.plain).items())
    arguments = [length if hint in (int, float) else np.zeros(length) for _, hint in hints]
    return int(kernel.steps(*arguments[: len(inspect.signature(kernel.plain).parameters)]))


def test_estimated_steps_of_every_kernel_grow_with_its_arrays() -> None:
    for package in ("refgraph.kernels", *KERNEL_PACKAGES):
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
            importlib.import_module(f"{package}.{module.name}")
    assert len(compilation.registered_kernels) > 25
    for each in compilation.registered_kernels:
        few, many = estimate_steps(each, 1_000), estimate_steps(each, 1_000_000)
        assert few >= 1_000, each.plain
        assert many > 990 * few, each.plain
