"""E-mail, phone, address and tax number: none can exist; only the alias pair shares one."""

from __future__ import annotations

from typing import NamedTuple

AREA_CODES = {
    "河北": "0311",
    "北京": "010",
    "天津": "022",
    "山东": "0531",
    "山西": "0351",
    "河南": "0371",
    "辽宁": "024",
    "江苏": "025",
    "浙江": "0571",
    "安徽": "0551",
    "湖北": "027",
    "广东": "020",
    "四川": "028",
    "陕西": "029",
}
MANAGERS = ("林若岚", "陈柏舟", "何予安", "宋知微")


class Contact(NamedTuple):
    """Four columns of customers.csv.

    Real subscriber numbers do not begin with 0, and real tax numbers contain no Z.
    """

    email: str
    phone: str
    address: str
    tax_id: str


ALIASES = {
    "C089": Contact(
        "hezuo@c089.example", "（0531）0000 0038", "山东镜湖区渔火里89号", "9137 0000 zz00 0038 7k"
    )
}
"""C089 is C038 again: same phone and tax number once normalized, other e-mail and address."""


def make_contact(id: str, region: str, buys: bool) -> Contact:
    """The contact data of a party.

    Prospects have neither address nor tax number, every ninth customer has no e-mail.
    """
    if id in ALIASES:
        return ALIASES[id]
    number = int(id[1:])
    email = f"caigou@{id.lower()}.example" if number % 9 else ""
    phone = f"{AREA_CODES[region]}-0000{number:04d}"
    if not buys:
        return Contact(email, phone, "", "")
    return Contact(email, phone, f"{region}镜湖区云溪路{number}号", f"91370000ZZ{number:06d}7K")


def pick_manager(id: str) -> str:
    """The account manager of a party."""
    return MANAGERS[int(id[1:]) % len(MANAGERS)]
