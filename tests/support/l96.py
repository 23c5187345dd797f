"""Facts planted in sample_data/l96, by member ID; independent of the package and the maker."""


def ids(*spans: tuple[int, int]) -> set[str]:
    """C001.. style ids of closed spans."""
    return {f"C{k:03d}" for low, high in spans for k in range(low, high + 1)}


def make_ids(numbers: str) -> set[str]:
    """C001.. style ids of numbers with blanks between."""
    return {f"C{int(k):03d}" for k in numbers.split()}


# who is who
FORMER = make_ids("29 35 50 66")
EXISTING = ids((1, 100)) - FORMER
PROSPECTS = ids((101, 124))
OPEN = make_ids("101 104 106 108 109 111 112 114 116 118 119")
LOST = make_ids("103 107 115")
COLD = PROSPECTS - OPEN - LOST
STAFF, PARTNERS, AUTHORITY = {"E01", "E02"}, {"P01", "P02"}, {"A01"}
OTHERS = STAFF | PARTNERS | AUTHORITY

# how they came
KEY_ONLY = make_ids("61 83")
BOTH = make_ids("13 14 36 46 52 64 70 73 79 84 88 91")
OLD_ONLY = make_ids("40 48 54 60 63 68 69 75 77 78 85 90 93 95 96 97")
REFERRED = KEY_ONLY | BOTH | OLD_ONLY
PAID, UNPAID, REWARD_BLANK = 4, 23, 4
PAID_FOR = make_ids("79 85 90 96")
REWARD_NOT_RECORDED = make_ids("13 14 36 40")
RECOMMENDERS = make_ids("1 6 10 11 13 14 19 20 23 25 35 39 40 44 48 53 54 58 65 67 71 81 86 87")
"""Those who referred existing customers."""
NAMING_PROSPECTS = make_ids("1 3 6 15 19 20 25 57 60 63 67 70 73")
OLD_BY_ORDERS = make_ids("86 87")
"""Customers for less than 12 months when they referred, but with two orders before."""
FORMER_REFERRED, FORMER_REFERRER = make_ids("50 66"), "C035"
BY_STAFF_ONLY, BY_STAFF_TOO = make_ids("7 55 80"), "C085"
BY_PARTNER_ONLY = make_ids("37 45 94")
BY_AUTHORITY = make_ids("51 74")
NO_SOURCE = make_ids("4 5 8 17 30 31 49 59 98 100")
DOUBLE_CLAIM, CLAIMANTS = "C070", {"C067", "C039"}
CLAIMED_SHARES = {"C067": "0.6", "C039": "0.4"}
LONGEST_CHAIN = ["C001", "C013", "C014", "C054", "C078"]
OWN_SALES_IN_VARIANT = "C093"

# the large ones
MILLS = {"C001": "河北钢铁", "C011": "山东钢铁", "C021": "东北特钢", "C023": "沙钢", "C025": "南钢"}
LARGE_STATE = make_ids("9 15 17 19 28 34 36 40 48 49 53 58 63 67 69 73")
LARGE_PRIVATE = make_ids("13 60 61 62 77 81 87 92 95")
LARGE = set(MILLS) | LARGE_STATE | LARGE_PRIVATE
LARGE_AND_REFERRED = make_ids("13 36 40 48 60 61 63 69 73 77 95")
BULK, NO_PROFIT, EXPLOITER = "C053", "C028", "C062"
FALSE_LARGE = {
    BULK: "one order of 600 t",
    NO_PROFIT: "volume without profit",
    EXPLOITER: "exploiter",
}
JUST_IN, JUST_OUT = "C034", "C022"
YOUNG_LARGE = make_ids("92 95")
LONGEST_TENURE = "C001"

# one of a kind
HIDDEN, HIDDEN_BROUGHT = "C020", make_ids("40 48 60 69 77 95")
SILENT, ONE_OFF = "C009", "C082"
IMPORTANT, NATURE_INSIDE, NATURE_OUTSIDE = "C051", "C072", "C076"
GROUP, GROUP_WITHOUT_PURCHASES, GROUP_NAME = "C047", "C120", "瑞堃联合控股集团"
ASSOCIATION_MEMBERS = make_ids("15 16 69")
STRATEGIC = "C042"
ALIASES = make_ids("38 89")
BEYOND_BMP = "C116"
AS_OF_ORDER_BY = "C001"

# Next steps of open prospects: done in 2025, done in 2026, overdue on 2025-12-31, planned, none.
DONE_2025, DONE_2026 = make_ids("101 104 112"), make_ids("109 116")
OVERDUE, TO_COME, UNPLANNED = make_ids("106 111"), make_ids("108 118"), make_ids("114 119")
COLD_TO_COME = make_ids("113 122")
