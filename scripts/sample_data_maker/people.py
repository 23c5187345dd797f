"""Names, dates, sectors and the other columns of customers.csv."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from sample_data_maker import members as m

HEADERS = ["客户编号", "客户名称", "角色", "类型", "成交状态", "首次合同日期", "流失日期", "流向", "行业", "所有制", "地区", "所属集团",
           "客户来源", "发展潜力", "竞争风险", "邮箱", "电话", "地址", "税号", "负责人", "下一步", "计划日期", "完成日期"]  # fmt: skip
WORDS = ("盛镕", "喆源", "堃泰", "翀宇", "宏岳", "嘉禾川", "启棠", "朗润", "恒叙", "明湛", "博昶", "瑞衡", "景桓", "弘毅达", "隆昱", "凯翎",
         "星澜", "永钧", "卓屹", "泽棠", "万珩", "安澍", "冠岚", "长昊")  # fmt: skip
TRADES = ("机械", "建材", "汽配", "五金", "管业", "结构", "重工", "电力设备", "船舶配套", "金属制品")
SECTORS = ("机械制造", "建筑", "汽配", "五金", "管道", "钢结构", "造船", "电力设备")
REGIONS = ("河北", "山东", "江苏", "辽宁", "广东", "浙江", "四川", "河南")
FAMILIES = ("机构团体", "社区写字楼场馆商铺", "自有会员俱乐部", "代理及联盟商家", "合作物业公司", "展会", "短信直邮", "贵宾会所协会")
OWNERS = ("陈立", "王敏", "赵堃", "李喆")


def name_of(id: str) -> str:
    """The mills by their real names, all others invented; one prospect bears a character beyond the BMP."""
    if id in m.EXISTING[:5]:
        return m.MILLS[int(id[1:]) - 1]
    if id in m.OTHERS:
        return m.OTHERS[id][1]
    k = int(id[1:])
    if id == "C103":
        return "𠮷丰五金"
    return f"{WORDS[(k * 7) % len(WORDS)]}{TRADES[(k * 3 + k // 24) % len(TRADES)]}{'厂' if k % 5 == 0 else '有限公司' if k % 2 else ''}"


def joined() -> dict[str, date]:
    """First contracts: after the referral for the referred, planned for referrers, spread over the years for the rest."""
    draw = Random("l96 joined")
    days = {"C001": date(2001, 12, 1)}
    for id, year in m.JOINED_BEFORE.items():
        days.setdefault(id, date(year, draw.randint(1, 12), draw.randint(1, 28)))
    days |= {id: date.fromisoformat(day) for id, day in m.NEW_LARGE.items()}
    arcs = [*m.REFERRALS, *m.APART, *m.FORMER_REFERRALS]
    for _, referred, day, *_ in arcs:
        if referred.startswith("C"):
            days.setdefault(referred, date.fromisoformat(day) + timedelta(draw.randint(9, 75)))
    days["C041"], days["C049"] = date(2020, 4, 21), date(2025, 4, 15)
    for id in m.EXISTING + m.FORMER:
        days.setdefault(id, date(draw.randint(2006, 2021 if id in m.LARGE else 2023), draw.randint(1, 12), draw.randint(1, 28)))
    return days


def rows(without: str | None) -> list[list[str]]:
    """All 129 rows, in order of id. without: the referred customer that the variant turns into own sales."""
    days, draw = joined(), Random("l96 people")
    sources = _sources(without)
    table = [_customer(id, days, sources, draw) for id in m.EXISTING + m.FORMER]
    table += [_prospect(id, draw) for id in m.PROSPECTS]
    blanks = [""] * (len(HEADERS) - 3)
    return table + [[id, name, role, *blanks] for id, (role, name) in m.OTHERS.items()]


def _sources(without: str | None) -> dict[str, str]:
    found = {r[1]: "老客户推荐" for r in (*m.REFERRALS, *m.FORMER_REFERRALS)}
    for referrer, referred, *_ in m.APART:
        if referrer[0] in "SP":
            found.setdefault(referred, "员工推荐" if referrer[0] == "S" else FAMILIES[3])
    found |= dict.fromkeys(m.NO_SOURCE, "")
    if without:
        found[without] = "自有销售"
    rest = [id for id in m.EXISTING + m.FORMER if id not in found]
    return found | {id: FAMILIES[(k // 3) % 8] if k % 3 == 0 else "自有销售" for k, id in enumerate(rest)}


def _contact(id: str) -> list[str]:
    k = int(id[1:])
    phone, tax = f"139{10_000_000 + 7919 * k}", f"9113{20_000_000_000 + 104_729 * k}MA{k % 10}"
    if id == m.ALIASES[1]:
        twin = int(m.ALIASES[0][1:])
        phone = f"+86 139-{10_000_000 + 7919 * twin}"
        tax = f"9113 {20_000_000_000 + 104_729 * twin} ma{twin % 10}"
    return [f"buyer{k:03d}@example.com", phone, f"{REGIONS[k % 8]}省示例路{k}号", tax]


def _ownership(id: str) -> str:
    k = int(id[1:])
    if k <= 5:
        return ""
    if k <= 21:
        return "集体" if k % 4 == 0 else "国有"
    return "民营" if k <= 30 else ("外资", "民营", "民营", "集体")[k % 4]


def _customer(id: str, days: dict[str, date], sources: dict[str, str], draw: Random) -> list[str]:
    k = int(id[1:])
    sector = {m.IMPORTANT: "卫生", m.NATURE_INSIDE: "教育", m.NATURE_OUTSIDE: "教育"}.get(id, SECTORS[k % 8])
    region = {m.IMPORTANT: "山东", m.NATURE_INSIDE: "河北", m.NATURE_OUTSIDE: "广东"}.get(id, REGIONS[(k * 5) % 8])
    potential = "高" if id == m.STRATEGIC else draw.choice("中低")
    rival = "高" if id == m.STRATEGIC else draw.choice("中低")
    left = {"C097": "2023-06-30", "C098": "2024-03-31", "C099": "2024-12-31", "C100": "2022-11-30"}.get(id, "")
    kind = ("终端用户", "终端用户", "终端用户", "经销商", "分销商", "批发商")[k % 6]
    group = "华岳联合集团" if id in m.GROUP else ""
    return [id, name_of(id), "客户", kind, "已成交", days[id].isoformat(), left, "同行低价" if left else "", sector,
            _ownership(id), region, group, sources[id], potential, rival, *_contact(id), OWNERS[k % 4], "", "", ""]  # fmt: skip


def _prospect(id: str, draw: Random) -> list[str]:
    plan = next((row for row in m.OPEN if row[1] == id), None)
    lost = any(row[1] == id for row in m.LOST)
    k = int(id[1:])
    status = plan[4] if plan else "丢单" if lost else "意向"
    source = "老客户推荐" if plan or lost else FAMILIES[k % 8]
    steps = ["电话回访" if plan[4] == "意向" else "送样报价", plan[5], plan[6]] if plan else ["", "", ""]
    return [id, name_of(id), "客户", "终端用户", status, "", "", "", SECTORS[k % 8], "民营", REGIONS[(k * 5) % 8], "", source,
            draw.choice("中低"), draw.choice("中低"), *_contact(id), OWNERS[k % 4], *steps]  # fmt: skip
