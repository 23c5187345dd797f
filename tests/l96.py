"""The classic case by member ids: what is planted in sample_data/l96. Independent of the package and of the maker."""


def ids(*spans: tuple[int, int]) -> set[str]:
    """C001.. style ids of closed spans."""
    return {f"C{k:03d}" for low, high in spans for k in range(low, high + 1)}


EXISTING, FORMER, PROSPECTS = ids((1, 96)), ids((97, 100)), ids((101, 124))
OTHERS = {"S01", "S02", "P01", "P02", "A01"}
REFERRED = ids((12, 22), (31, 49))
KEY_ONLY = {"C035", "C036"}
BOTH = ids((18, 22), (37, 42)) | {"C031"}
OLD_ONLY = REFERRED - KEY_ONLY - BOTH
BY_STAFF_ONLY, BY_PARTNER_ONLY = ids((57, 59)), ids((61, 63))
BY_AUTHORITY = {"C064", "C065"}
NO_SOURCE = ids((66, 75))
LARGE = ids((1, 30))
FALSE_LARGE = {"C028": "one order of 600 t", "C029": "volume without profit", "C030": "exploiter"}
MILLS = {"C001": "河北钢铁", "C002": "山东钢铁", "C003": "南钢", "C004": "沙钢", "C005": "东北特钢"}
JUST_IN, JUST_OUT = "C025", "C050"
HIDDEN, HIDDEN_BROUGHT = "C060", ids((12, 17))
DOUBLE_CLAIM, CLAIMANTS = "C049", {"C055", "C056"}
LONGEST_CHAIN = ["C001", "C031", "C032", "C033", "C034"]
SILENT, ONE_OFF = "C080", "C081"
ALIASES = {"C085", "C086"}
YOUNG_LARGE = {"C026", "C027"}
OPEN, LOST, COLD = ids((101, 111)), ids((112, 114)), ids((115, 124))
PAID, UNPAID, REWARD_BLANK = 4, 23, 4
