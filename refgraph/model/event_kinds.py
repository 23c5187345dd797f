"""Words for what happened with a customer, as people write them."""

from __future__ import annotations

EVENT_KINDS = {
    "visit": (
        *("on-site visit", "site visit", "meeting", "customer visit", "sales visit", "call on"),
        *("拜访", "走访", "上门", "上门拜访", "登门拜访", "实地拜访", "客户拜访", "回访", "面谈"),
        *("会面", "见面", "来访", "到访"),
    ),
    "interview": (
        *("customer interview", "survey", "focus group", "round table"),
        *("访谈", "客户访谈", "深度访谈", "恳谈", "恳谈会", "座谈", "座谈会", "问卷", "调研"),
    ),
    "event": (
        *("customer event", "seminar", "conference", "trade fair", "webinar", "workshop", "party"),
        *("活动", "客户活动", "沙龙", "俱乐部", "论坛", "研讨会", "推介会", "展会", "房展会"),
        *("答谢会", "客户答谢会", "年会", "联谊", "聚会", "发布会"),
    ),
    "complaint": (
        *("claim", "customer complaint", "grievance"),
        *("投诉", "客诉", "客户投诉", "抱怨", "不满", "索赔", "质量异议"),
    ),
    "praise": (
        *("compliment", "testimonial", "thank-you", "thanks", "positive feedback"),
        *("表扬", "好评", "称赞", "赞扬", "感谢", "感谢信", "锦旗"),
    ),
    "asked": (
        *("asked for a referral", "asked for referral", "asked for referrals", "referral request"),
        *("referral asked", "请求推荐", "请其推荐", "要求推荐", "请求介绍", "请其介绍", "已请推荐"),
        *("索取推荐", "要推荐", "求推荐"),
    ),
}
"""Kind of event -> further spellings. asked: somebody asked the party for a referral."""
