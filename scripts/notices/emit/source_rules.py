"""The rules of the ledger in words: what each is called, and why it touches the text."""

from __future__ import annotations

from typing import NamedTuple

from ..cleaning.suspect import names as planted_names
from ..rules import Rules


class Step(NamedTuple):
    """A step that is no boilerplate rule: its Chinese name and its reason."""

    name: str
    why: str


WIDTH = "中文排版用全角标点，数字和字母用半角（GB/T 15834）"
MARKUP = "网页的源代码，读者看不到"
SPACE = "排版用的空白，不是文字"
LINES = "复制或抓取时断错了行"
#: Reason of every rule of rules/boilerplate.toml.
FURNITURE = "网站在页面上加的文字，不是通知的内容"
#: Reason of every line and advertisement of rules/suspect.toml, whose ids begin so.
PLANTED, PLANTED_IDS = "别人夹进来的文字，不是通知的内容", ("farm-", "advert-")
STEPS = {
    "compatibility-character": Step("兼容汉字改为通用字", "看上去一样、编码不同的字，不改就搜不到"),
    "control-character": Step("不可见的控制字符", "看不见，却会让搜索和复制出错"),
    "html-comment": Step("网页注释", MARKUP),
    "html-copy": Step("网页里的另一份正文", "为长者、打印或手机另备的一份，同样的文字只发布一次"),
    "html-entity": Step("网页字符实体还原", "网页用代号写的字，换成字本身"),
    "html-form": Step("网页表单", MARKUP),
    "html-list-number": Step("补出网页自动显示的编号", "浏览器自动显示的编号，源代码里没有"),
    "html-markup": Step("网页标签", MARKUP),
    "html-outside-body": Step("正文以外的网页文字", FURNITURE),
    "html-page-part": Step("正文框里的网页部件", FURNITURE),
    "html-script": Step("网页脚本与样式", MARKUP),
    "html-space": Step("网页源代码中的换行与空白", SPACE),
    "join-number": Step("编号与正文接成一行", LINES),
    "join-title": Step("分行的标题接成一行", "标题太长分了行，仍是一个标题"),
    "join-wrapped": Step("硬换行接成一段", LINES),
    "layout-blank-line": Step("空行", SPACE),
    "layout-indent": Step("行首行尾空白", SPACE),
    "layout-label": Step("编号后的空白", SPACE),
    "layout-markdown": Step("标题和加粗的标记", "抓取工具加的记号，不是文字"),
    "layout-space": Step("连续空白并为一个", SPACE),
    "layout-table-rule": Step("表格线", "用字符画的线，不是文字"),
    "line-end": Step("换行符统一", "各种系统的换行符不同"),
    "docx-contents": Step("Word 生成的目录", "目录由 Word 从标题生成，标题本身已经发布"),
    "pdf-line-break": Step("PDF 的换行接成一段", "PDF 按版面换行，不是分段"),
    "pdf-page-number": Step("页码", "每页印的页码，不是通知的内容"),
    "pdf-running-head": Step("页眉页脚", "每页重复印的文字，不是通知的内容"),
    "pdf-table-head": Step("重复的表头", "表格跨页时每页再印一次的表头，不是新的内容"),
    "split-line": Step("连在一起的条款分行", "抓取时丢了换行，几条连成一行"),
    "typography-punctuation": Step("半角标点改为全角", WIDTH),
    "typography-space": Step("汉字与数字之间的空格", WIDTH),
    "typography-width": Step("全角数字字母改为半角", WIDTH),
}


def rule_name(rule: str, rules: Rules) -> str:
    """The Chinese name of a ledger rule."""
    if rule in STEPS:
        return STEPS[rule].name
    return next((r.name for r in rules.boilerplate if r.id == rule), planted_names(rules).get(rule, rule))


def rule_reason(rule: str) -> str:
    """Why a ledger rule touches the text, in Chinese."""
    if rule in STEPS:
        return STEPS[rule].why
    return PLANTED if rule.startswith(PLANTED_IDS) else FURNITURE
