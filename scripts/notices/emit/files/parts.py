"""The parts of a notice's data file other than annotations: what each field is called, means and looks like."""

from __future__ import annotations

from ...parse.damage import NOTES
from .definition import (
    ADDRESS,
    ANCHOR,
    CODE,
    COUNT,
    FILLED,
    INTEGER,
    POSITIVE,
    TEXT,
    YES,
    Definition,
    choice,
    listed,
    nullable,
    record,
)

LINKS = {
    "related": "相关任务",
    "year": "同一机关其他年份",
    "above": "上级同年",
    "below": "下级同年",
    "cites": "引用的文件在本站",
}
STYLES = {"ch": "第X章", "a": "第X条", "s": "一、", "c": "（一）", "t": "1.", "n": "（1）"}
ACTIONS = {"removed": "移除", "replaced": "替换", "inserted": "补入"}
REGION = (
    Definition("code", "区划代码", "GB/T 2260 六位代码", nullable(CODE)),
    Definition("path", "地名", "从省级起的各级名称", listed(FILLED)),
    Definition("as_of", "时点", "按哪一天的区划", nullable(TEXT)),
)
SOURCE = (
    Definition("file", "文件", "raw/ 里的文件名", FILLED),
    Definition(
        "sha256", "校验码", "收到时的 SHA-256", {"type": "string", "pattern": "^[0-9a-f]{64}$", "title": "文本"}
    ),
    Definition("encoding", "编码", "解码用的编码；Word、PDF 写 docx、pdf", FILLED),
    Definition("url", "原网页", "网页地址", nullable(TEXT)),
    Definition("name", "信息来源", "网页写明的来源", nullable(TEXT)),
)
#: Further files of the same notice.
OTHER_SOURCE = (
    *SOURCE,
    Definition("fetched", "保存日期", "什么时候从网页保存的", nullable(TEXT)),
    Definition("differing", "出入", "正文有几条与发布的这一份不同", COUNT),
)
PARAGRAPH = (
    Definition("anchor", "锚点", "段落的永久锚点", ANCHOR),
    Definition("text", "文字", "段落的文字", TEXT),
    Definition("line", "行号", "在收到的文件里是第几行", COUNT),
)
ITEM = (
    Definition("anchor", "锚点", "分项的永久锚点", ANCHOR),
    Definition("label", "序号", "一是、二是等", TEXT),
    Definition("text", "文字", "不含序号", TEXT),
)
CLAUSE = (
    Definition("anchor", "锚点", "永久网址里 # 后面的部分", ANCHOR),
    Definition("aliases", "别名", "同样有效的锚点", listed(ANCHOR)),
    Definition("parent", "上级", "上一级条款的锚点", nullable(ANCHOR)),
    Definition("style", "编号写法", "哪一种编号；印发通知、总述、落款为 null", nullable(choice(STYLES))),
    Definition("number", "编号", "编号的数值", nullable(INTEGER)),
    Definition("label", "序号", "照印的编号", TEXT),
    Definition("title", "标题", "没有为空", TEXT),
    Definition("task", "任务", "是不是一项任务", YES),
    Definition("line", "行号", "在收到的文件里是第几行", COUNT),
    Definition("text", "全文", "标题和各段，段与段之间换行；标注的位置按它计算", TEXT),
    Definition("paragraphs", "段落", "不含标题", listed(record(PARAGRAPH), "段落的列表")),
    Definition("items", "分项", "一是、二是等", listed(record(ITEM), "分项的列表")),
    Definition("damage", "缺损", "收到时就有的缺损", listed(choice(NOTES), "缺损代码的列表")),
)
LINK = (
    Definition("source", "从", "所在的位置", ADDRESS),
    Definition("target", "到", "所指的位置", ADDRESS),
    Definition("kind", "联系", "是哪一种", choice(LINKS)),
    Definition("score", "得分", "0到1", {"type": "number", "minimum": 0, "maximum": 1, "title": "数"}),
    Definition("evidence", "依据", "共有的词，或起决定作用的事实", listed(TEXT)),
)
NOTE = (
    Definition("clause", "条款", "批注所在的锚点", ANCHOR),
    Definition("text", "批注", "人写的说明，不是原文", FILLED),
    Definition("by", "作者", "写批注的人", FILLED),
    Definition("date", "日期", "写批注的日期", FILLED),
)
LEDGER = (
    Definition("line", "行号", "原文第几行", POSITIVE),
    Definition("rule", "规则", "依据哪条规则", FILLED),
    Definition("action", "动作", "做了什么", choice(ACTIONS)),
    Definition("before", "原文", "收到的文字", TEXT),
    Definition("after", "改为", "发布的文字", TEXT),
)
PROBLEM = (
    Definition("severity", "轻重", "要不要人看", choice({"note": "说明", "review": "待复核"})),
    Definition("code", "代码", "哪一类问题", FILLED),
    Definition("line", "行号", "原文第几行；0 表示与行无关", COUNT),
    Definition("detail", "说明", "问题和下一步", FILLED),
)
