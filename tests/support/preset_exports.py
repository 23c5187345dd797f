"""Made exports of the systems that presets know, with the traps of each."""

from __future__ import annotations

from typing import NamedTuple

Pairs = set[tuple[str, str]]


class Export(NamedTuple):
    """Files, and what must be read from them: counted arcs, revenue of orders, and warnings."""

    files: dict[str, str]
    arcs: Pairs
    revenue: float | None = None
    settings: str = ""
    warnings: dict[str, int] = {}
    unknown: int = 0


CUSTOMERS = "id,name,email,referred_by\n1,Ann,ann@x.example,\n2,Ben,ben@x.example,1\n"
EXPORTS = {
    "mention-me": Export(
        {
            "customers.csv": "Customer Email,Merchant Customer ID,Referred By Customer Email,"
            "Referred Date,Referred Qualified Date\n"
            "Ann@x.example,7,,,\nben@x.example,8,ann@X.example,2024-01-02,2024-01-05\n"
            "cem@x.example,9,Ann@x.example,2024-02-02,\n"
        },
        {("ann@x.example", "ben@x.example")},
        unknown=1,
    ),
    "shopify": Export(
        {
            "customers.csv": "Customer ID,First Name,Last Name,Email,Total Spent,Tags\n"
            "'0075,Ann,Lee,ann@x.example,10,\n'0076,Ben,,ben@x.example,20,vip\n",
            "referrals.csv": "referrer,referred\n0075,0076\n",
            "orders.csv": "Name,Email,Financial Status,Paid at,Created at,Total,Currency,"
            "Lineitem quantity,Id\n"
            "#1,Ann@x.example,paid,2025-10-07 09:50:26 +0200,"
            "2025-10-06 09:50:26 +0200,40,EUR,1,77\n"
            "#1,Ann@x.example,,,2025-10-06 09:50:26 +0200,,,2,\n"
            "#2,ben@x.example,voided,,2025-10-08 09:50:26 +0200,90,EUR,1,78\n",
        },
        {("0075", "0076")},
        40.0,
        warnings={"cancelled-order": 1, "order-line": 1},
    ),
    "zh-crm": Export(
        {
            "客户.csv": "客户编号,客户名称,成交状态,推荐人ID,推荐人,推荐深度,推荐人工号,客户来源\n"
            "1,甲一,已成交,,,,,网上\n2,乙二,已成交,1,甲一,1,,转介绍\n"
            "3,丙三,未成交,2,乙二,1,,转介绍\n"
            "3,丙三,未成交,1,甲一,2,,转介绍\n4,丁四,成交,,,,E9,员工推荐\n合计:,,,,,,,\n"
        },
        {("1", "2"), ("2", "3")},
        warnings={"preset-row": 1, "total-row": 1},
    ),
    "wukong": Export(
        {
            "客户.csv": "客户编号,客户名称,手机,电话,客户级别,"
            "成交状态0未成交1成交,成交时间,客户来源,推荐人\n"
            "1,甲一,138,139,A,1,2020-01-01,陌拜,\n2,乙二,137,,B,0,,转介绍,1\n"
            "3,丙三,136,,B,2,,转介绍,\n"
        },
        {("1", "2")},
        unknown=1,
    ),
    "hubspot": Export(
        {
            "contacts.csv": "Record ID,First Name,Last Name,Email,Lifecycle Stage,Lead Status,"
            "Original Source,Became a Customer Date,Create Date,Sponsor\n"
            "1,Ann,Lee,a@x.example,Customer,New,Direct traffic,2020-01-02,2019-01-01,\n"
            "2,Ben,,b@x.example,Customer,,Referrals,2020-02-02,2019-01-01,1\n"
            "3,,,c@x.example,Opportunity,,Referrals,,2019-01-01,\n"
        },
        {("1", "2")},
        settings='columns.customers.referred_by = "Sponsor"',
    ),
    "pipedrive": Export(
        {
            "customers.csv": "id,name,referred_by\n1,Acme,\n2,Bolt,1\n",
            "deals.csv": "Deal - ID,Deal - Title *,Deal - Organization,Deal - Value,Deal - Status,"
            "Deal - Won time\n"
            "9,First,Acme,100,won,2024-03-01\n10,Second,Bolt,200,lost,\n11,Third,Bolt,50,open,\n",
        },
        {("1", "2")},
        100.0,
        warnings={"preset-row": 2},
    ),
    "saasquatch": Export(
        {
            "referrals.csv": "Referral ID,Referring User - Account ID,Referring User - User ID,"
            "Referred User - Account ID,Referred User - User ID,Date Modified\n"
            "r1,a1,u1,a2,u1,1700000000000\nr2,a2,u1,a3,u9,1700000001000\n"
            "r3,a1,u1,a2,u1,1700000002000\n"
        },
        {("a1/u1", "a2/u1"), ("a2/u1", "a3/u9")},
    ),
    "firstpromoter": Export(
        {
            "export.csv": "uid,email,promoter,state,customer_since,split_percentage_value\n"
            "c1,c1@x.example,p1,active,2024-01-01,50\nc1,c1@x.example,p2,active,2024-01-01,50\n"
            "c2,c2@x.example,p1,denied,,100\nc3,c3@x.example,c1,signup,,100\n"
        },
        {("p1", "c1"), ("p2", "c1"), ("c1", "c3")},
        settings='columns.referrals.referrer = "promoter"',
    ),
    "affiliatewp": Export(
        {
            "export.csv": "Affiliate ID,Email,Name,Amount,Currency,Reference,Status,Date,Buyer\n"
            "5,aff@x.example,Aff,10.00,USD,'1001,unpaid,2024-01-02,b1\n"
        },
        {("5", "b1")},
        settings='columns.referrals.referred = "Buyer"',
    ),
    "odoo": Export(
        {
            "leads.csv": "id,name,partner_name,email_from,referred,source_id,stage_id,date_closed\n"
            "1,Deal of Acme,Acme,a@x.example,,Newsletter,Won,2020-01-01\n"
            "2,Deal of Bolt,Bolt,b@x.example,Acme,,Won,2020-02-01\n"
            "3,Deal of Cog,Cog,c@x.example,,Referral,New,\n"
        },
        {("1", "2")},
    ),
    "woocommerce": Export(
        {
            "customers.csv": CUSTOMERS,
            "shop.csv": "order_id,order_date,status,order_total,customer_id,customer_email\n"
            "1,03/04/2024,completed,10,1,Ann@x.example\n2,03/05/2024,refunded,20,0,ben@x.example\n",
        },
        {("1", "2")},
        10.0,
        warnings={"refunded-order": 1},
    ),
    "youzan": Export(
        {
            "客户.csv": "客户编号,客户名称,手机,推荐人\n1,甲一,13800000001,\n"
            "2,乙二,13800000002,1\n",
            "店铺.csv": "订单号,买家昵称,买家手机号,订单状态,"
            "订单创建时间,买家付款时间,商品金额合计\n"
            "D1,小甲,13800000001,交易完成,2024-01-01 10:00:00,2024-01-01 10:05:00,99\n"
            "D2,小乙,13800000002,交易关闭,2024-01-02 10:00:00,2024-01-02 10:05:00,50\n",
        },
        {("1", "2")},
        99.0,
        warnings={"cancelled-order": 1},
    ),
    "neo4j-apoc": Export(
        {
            "graph.csv": '"_id","_labels","id","name","_start","_end","_type"\n'
            '"0",":Customer","1","Ada",,,\n"1",":Customer","2","Ben",,,\n'
            ',,,,"0","1","REFERRED"\n,,,,"1","0","KNOWS"\n'
        },
        {("0", "1")},
        settings='neo4j.relationship = "REFERRED"',
        warnings={"preset-row": 2, "other-type": 1},
    ),
}
