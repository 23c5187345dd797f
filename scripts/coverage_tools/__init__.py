"""How often the intervals of `value-gap`, `retention` and `referral-rate` hold what was planted."""
