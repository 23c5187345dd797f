"""The files of a company as they were on a day: the oracle of ``--as-of``, with csv alone.

The cut at a day removes, from the files,

* referrals, orders, events and acquaintances (``since`` of contacts) after the day;
* ``left`` (with ``left_to``), ``returned`` and ``lost_at`` after the day;
* ``joined`` after the day; a party with a later first contract or order becomes a prospect;
* parties whose first date of any kind (contract, order, referral by or of them, loss) is later; a
  referral of a party by itself is none;
* the status of an undated stage: lost without ``lost_at``, contacted, negotiating.

A removed row leaves a blank line, so that the lines of the others stay the same.
"""

from __future__ import annotations

import csv
import shutil
from collections import Counter, defaultdict
from pathlib import Path

Row = dict[str, str]
HEADERS = {
    "客户编号": "id",
    "客户名称": "name",
    "角色": "role",
    "成交状态": "status",
    "首次合同日期": "joined",
    "流失日期": "left",
    "流向": "left_to",
    "丢单日期": "lost_at",
    "回归日期": "returned",
    "推荐人": "referrer",
    "被推荐人": "referred",
    "推荐日期": "at",
    "订单日期": "at",
}
DATES = {"referrals": "at", "orders": "at", "events": "at", "contacts": "since"}
"""Table -> its column of dates."""
OWNERS = {"affiliations": "customer", "events": "party", "contacts": "party"}
"""Table -> the column of the party without which a row is not on record."""
LOST = ("lost", "丢单", "已丢单")
OPEN = ("contacted", "negotiating", "已联系", "洽谈中")
UNKNOWN = "9999-12-31"


