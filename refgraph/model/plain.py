"""Messages as plain values of JSON, for keeping, and back again, the same."""

from __future__ import annotations

from datetime import date
from typing import Any

from refgraph.model.message import Amount, Label, Message, Names


def plain(value: object) -> Any:
    """A value of a Message, or a Message, in lists, dicts, text and numbers."""
    if isinstance(value, Message):
        return {"message": value.id, "values": {name: plain(each) for name, each in value.values.items()}}
    if isinstance(value, Amount):
        return {"amount": value.number, "unit": value.unit, "money": value.money}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, tuple):
        return {"several": [plain(each) for each in value]}
    if isinstance(value, Names):
        return {"names": list(value.names), "more": value.more}
    if isinstance(value, Label):
        return {"label": value.word}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def told(value: Any) -> Any:
    """What `plain` was given. Raises KeyError for a form that it does not make."""
    if isinstance(value, list):
        return [told(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "message" in value:
        return Message(value["message"], {name: told(each) for name, each in value["values"].items()})
    if "amount" in value:
        return Amount(value["amount"], value["unit"], value["money"])
    if "several" in value:
        return tuple(told(each) for each in value["several"])
    if "names" in value:
        return Names(tuple(value["names"]), value["more"])
    return Label(value["label"]) if "label" in value else date.fromisoformat(value["day"])
