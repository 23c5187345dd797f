"""The referrals, one per line: 31 of existing customers, then all others. Synthetic."""

from __future__ import annotations

from typing import NamedTuple


class Referral(NamedTuple):
    """One line of the plan. ``reward`` in 元: above 0 paid, 0 unpaid, empty not recorded."""

    referrer: str
    referred: str
    at: str
    share: str
    tie: str
    contact: str
    reward: str


INTO_EXISTING = """
C001|C013|2006-09-12||同学|冯望川|
C013|C014|2011-03-15||前同事|沈既白|
C025|C036|2012-05-08||朋友||
C020|C040|2013-04-16||前同事|纪南乔|
C011|C046|2014-06-17||朋友||0
C020|C048|2015-01-20||前同事|纪南乔|0
C019|C052|2016-01-12||朋友|柳承砚|0
C014|C054|2016-04-19||亲戚||0
C020|C060|2017-06-20||同学|纪南乔|0
C058|C061|2017-09-12||朋友||0
C006|C063|2018-03-20||前同事|傅听澜|0
C040|C064|2018-07-17||邻居||0
C010|C068|2019-05-21||朋友||0
C020|C069|2019-08-20||前同事|纪南乔|0
C067|C070|2019-11-12|0.6|同学|贺知微|0
C039|C070|2019-11-19|0.4|朋友|温如璋|0
C048|C073|2020-04-14||前同事||0
C035|C075|2020-09-15||朋友||0
C020|C077|2021-03-09||朋友|纪南乔|0
C054|C078|2021-06-15||家人朋友||0
C011|C079|2021-08-17||前同事|苗予初|3000
C081|C083|2022-03-28||未见过面||0
C053|C084|2022-04-19||朋友||0
C044|C085|2022-08-16||同学|崔行止|2000
C023|C088|2023-03-14||朋友||0
C086|C090|2023-07-18||邻居|谷雨桐|1500
C087|C091|2023-09-12||未见过面||0
C010|C093|2024-03-19||朋友||0
C020|C095|2024-07-09||前同事|纪南乔|0
C071|C096|2024-09-17||亲戚|洛星河|800
C065|C097|2025-01-14||朋友||0
"""
INTO_FORMER = """
C010|C050|2015-07-14||朋友||
C015|C066|2019-01-15||前同事||
"""
INTO_PROSPECTS = """
C019|C103|2024-06-11||朋友||
C003|C107|2024-10-15||未见过面||
C057|C115|2025-02-11||亲戚||
C067|C119|2025-03-11||同学||
C020|C101|2025-04-15||前同事|纪南乔|
C006|C112|2025-05-13||朋友|傅听澜|
C025|C106|2025-06-17||朋友||
C070|C116|2025-07-15||邻居||
C060|C111|2025-08-12||前同事||
C001|C104|2025-09-16||同学|冯望川|
C020|C108|2025-10-14||朋友|纪南乔|
C073|C118|2025-11-11||前同事||
C015|C109|2025-11-18||朋友||
C063|C114|2025-12-09||家人朋友||
"""
EXCLUDED = """
E01|C007|2008-04-15||同学||
P01|C037|2012-08-21||朋友||
P01|C045|2014-04-15||||
A01|C051|2015-08-18||||
E01|C055|2016-06-14||朋友||
P01|P02|2019-06-18||||
A01|C074|2020-07-14||||
E02|C080|2021-10-12||亲戚||
E02|C085|2022-08-23||朋友||
P02|P01|2023-06-13||||
P02|C094|2024-05-14||||
"""
"""By staff, partners and the authority; two partners referred each other, which is no finding."""


def read_referrals(*blocks: str) -> list[Referral]:
    """The referrals of some blocks (all four by default) by date, then referrer, then referred."""
    lines = "".join(blocks or (INTO_EXISTING, INTO_FORMER, INTO_PROSPECTS, EXCLUDED)).split()
    found = [Referral(*line.split("|")) for line in lines]
    return sorted(found, key=lambda r: (r.at, r.referrer, r.referred))
