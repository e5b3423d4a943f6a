"""docs/data/notice.schema.json (JSON Schema 2020-12) for docs/data/notices/*.json, and what its fields mean.

The definitions below are the single source of the schema and of the data dictionary (data_page.py).  Strict: a key
that is not defined here is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...jsontext import to_json
from ...model import Output
from ...rules import Rules
from ..clause_body import ROLES
from ..groups import Group, Rows, group
from .definition import (
    ANCHOR,
    CODE,
    COUNT,
    DATE,
    DAY,
    FILLED,
    NOTICE_ID,
    NUMBER,
    POSITIVE,
    TEXT,
    YES,
    Definition,
    Shape,
    choice,
    listed,
    nullable,
    record,
)
from .parts import CLAUSE, LEDGER, LINK, NOTE, OTHER_SOURCE, PROBLEM, REGION, SOURCE

if TYPE_CHECKING:
    from ..catalogue import Catalogue

RELATIONS = {
    "cites": "引用",
    "to_be_drawn_up": "将要制定",
    "self": "本文件自己",
    "docno_own": "本文件的文号",
    "docno_cited": "引用的文号",
}
TIMES = {
    "plan": "规划期",
    "title": "文件名称里的年份",
    "docdate": "文件的日期",
    "body": "正文里提到的时间",
    "recur": "每年、每月一类",
}
COMPARATORS = {
    "=": "等于",
    ">=": "至少",
    "<=": "至多",
    ">": "大于",
    "<": "小于",
    "~": "约",
    "range": "区间",
    "from_to": "从…到…",
    "increase": "增加",
    "decrease": "减少",
}
BOUNDS = {key: COMPARATORS[key] for key in (">=", "<=", ">", "<", "~", "=")}
LEVELS = {
    "nation": "国家",
    "province": "省级",
    "prefecture": "地级",
    "county": "县级",
    "township": "乡级",
    "village": "村、社区",
    "region": "跨省区域",
}
#: What `value` holds, by kind of annotation.  The labels of topics come from rules/topics.toml, see `annotations`.
VALUES: Mapping[str, tuple[Definition, ...]] = {
    "unit": (
        Definition("role", "角色", "这个单位在这件事里做什么", choice(ROLES)),
        Definition("name", "单位", "按文件所在的地方和年份写全的名称", FILLED),
        Definition("group", "第几组", "条款里第几处写责任单位，从1起；同一组的单位一起负责", POSITIVE, False),
        Definition("measure_start", "事项起", "所负责的文字在条款里的起点", COUNT, False),
        Definition("measure_end", "事项止", "所负责的文字在条款里的终点", COUNT, False),
    ),
    "target": (
        Definition("indicator", "指标", "量的是什么，照文件抄录；没有认出为空", TEXT),
        Definition("indicator_start", "指标起", "指标在条款文字里的起点", COUNT, False),
        Definition("indicator_end", "指标止", "指标在条款文字里的终点", COUNT, False),
        Definition("verb", "动词", "前面的动词：新建、完成、达到等", nullable(TEXT), False),
        Definition("comparator", "比较", "怎样与数值相比", choice(COMPARATORS)),
        Definition("bound", "增减的比较", "增加、减少的数值是下限还是上限", choice(BOUNDS), False),
        Definition(
            "value",
            "数值",
            "换算后的数：25.39万为253900；区间和“从…到…”是两个数",
            {"anyOf": [NUMBER, {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}], "title": "数，或两个数"},
        ),
        Definition("unit", "计量单位", "家、%、万元等；没有印为 null", nullable(TEXT)),
        Definition("per", "每", "“每个乡镇”“各县”等，数值是对其中每一个说的", nullable(TEXT), False),
        Definition("deadline", "期限", "应当达到的日子；没有另写的为计划年份", nullable(DATE), False),
        Definition("hope", "争取", "写的是“争取”“力争”为 true", YES, False),
    ),
    "deadline": (
        Definition("kind", "时间类别", "总是 deadline", choice({"deadline": "期限"})),
        Definition("from", "起", "期限所说时段的第一天", DAY, False),
        Definition("to", "止", "期限的最后一天；推不出的没有这一项", DAY, False),
    ),
    "time": (
        Definition("kind", "时间类别", "不是期限的时间属于哪一种", choice(TIMES)),
        Definition("from", "起", "第一天", DAY, False),
        Definition("to", "止", "最后一天", DAY, False),
    ),
    "citation": (
        Definition("relation", "关系", "文件怎样提到它", choice(RELATIONS)),
        Definition("title", "文件名称", "书名号里的名称，照文件抄录", FILLED, False),
        Definition("doc_number", "文号", "统一写成〔〕的发文字号", FILLED, False),
        Definition("nested", "套在书名里", "在另一个书名号里面为 true", YES, False),
    ),
    "term": (
        Definition("term", "词条", "名词解释里的词条", FILLED),
        Definition("varies", "各地不同", "各地说法不一，以所在文件为准", YES, False),
    ),
    "place": (
        Definition("name", "地名", "全称；乡级以下照文件抄录", FILLED),
        Definition("level", "级别", "哪一级", choice(LEVELS), False),
        Definition("code", "区划代码", "GB/T 2260 六位代码；县级以上才有", nullable(CODE), False),
        Definition("within", "属于", "上一级的代码", nullable(CODE), False),
    ),
    "organisation": (
        Definition("name", "机构", "照文件抄录，前面的地名一起", FILLED),
        Definition("scope", "范围", "是不是文件所在地的机构", choice({"own": "本地", "other": "外地或全国"}), False),
    ),
    "topic": (
        Definition("label", "主题代码", "rules/topics.toml 里的代码", FILLED),
        Definition("name", "主题", "中文名称", FILLED, False),
        Definition("rank", "次序", "1 是主要的", POSITIVE, False),
        Definition("evidence", "依据", "起作用的词，重的在前", listed(TEXT), False),
        Definition("score", "得分", "越大越有把握", NUMBER, False),
    ),
}  # fmt: skip
#: The same as names alone: what a correction may set.
VALUE_KEYS = {kind: tuple(definition.key for definition in definitions) for kind, definitions in VALUES.items()}
#: Kind → what readers call it.
KINDS = {
    "unit": "责任单位",
    "target": "量化指标",
    "deadline": "期限",
    "time": "其他时间",
    "citation": "引用文件",
    "term": "名词",
    "place": "地名",
    "organisation": "机构",
    "topic": "主题",
}
CORRECTED = (
    Definition("by", "更正人", "由人更正过的标注才有", FILLED, False),
    Definition("date", "更正日期", "由人更正过的标注才有", FILLED, False),
)


def annotation(kind: str, labels: Sequence[str]) -> tuple[Definition, ...]:
    """The fields of an annotation of one kind; `labels` are the codes that a topic may have."""
    value = VALUES[kind]
    if kind == "topic":
        codes: Shape = {"type": "string", "enum": list(labels), "title": "主题代码"}
        value = tuple(d._replace(shape=codes) if d.key == "label" else d for d in value)
    return (
        Definition("kind", "类别", "标注的类别", choice({kind: KINDS[kind]})),
        Definition("clause", "条款", "所在条款的锚点", ANCHOR),
        Definition("start", "起", "在条款全文里的起点，从0起，按字符计", COUNT),
        Definition("end", "止", "终点，不含", COUNT),
        Definition("quote", "原文", "这一段文字", TEXT),
        Definition("value", "含义", "各类别不同，见下表", record((*value, *CORRECTED))),
        Definition("rule", "规则", "依据哪条规则；由人更正的为 override", FILLED),
        Definition("doubt", "存疑", "为什么要人看；不用看为空", TEXT),
    )


def notice(labels: Sequence[str]) -> tuple[Definition, ...]:
    """The fields of docs/data/notices/<id>.json."""
    kinds = {"oneOf": [{"$ref": f"#/$defs/{kind}"} for kind in VALUES], "title": "标注"}
    return (
        Definition("id", "编号", "永久编号，网址里 /notices/ 后面的部分", NOTICE_ID),
        Definition("title", "标题", "要点的标题", nullable(TEXT)),
        Definition("notice_title", "通知标题", "印发通知的标题", nullable(TEXT)),
        Definition("doc_number", "发文字号", "照印", nullable(TEXT)),
        Definition("index_number", "索引号", "信息公开目录的编号", nullable(TEXT)),
        Definition("issuer", "发文机关", "落款的单位", nullable(TEXT)),
        Definition("addressees", "主送机关", "发给谁", nullable(TEXT)),
        Definition("issued", "成文日期", "落款日期", nullable(DATE)),
        Definition("published", "发布日期", "网页上线日期", nullable(DATE)),
        Definition("publicity", "公开方式", "主动公开等", nullable(TEXT)),
        Definition("region", "地区", "见“地区”", record(REGION)),
        Definition("source", "来源", "见“来源”", record(SOURCE)),
        Definition(
            "other_sources",
            "其他来源",
            "同一份通知的另外几个文件，见“其他来源”",
            listed(record(OTHER_SOURCE), "其他来源的列表"),
        ),
        Definition("clauses", "条款", "按文件的次序", listed({"$ref": "#/$defs/clause"}, "条款的列表")),
        Definition("annotations", "标注", "按条款和位置的次序", listed(kinds, "标注的列表")),
        Definition("links", "联系", "从这份通知出去的联系", listed(record(LINK), "联系的列表")),
        Definition("notes", "批注", "人写的说明", listed(record(NOTE), "批注的列表")),
        Definition("ledger", "清理记录", "每处移除和替换", listed(record(LEDGER), "清理记录的列表")),
        Definition("problems", "问题", "人应当知道的事", listed(record(PROBLEM), "问题的列表")),
    )


def labels_of(rules: Rules) -> list[str]:
    """The codes of the topics, in the order of rules/topics.toml."""
    return [str(topic["label"]) for topic in rules.tables["topics"].get("topic", ())]


def notice_schema(labels: Sequence[str]) -> dict[str, Any]:
    """The JSON Schema of one notice's data file."""
    defs = {kind: dict(record(annotation(kind, labels), KINDS[kind])) for kind in VALUES}
    for made in defs.values():  # a correction names its author, and nothing else does
        corrected = {"properties": {"value": {"required": ["by", "date"]}}}
        machine = {"properties": {"value": {"properties": {"by": False, "date": False}}}}
        made |= {"if": {"properties": {"rule": {"const": "override"}}}, "then": corrected, "else": machine}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "description": "要点：一份通知的数据。字段的中文说明见“数据下载与字段说明”。",
        **record(notice(labels), "通知"),
        "$defs": {**defs, "clause": dict(record(CLAUSE, "条款"))},
    }


def schema_groups(catalogue: Catalogue) -> Iterator[Group]:
    """data/notice.schema.json."""
    yield group("schema", _schema, tuple(labels_of(catalogue.rules)))


def _schema(labels: Sequence[str], rows: Rows) -> list[Output]:
    return [Output("data/notice.schema.json", to_json(notice_schema(labels)))]
