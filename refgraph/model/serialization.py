"""Messages <-> plain JSON values, without loss, so that a database can store them."""

from __future__ import annotations

from datetime import date
from typing import Any

from refgraph.model.message import Amount, Label, Message, Names


def to_json_value(value: object) -> Any:
    """A Message, or a value of one, as dicts, lists, text and numbers."""
    if isinstance(value, Message):
        return {
            "message": value.id,
            "values": {name: to_json_value(item) for name, item in value.values.items()},
        }
    if isinstance(value, Amount):
        return {"amount": value.number, "unit": value.unit, "money": value.money}
    if isinstance(value, list):
        return [to_json_value(item) for item in value]
    if isinstance(value, tuple):
        return {"several": [to_json_value(item) for item in value]}
    if isinstance(value, Names):
        return {"names": list(value.names), "more": value.more}
    if isinstance(value, Label):
        return {"label": value.word}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return value


def from_json_value(value: Any) -> Any:
    """What `to_json_value` was given. Raises KeyError for any dict that it does not make."""
    if isinstance(value, list):
        return [from_json_value(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "message" in value:
        return Message(
            value["message"],
            {name: from_json_value(item) for name, item in value["values"].items()},
        )
    if "amount" in value:
        return Amount(value["amount"], value["unit"], value["money"])
    if "several" in value:
        return tuple(from_json_value(item) for item in value["several"])
    if "names" in value:
        return Names(tuple(value["names"]), value["more"])
    if "label" in value:
        return Label(value["label"])
    return date.fromisoformat(value["day"])
