"""Which style suits a tree, by the number of its names."""

from typing import Literal

TreeStyle = Literal["tidy", "rows", "trunk"]
TREE_STYLES: tuple[TreeStyle, ...] = ("tidy", "rows", "trunk")

MAX_TIDY_NAMES = 80
"""Names that a tidy tree shows at a glance."""

MAX_WHOLE_NAMES = 300
"""Names that a picture shows; of a larger tree it shows only the trunk."""


def choose_style(
    n_names: int,
    requested: str = "auto",
    *,
    tidy_height: float | None = None,
    rows_height: float | None = None,
) -> TreeStyle:
    """The style `requested`, or for "auto" the one that suits `n_names` parties.

    Up to 80 names "tidy", above 300 "trunk". Between them the style that gives the lower page, by
    the heights in pixels; "rows", where each family has its own band, if they are equal or unknown.

    Raises ValueError when `requested` is neither "auto" nor a style, or `n_names` is negative.
    """
    for known in TREE_STYLES:
        if requested == known:
            return known
    if requested != "auto" or n_names < 0:
        raise ValueError(f"no style for {n_names} names and {requested!r}")
    if n_names <= MAX_TIDY_NAMES:
        return "tidy"
    if n_names > MAX_WHOLE_NAMES:
        return "trunk"
    if tidy_height is None or rows_height is None:
        return "rows"
    return "tidy" if tidy_height < rows_height else "rows"
