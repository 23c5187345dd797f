"""E-mail, phone, address and tax number: none can exist, and none comes twice but for the alias pair."""

from __future__ import annotations

from typing import NamedTuple

AREA_CODES = {
    "河北": "0311", "北京": "010", "天津": "022", "山东": "0531", "山西": "0351", "河南": "0371", "辽宁": "024",
    "江苏": "025", "浙江": "0571", "安徽": "0551", "湖北": "027", "广东": "020", "四川": "028", "陕西": "029",
}  # fmt: skip
MANAGERS = ("林若岚", "陈柏舟", "何予安", "宋知微")


class Contact(NamedTuple):
    """Four columns of customers.csv. Real subscriber numbers do not start with 0, tax numbers hold no Z."""

    email: str
    phone: str
    address: str
    tax_id: str


ALIAS = {"C089": Contact("hezuo@c089.example", "（0531）0000 0038", "山东镜湖区渔火里89号", "9137 0000 zz00 0038 7k")}
"""C089 is C038 once more: same phone and tax number after normalisation, another e-mail and address."""


def contact(id: str, region: str, buys: bool) -> Contact:
    """What is on file; prospects have neither address nor tax number, every ninth customer no e-mail."""
    if id in ALIAS:
        return ALIAS[id]
    number = int(id[1:])
    email = f"caigou@{id.lower()}.example" if number % 9 else ""
    phone = f"{AREA_CODES[region]}-0000{number:04d}"
    if not buys:
        return Contact(email, phone, "", "")
    return Contact(email, phone, f"{region}镜湖区云溪路{number}号", f"91370000ZZ{number:06d}7K")


def manager(id: str) -> str:
    """Who looks after the party."""
    return MANAGERS[int(id[1:]) % len(MANAGERS)]
