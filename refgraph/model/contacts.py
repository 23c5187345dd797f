"""Columns of customers with contact persons, and what separates several of them in a cell."""

from __future__ import annotations

CONTACT_COLUMNS = ("contact", "phone", "email")
CONTACT_SEPARATOR = "; "
