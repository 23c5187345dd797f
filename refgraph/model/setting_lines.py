"""Lines of refgraph.toml, as a user may paste them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

TomlValue = str | bool | int | float | Sequence[str] | Mapping[str, str] | Mapping[str, int]
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def write_setting(name: str, value: TomlValue) -> str:
    """One line, ``name = value``.

    >>> write_setting("columns.customers.id", "客户 编号")
    'columns.customers.id = "客户 编号"'
    """
    return f"{name} = {write_value(value)}"


def write_value(value: TomlValue) -> str:
    """A value as TOML.

    >>> write_value({"customers": "a", "订单": "b"})
    '{ customers = "a", "订单" = "b" }'
    """
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, (bool, int, float)):
        return json.dumps(value)
    if isinstance(value, Mapping):
        pairs = (f"{write_key(key)} = {write_value(item)}" for key, item in value.items())
        return f"{{ {', '.join(pairs)} }}"
    return f"[{', '.join(map(write_value, value))}]"


def write_key(key: str) -> str:
    """A key as TOML, in quotation marks where it needs them."""
    return key if _BARE_KEY.fullmatch(key) else write_value(key)
