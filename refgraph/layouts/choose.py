"""Which picture suits a tree of so many names."""

from typing import Literal

Style = Literal["tidy", "rows", "trunk"]
STYLES: tuple[Style, ...] = ("tidy", "rows", "trunk")

TIDY_UP_TO = 80
"""Names that a tidy tree shows at a glance."""

WHOLE_UP_TO = 300
"""Names that a picture shows at all; of more than that only the trunk."""


def style(
    n_names: int,
    requested: str = "auto",
    *,
    tidy_height: float | None = None,
    rows_height: float | None = None,
) -> Style:
    """The style `requested`, or for "auto" the one for `n_names` parties.

    Up to 80 "tidy", above 300 "trunk"; between them the lower page of "tidy" and "rows" by their heights in
    pixels, and "rows", where each family has its own band, when they are equally high or not known.

    Raises ValueError when `requested` is neither "auto" nor a style, or `n_names` is negative.
    """
    for known in STYLES:
        if requested == known:
            return known
    if requested != "auto" or n_names < 0:
        raise ValueError(f"no style for {n_names} names and {requested!r}")
    if n_names <= TIDY_UP_TO:
        return "tidy"
    if n_names > WHOLE_UP_TO:
        return "trunk"
    if tidy_height is None or rows_height is None:
        return "rows"
    return "tidy" if tidy_height < rows_height else "rows"
