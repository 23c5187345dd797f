"""What the time of money costs: days of credit as a share of the price."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def credit_cost(days: ArrayLike, yearly_rate: float, year: float = 365.0) -> NDArray[np.float64]:
    """Cost of payment after `days`, as a share of the price.

    Formula: days rate / 365, simple interest on a year of 365 days, as in trade credit (Brealey & Myers
    1981). days: any shape; below 0 = paid in advance, a gain; nan stays nan. Range: the sign of days; unit:
    share of the price. Raises ValueError unless the rate is >= 0 and finite and the year is above 0.

    >>> f"{credit_cost(120, 0.06):.2%}"
    '1.97%'
    """
    if not (0.0 <= yearly_rate < np.inf and 0.0 < year < np.inf):
        raise ValueError("the yearly rate must be at least 0 and the year longer than 0 days")
    return np.asarray(np.asarray(days, np.float64) * yearly_rate / year)
