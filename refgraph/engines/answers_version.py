"""The version of the answers and summaries that a load stores in its database."""

from __future__ import annotations

ANSWERS_VERSION = 35
"""Raise it by one when stored answers are no longer what refgraph would compute or can read.

That is: a value, a column, a message id or a placeholder of a stored answer changes, or the JSON
form in `model.result_serialization` or `model.graph_summary`. A database that was loaded under
another version recomputes everything until ``refgraph load`` is run again.
``tests/engines/test_answers_version.py`` fails when it should have been raised.
"""
