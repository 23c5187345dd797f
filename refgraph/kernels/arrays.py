"""Names for the array types that kernels take, and the checks at their doors."""

from typing import Any

import numpy as np
import numpy.typing as npt

Int32 = npt.NDArray[np.int32]
Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]
Numbers = npt.NDArray[Any]
"""int64 or float64: sums of whole numbers stay whole."""


def indices(array: npt.NDArray[Any], name: str) -> Int32:
    """`array` if it is int32[n], contiguous; it is never converted, for a wider index could be cut off.

    Raises ValueError otherwise.
    """
    if array.dtype != np.int32 or array.ndim != 1:
        raise ValueError(f"{name} is {array.dtype}{list(array.shape)}, not int32[n]")
    return np.ascontiguousarray(array)


def parents(array: npt.NDArray[Any]) -> Int32:
    """`array` if it is int32[n], contiguous, of indices -1 .. n-1: the parent of each node, -1 for none. Raises ValueError
    otherwise."""
    array = indices(array, "parent")
    if len(array) and (array.min() < -1 or array.max() >= len(array)):
        raise ValueError("parent holds an index outside -1 .. n-1")
    return array


def pointers(array: npt.NDArray[Any], name: str) -> Int64:
    """`array` if it is int64[n+1], rising from 0: where the list of each node begins, and the end of the last.

    Raises ValueError otherwise.
    """
    if array.dtype != np.int64 or array.ndim != 1 or len(array) == 0:
        raise ValueError(f"{name} is {array.dtype}{list(array.shape)}, not int64[n+1]")
    if array[0] != 0 or (array[1:] < array[:-1]).any():
        raise ValueError(f"{name} does not rise from 0")
    return np.ascontiguousarray(array)


def numbers(values: npt.ArrayLike, n: int) -> Numbers:
    """A fresh array [n] of `values`: float64 for floats, int64 for whole numbers and truth values.

    Raises ValueError when there are not n of them.
    """
    array = np.asarray(values)
    copy = np.array(array, dtype=np.float64 if array.dtype.kind == "f" else np.int64, order="C")
    if copy.shape != (n,):
        raise ValueError(f"values have the shape {copy.shape}, not ({n},)")
    return copy


def floats(values: npt.ArrayLike, n: int) -> Float64:
    """`values` as contiguous float64[n]; raises ValueError when there are not n of them."""
    array = np.ascontiguousarray(values, dtype=np.float64)
    if array.shape != (n,):
        raise ValueError(f"values have the shape {array.shape}, not ({n},)")
    return array


def one_type(argument: Any) -> Any:
    """The argument as the type a kernel is compiled for: Python numbers, and arrays whether read-only or not.

    A read-only array would be another type to numba and compiled for anew, so it is passed as a view that does not
    say so. A kernel that wrote to its input would be caught when run plain.
    """
    if isinstance(argument, np.generic):
        return argument.item()
    if isinstance(argument, np.ndarray):
        if not argument.flags.c_contiguous:
            raise ValueError("a kernel takes contiguous arrays")
        if not argument.flags.writeable:
            return np.asarray(_Writable(argument))
    return argument


class _Writable:
    """The memory of an array, handed on without its read-only mark."""

    def __init__(self, array: np.ndarray[Any, Any]) -> None:
        self.array = array
        self.__array_interface__ = {**array.__array_interface__, "data": (array.ctypes.data, False)}
