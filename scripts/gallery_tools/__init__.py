"""Draw every layout and every chart, to be looked at."""
