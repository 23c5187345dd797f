"""How often the intervals of `value-gap` hold the gap that was planted."""
