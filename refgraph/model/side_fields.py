"""The columns of contacts and events: the people inside accounts, and what happened with them."""

from __future__ import annotations

from refgraph.model.field_types import Field, FieldType

_PARTY_HEADERS = (
    *("customer", "customer_id", "account", "account_name", "company", "company_name"),
    *("客户编号", "客户号", "客户编码", "客户代码", "客户", "客户名称", "公司名称", "单位名称"),
    *("单位", "公司", "客户单位", "所属客户"),
)


def _contact_field(name: str, type: FieldType, *aliases: str, mandatory: bool = False) -> Field:
    return Field(table="contacts", name=name, type=type, aliases=aliases, mandatory=mandatory)


def _event_field(
    name: str, type: FieldType, *aliases: str, mandatory: bool = True, is_loose: bool = False
) -> Field:
    return Field(
        table="events",
        name=name,
        type=type,
        aliases=aliases,
        mandatory=mandatory,
        is_loose=is_loose,
    )


CONTACT_FIELDS = (
    _contact_field(
        "person",
        FieldType.TEXT,
        *("contact", "contact_name", "contact_person", "full_name", "name"),
        *("联系人", "联系人姓名", "联系人名称", "对接人", "经办人", "姓名"),
        mandatory=True,
    ),
    _contact_field("party", FieldType.ID, *_PARTY_HEADERS, mandatory=True),
    _contact_field(
        "title", FieldType.TEXT, "position", "job_title", "职务", "职位", "岗位", "头衔", "职称"
    ),
    _contact_field(
        "phone",
        FieldType.TEXT,
        *("telephone", "mobile", "phone_number", "mobile_phone"),
        *("电话", "手机", "手机号", "手机号码", "联系电话", "联系方式"),
    ),
    _contact_field(
        "since",
        FieldType.DATE,
        *("known_since", "contact_since", "认识日期", "认识时间", "任职日期", "起始日期"),
    ),
)
EVENT_FIELDS = (
    _event_field("party", FieldType.ID, *_PARTY_HEADERS),
    _event_field(
        "at",
        FieldType.DATE,
        *("date", "event_date", "happened_at", "visit_date", "activity_date"),
        *("日期", "时间", "发生日期", "发生时间", "拜访日期", "拜访时间", "活动日期", "活动时间"),
        *("跟进日期", "跟进时间", "互动日期"),
    ),
    _event_field(
        "kind",
        FieldType.WORD,
        *("event", "event_type", "event_kind", "activity_type", "interaction_type", "type"),
        *("事件", "事件类型", "互动类型", "活动类型", "跟进类型", "跟进方式", "类型"),
        is_loose=True,
    ),
)
VAGUE_HEADERS = {"contacts": ("name", "姓名"), "events": ("type", "类型")}
"""Headers that are known in a table but do not prove that a file holds it."""
