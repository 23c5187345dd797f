"""The columns of customers that refgraph knows."""

from __future__ import annotations

from refgraph.model.field_types import Field, FieldType


def _customer_field(name: str, type: FieldType, *aliases: str, mandatory: bool = False) -> Field:
    return Field(table="customers", name=name, type=type, aliases=aliases, mandatory=mandatory)


CUSTOMER_FIELDS = (
    _customer_field(
        "id",
        FieldType.ID,
        *(
            ":ID",
            "customer_id",
            "customer",
            "客户编号",
            "客户号",
            "客户id",
            "编号",
            "record_id",
            "user_id",
        ),
        *("uid", "客户编码", "客户代码", "会员号", "会员id", "会员编号"),
        mandatory=True,
    ),
    _customer_field(
        "name",
        FieldType.TEXT,
        *("customer_name", "label", "客户名称", "客户姓名", "名称", "姓名", "公司名称", "客户全称"),
        *("单位名称", "客户单位"),
        *("account_name", "company_name", "会员昵称", "会员姓名"),
    ),
    _customer_field("role", FieldType.WORD, "角色", "身份", "身份类型"),
    _customer_field("kind", FieldType.WORD, "customer_kind", "类型", "客户类型", "客户性质"),
    _customer_field(
        "status",
        FieldType.WORD,
        *("deal_status", "stage", "成交状态", "客户状态", "状态"),
        *("lifecycle_stage", "lead_status", "线索阶段"),
    ),
    _customer_field(
        "joined",
        FieldType.DATE,
        *("first_contract", "customer_since"),
        "首次合同日期",
        "首次成交日期",
        "成交日期",
        "签约日期",
        *("won_time", "approved_date", "成交时间", "签约时间"),
    ),
    _customer_field(
        "left",
        FieldType.DATE,
        *("left_on", "churned", "cancelled_at", "流失日期", "离开日期", "退费日期"),
    ),
    _customer_field("left_to", FieldType.TEXT, "流向", "流失去向"),
    _customer_field(
        "returned", FieldType.DATE, "returned_on", "won_back_at", "回归日期", "挽回日期", "回流日期"
    ),
    _customer_field(
        "lost_at", FieldType.DATE, "lost_on", "lost_date", "丢单日期", "丢单时间", "输单日期"
    ),
    _customer_field("sector", FieldType.TEXT, "industry", "行业", "客户行业", "所属行业"),
    _customer_field("ownership", FieldType.WORD, "所有制", "企业性质", "单位性质"),
    _customer_field("region", FieldType.TEXT, "地区", "区域", "省份", "province", "country/region"),
    _customer_field(
        "group", FieldType.TEXT, "parent_company", "parent_account", "所属集团", "集团"
    ),
    _customer_field(
        "employees",
        FieldType.NUMBER,
        *("employee_count", "number_of_employees", "headcount", "员工人数", "员工数", "职工人数"),
    ),
    _customer_field("registered_capital", FieldType.MONEY, "注册资本", "注册资金"),
    _customer_field(
        "source",
        FieldType.TEXT,
        *("channel", "客户来源", "来源", "渠道", "lead_source"),
        *("线索来源", "来源渠道", "获客渠道"),
    ),
    _customer_field(
        "revenue",
        FieldType.MONEY,
        *("sales", "合同额", "销售额", "营业额", "成交额", "合同金额", "累计交易金额", "消费金额"),
        *("total_spent", "total_revenue", "deal_value", "累计金额", "累计合同额"),
    ),
    _customer_field("profit", FieldType.MONEY, "margin", "利润", "毛利"),
    _customer_field(
        "volume",
        FieldType.QUANTITY,
        *("tonnage", "quantity", "吨数", "销量", "数量", "吨位"),
    ),
    _customer_field("level", FieldType.TEXT, "customer_level", "客户级别", "客户等级"),
    _customer_field("currency", FieldType.TEXT, "currency_code", "币种", "货币"),
    _customer_field("potential", FieldType.WORD, "发展潜力", "潜力"),
    _customer_field("rival_exposure", FieldType.WORD, "竞争风险", "竞争暴露"),
    _customer_field(
        "contact", FieldType.TEXT, "contact_person", "contact_name", "联系人", "联系人姓名"
    ),
    _customer_field("email", FieldType.TEXT, "e_mail", "mail", "email_address", "邮箱", "电子邮箱"),
    _customer_field(
        "phone",
        FieldType.TEXT,
        *("telephone", "mobile", "电话", "手机", "手机号", "phone_number", "联系电话"),
    ),
    _customer_field("address", FieldType.TEXT, "地址"),
    _customer_field(
        "tax_id",
        FieldType.TEXT,
        *("tax_number", "vat_id", "税号", "统一社会信用代码", "vat_number", "纳税人识别号"),
    ),
    _customer_field(
        "owner",
        FieldType.TEXT,
        *("account_manager", "负责人", "客户经理", "跟进人", "contact_owner", "业务员"),
    ),
    _customer_field("next_step", FieldType.TEXT, "下一步", "下一步计划"),
    _customer_field(
        "due",
        FieldType.DATE,
        *("due_date", "计划日期", "截止日期", "expected_close_date"),
        *("下次联系时间", "下次跟进时间"),
    ),
    _customer_field("done", FieldType.DATE, "done_date", "完成日期"),
    _customer_field(
        "entered_at", FieldType.DATE, "create_date", "date_entered", "建档日期", "建档时间"
    ),
    _customer_field("adviser_since", FieldType.DATE, "业主顾问", "聘任日期"),
    _customer_field(
        "consent", FieldType.WORD, "opt_in", "accepts_marketing", "同意联系", "是否同意"
    ),
    Field(
        table="customers",
        name="religion",
        type=FieldType.TEXT,
        aliases=("faith", "religious_affiliation", "宗教", "宗教信仰"),
        sensitive=True,
    ),
    Field(
        table="customers",
        name="politics",
        type=FieldType.TEXT,
        aliases=("political_affiliation", "party_membership", "政治面貌", "党派"),
        sensitive=True,
    ),
    _customer_field(
        "referred_by",
        FieldType.TEXT,
        *(
            "referrers",
            "referrer",
            "推荐人",
            "介绍人",
            "转介绍人",
            "邀请人",
            "上级id",
        ),
    ),
)
