"""Customers for `value-gap`, as rows of files, and its answers row by row."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from refgraph import pipeline
from refgraph.engines.offline import OfflineEngine
from refgraph.model.dataset import Dataset
from refgraph.model.result import Result
from refgraph.texts import LANGUAGES, format_message

Rows = dict[str, dict[str, object]]
START = date(2018, 1, 1)


def draw_customers(seed: int = 1, n: int = 60) -> tuple[Rows, list[dict[str, object]]]:
    """Customers with employees, sector and revenue; every third one referred by the one before."""
    dice = np.random.default_rng(seed)
    people: Rows = {}
    referrals: list[dict[str, object]] = []
    for k in range(n):
        joined = START + timedelta(days=int(dice.integers(0, 1400)))
        people[f"c{k:02}"] = {
            "status": "closed",
            "joined": joined.isoformat(),
            "left": None,
            "sector": "steel" if dice.random() < 0.5 else "ships",
            "employees": int(dice.lognormal(4, 1)) + 1,
            "revenue": round(float(dice.lognormal(3, 0.5)), 2),
        }
        if k % 3 == 2:
            referrals.append({"referrer": f"c{k - 1:02}", "referred": f"c{k:02}", "at": None})
    return people, referrals


def run(data: Dataset, **parameters: object) -> Result:
    result = pipeline.run(OfflineEngine(data), "value-gap", parameters)
    for text in (result.headline, *result.notes):
        assert all(format_message(text, lang) for lang in LANGUAGES)
    return result


def get_row(result: Result, method: str) -> dict[str, Any]:
    return result.frame.filter(result.frame["method"] == method).row(0, named=True)


def list_notes(result: Result) -> set[str]:
    return {note.id for note in result.notes}


def change(people: Rows, **columns: object) -> Rows:
    return {key: {**person, **columns} for key, person in people.items()}


def drop(people: Rows, *columns: str) -> Rows:
    return {k: {c: v for c, v in p.items() if c not in columns} for k, p in people.items()}
