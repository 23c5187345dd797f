"""Orders 2022-2025: totals by plan, met to the kilogram; rhythm regular but for the one that fell silent."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from sample_data_maker import members as m
from sample_data_maker.people import joined

HEADERS = ["订单号", "客户编号", "订单日期", "销售额(万元)", "利润(万元)", "数量(kg)", "返利(万元)", "退货(万元)", "服务成本(万元)", "账期(天)"]
START, END = date(2022, 1, 1), date(2025, 12, 31)
LEFT = {"C097": date(2023, 5, 31), "C098": date(2024, 2, 28), "C099": date(2024, 11, 30), "C100": date(2022, 10, 31)}
ABOVE = ["C050", "C051", "C052", "C053", "C054", "C055", "C056", "C037", "C038", "C039", "C040", "C041", "C042", "C031", "C032",
         "C033", "C064", "C065"]  # fmt: skip
"""The small ones of greatest volume, in order: all recommenders but the hidden one are among the upper half."""


def totals() -> dict[str, int]:
    """Kilograms 2022-2025 of every customer."""
    kilos = dict(zip(m.LARGE[:5], (3_612_400, 3_284_000, 3_050_800, 2_570_200, 2_248_600), strict=True))
    for k, id in enumerate(m.LARGE[5:25]):
        kilos[id] = 1_640_000 - 61_300 * k
    kilos[m.JUST_IN] = 400_400
    kilos |= {"C026": 312_600, "C027": 268_200, m.BULK: 642_500, m.NO_PROFIT: 604_800, m.EXPLOITER: 528_300}
    rest = [id for id in m.EXISTING if id not in m.LARGE and id not in ABOVE and id not in (m.HIDDEN, m.RICH_MARGIN)]
    order = [*ABOVE, *rest[:17], m.HIDDEN, m.RICH_MARGIN, *rest[17:]]
    for k, id in enumerate(order):
        kilos[id] = 400_000 if k == 0 else round(368_000 * 0.945 ** (k - 1))
    return kilos | {"C097": 61_000, "C098": 88_400, "C099": 45_200, "C100": 12_600}


def orders() -> list[list[str]]:
    """All orders, by day and customer, numbered in that order."""
    days, draw, found = joined(), Random("l96 orders"), []
    for id, kilos in totals().items():
        found += _of(id, kilos, max(days[id], START), draw)
    found.sort(key=lambda row: (row[1], row[0]))
    return [[f"D{k:05d}", id, day.isoformat(), *rest] for k, (id, day, *rest) in enumerate(found, 1)]


def _of(id: str, kilos: int, start: date, draw: Random) -> list[tuple]:
    dates = _dates(id, start, draw)
    parts = _parts(id, kilos, len(dates), draw)
    return [(id, day, *_money(id, kg, draw)) for day, kg in zip(dates, parts, strict=True)]


def _dates(id: str, start: date, draw: Random) -> list[date]:
    if id == m.ONE_OFF:
        return [date(2023, 5, 17)]
    if id in m.NEW_LARGE:  # one order before they refer, regular ones after
        first = start + timedelta(160)
        return [start + timedelta(6), *(first + timedelta(round(k * (END - first).days / 9)) for k in range(9))]
    end = date(2025, 3, 20) if id == m.SILENT else LEFT.get(id, END)
    span = (end - start).days
    count = max(4, min(span // 40, 8 + int(id[1:]) % 9)) if id != m.SILENT else 24
    gap = span / count
    days = [start + timedelta(round((k + 0.5) * gap + draw.uniform(-0.2, 0.2) * gap)) for k in range(count)]
    return [*days[:-1], END] if id == "C001" else days


def _parts(id: str, kilos: int, count: int, draw: Random) -> list[int]:
    if id == m.BULK:
        small = [draw.randint(2_000, 5_000) for _ in range(count - 2)]
        return [*small, kilos - 600_000 - sum(small), 600_000] if sum(small) < kilos - 601_000 else _even(kilos, count)
    weights = [draw.uniform(0.8, 1.25) for _ in range(count)]
    parts = [int(kilos * w / sum(weights)) for w in weights]
    parts[-1] += kilos - sum(parts)
    return parts


def _even(kilos: int, count: int) -> list[int]:
    small = (kilos - 600_000) // (count - 1)
    return [*([small] * (count - 2)), kilos - 600_000 - small * (count - 2), 600_000]


def _money(id: str, kg: int, draw: Random) -> list[str]:
    large = id in m.LARGE
    price = draw.uniform(4.2, 5.2) if large else draw.uniform(4.58, 4.62)
    sales = kg * price / 10_000
    margin = draw.uniform(0.03, 0.09) if large else draw.uniform(0.0595, 0.0605)
    margin = {m.NO_PROFIT: 0.001, m.EXPLOITER: 0.08, m.RICH_MARGIN: 0.12}.get(id, margin)
    rebate, returns, service, credit = (0.03, 0.02, 0.025, 120) if id == m.EXPLOITER else (0.002, 0, 0.003, draw.choice((0, 15, 30)))
    amounts = (sales, sales * margin)
    costs = (sales * rebate, sales * returns, sales * service)
    return [*(f"{x:.4f}" for x in amounts), str(kg), *(f"{x:.4f}" for x in costs), str(credit)]
