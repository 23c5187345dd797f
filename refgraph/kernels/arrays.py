"""Types of the arrays that kernels take, and checks of arguments."""

from typing import Any

import numpy as np
import numpy.typing as npt

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]


def check_indices(array: npt.NDArray[Any], name: str) -> Int32:
    """`array` as contiguous int32[n]. Another dtype is refused, because converting a wider index
    could truncate it.

    Raises ValueError unless it is int32 of one dimension.
    """
    if array.dtype != np.int32 or array.ndim != 1:
        raise ValueError(f"{name} is {array.dtype}{list(array.shape)}, not int32[n]")
    return np.ascontiguousarray(array)


def check_parents(array: npt.NDArray[Any]) -> Int32:
    """`array` as contiguous int32[n]: the index of each node's parent, -1 for none.

    Raises ValueError unless it is int32 of one dimension and every index lies in -1 .. n-1.
    """
    array = check_indices(array, "parent")
    if len(array) and (array.min() < -1 or array.max() >= len(array)):
        raise ValueError("parent holds an index outside -1 .. n-1")
    return array


def to_floats(values: npt.ArrayLike, n: int) -> Float64:
    """`values` as contiguous float64[n]. Raises ValueError unless there are n of them."""
    array = np.ascontiguousarray(values, dtype=np.float64)
    if array.shape != (n,):
        raise ValueError(f"values have the shape {array.shape}, not ({n},)")
    return array


def to_writable(argument: Any) -> Any:
    """A read-only array as a view without that flag; anything else unchanged.

    Read-only arrays are another type to numba, and kernels are compiled for one type each. Polars
    hands out read-only arrays. A kernel that wrote to its input would fail when run plain.
    """
    if isinstance(argument, np.ndarray) and not argument.flags.writeable:
        return np.asarray(_WritableView(argument))
    return argument


class _WritableView:
    """The memory of an array, exposed without its read-only flag."""

    def __init__(self, array: np.ndarray[Any, Any]) -> None:
        self.array = array
        interface = dict(array.__array_interface__)
        interface["data"] = (array.ctypes.data, False)
        self.__array_interface__ = interface
