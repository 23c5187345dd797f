"""Columns of customers that say whom to call, and what separates several of them in a cell."""

from __future__ import annotations

CONTACT_COLUMNS = ("contact", "phone", "email")
CONTACT_SEPARATOR = "; "