class Table:
    """Rows of a file by canonical column names; ``None`` for a row that was removed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open(encoding="utf-8-sig", newline="") as file:
            self.headers, *cells = list(csv.reader(file))
        own = "customer" if path.stem in ("orders", "affiliations") else "id"
        self.columns = [own if h == "客户编号" else HEADERS.get(h, h) for h in self.headers]
        self.rows: list[Row | None] = [dict(zip(self.columns, c, strict=True)) for c in cells]

    def write(self, path: Path) -> None:
        """Write the file, a blank line for each removed row."""
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(self.headers)
            for row in self.rows:
                if row is None:
                    file.write("\n")
                else:
                    writer.writerow([row[column] for column in self.columns])

    def remove_after(self, day: str, column: str) -> None:
        """Remove the rows with a later date in a column; undated rows stay."""
        self.rows = [None if row and row[column] > day else row for row in self.rows]

    def keep_parties(self, column: str, known: set[str]) -> None:
        """Remove the rows of parties that are not on record."""
        self.rows = [row if row and row[column] in known else None for row in self.rows]


def read_tables(folder: Path) -> dict[str, Table]:
    """Name -> table, for every CSV file of a folder."""
    return {path.stem: Table(path) for path in sorted(folder.glob("*.csv"))}


def write_tables(tables: dict[str, Table], source: Path, target: Path) -> Path:
    """Write the tables, and copy the settings; returns the folder."""
    target.mkdir(parents=True)
    for table in tables.values():
        table.write(target / table.path.name)
    for settings in source.glob("refgraph.toml"):
        shutil.copy(settings, target)
    return target


def cut_folder(source: Path, target: Path, day: str) -> Path:
    """Write the company as of an ISO day; returns the folder."""
    tables = read_tables(source)
    first, first_order = _find_first_dates(tables)
    for name, column in DATES.items():
        if name in tables:
            tables[name].remove_after(day, column)
    customers = tables["customers"]
    for number, row in enumerate(customers.rows):
        assert row is not None
        if first.get(row["id"], "") > day:
            customers.rows[number] = None
        else:
            _cut_customer(row, day, first_order.get(row["id"], ""))
    known = {row["id"] for row in customers.rows if row}
    for name, column in OWNERS.items():
        if name in tables:
            tables[name].keep_parties(column, known)
    return write_tables(tables, source, target)


def add_contacts_and_events(source: Path, target: Path) -> Path:
    """The company with a contact and two events for every party that has a date."""
    tables = read_tables(source)
    first, _ = _find_first_dates(tables)
    contacts, events = ["person,party,since"], ["party,at,kind"]
    for number, row in enumerate(tables["customers"].rows):
        if row and first.get(row["id"]):
            year, rest = int(first[row["id"]][:4]), first[row["id"]][4:7] + "-20"
            contacts.append(f"Person {number},{row['id']},{year + number % 9}{rest}")
            events += [f"{row['id']},{year + k * (number % 5)}{rest},visit" for k in (1, 2)]
    write_tables(tables, source, target)
    for name, lines in (("contacts", contacts), ("events", events)):
        (target / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target


def _find_first_dates(tables: dict[str, Table]) -> tuple[dict[str, str], dict[str, str]]:
    """Id -> its first date of any kind ("" if an undated referral names it), and first order."""
    dates: dict[str, list[str]] = defaultdict(list)
    first_order: dict[str, str] = {}
    for row in tables["customers"].rows:
        assert row is not None
        dates[row["id"]] += [d for d in (row.get("joined"), row.get("lost_at")) if d]
    for row in tables["orders"].rows if "orders" in tables else []:
        assert row is not None
        dates[row["customer"]].append(row["at"])
        first_order[row["customer"]] = min(first_order.get(row["customer"], UNKNOWN), row["at"])
    ids = _list_ids_by_name(tables)
    for row in tables["referrals"].rows if "referrals" in tables else []:
        assert row is not None
        referrer, referred = (ids.get(row[end], row[end]) for end in ("referrer", "referred"))
        for party in (referrer, referred) if referrer != referred else ():
            dates[party].append(row["at"])
    return {id: min(days) for id, days in dates.items() if days}, first_order


def _list_ids_by_name(tables: dict[str, Table]) -> dict[str, str]:
    """Name -> id, for names that one customer bears."""
    rows = [row for row in tables["customers"].rows if row]
    bearers = Counter(row["name"] for row in rows)
    return {row["name"]: row["id"] for row in rows if bearers[row["name"]] == 1}


def name_all_referrers(source: Path, target: Path) -> Path:
    """A company whose referrals hold names in place of ids where one customer bears the name."""
    tables = read_tables(source)
    name_of = {id: name for name, id in _list_ids_by_name(tables).items() if name}
    for row in tables["referrals"].rows:
        assert row is not None
        for end in ("referrer", "referred"):
            row[end] = name_of.get(row[end], row[end])
    return write_tables(tables, source, target)


def _cut_customer(row: Row, day: str, first_order: str) -> None:
    """Change one row of customers to what it was on the day."""
    since = row["joined"] or first_order
    is_lost_later = row.get("lost_at", "") > day
    is_undated = row["status"] in (*LOST, *OPEN) and not row.get("lost_at")
    if row["left"] > day:
        row["left"] = ""
        if "left_to" in row:
            row["left_to"] = ""
    if row.get("returned", "") > day:
        row["returned"] = ""
    if row["joined"] > day:
        row["joined"] = ""
    if is_lost_later:
        row["lost_at"] = ""
    if row.get("role", "") not in ("", "customer", "客户") or row["status"] in ("void", "作废"):
        return
    if since > day or (is_lost_later and row["status"] in LOST):
        row["status"] = "prospect"
    elif is_undated:
        row["status"] = ""


def date_all_stages(source: Path, target: Path) -> Path:
    """A company in which every loss has a date and no stage is undated; returns the folder.

    Losses get a day in the year after the first date of the party; contacted and negotiating
    become prospects.
    """
    tables = read_tables(source)
    first, _ = _find_first_dates(tables)
    customers = tables["customers"]
    customers.headers.append("lost_at")
    customers.columns.append("lost_at")
    for row in customers.rows:
        assert row is not None
        day = first.get(row["id"]) or "2020-05-05"
        is_lost = row["status"] in LOST
        row["lost_at"] = f"{int(day[:4]) + 1}{day[4:7]}-15" if is_lost else ""
        if row["status"] in OPEN:
            row["status"] = "prospect"
    return write_tables(tables, source, target)
