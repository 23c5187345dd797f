"""Faults found by chance: hostile files and settings, row orders, signals, kills, and mutants."""
