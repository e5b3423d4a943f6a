"""How a published field is defined: one tuple from which the CSV header, the schema and the data dictionary are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

#: A JSON Schema for one value.  Its "title" is the type's name in the data dictionary.
Shape = Mapping[str, Any]


class Definition(NamedTuple):
    """A field: key for machines, name and meaning for readers, and its shape."""

    key: str
    name: str
    about: str
    shape: Shape
    required: bool = True


TEXT: Shape = {"type": "string", "title": "文本"}
FILLED: Shape = {"type": "string", "minLength": 1, "title": "文本"}
INTEGER: Shape = {"type": "integer", "title": "整数"}
COUNT: Shape = {"type": "integer", "minimum": 0, "title": "整数"}
POSITIVE: Shape = {"type": "integer", "minimum": 1, "title": "整数"}
NUMBER: Shape = {"type": "number", "title": "数"}
YES: Shape = {"type": "boolean", "title": "是或否"}
DATE: Shape = {
    "type": "string",
    "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$",
    "title": "日期（年-月-日，没有印日、月的写到月、年）",
}
DAY: Shape = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "title": "日期（年-月-日）"}
CODE: Shape = {"type": "string", "pattern": "^[0-9]{6}$", "title": "六位代码（文本）"}
NOTICE_ID: Shape = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "title": "编号（文本）"}
ANCHOR: Shape = {"type": "string", "pattern": "^[a-z]+[0-9]*(-[a-z]+[0-9]+)*$", "title": "锚点（文本）"}
ADDRESS: Shape = {
    "type": "string",
    "pattern": "^[a-z0-9]+(-[a-z0-9]+)*(#[a-z]+[0-9]*(-[a-z]+[0-9]+)*)?$",
    "title": "站内位置（编号#锚点）",
}
URL: Shape = {"type": "string", "pattern": "^/notices/[a-z0-9-]+/#[a-z0-9-]+$", "title": "站内网址"}


def choice(meanings: Mapping[str, str]) -> Shape:
    """One of a few words; `meanings` says in Chinese what each stands for."""
    return {"type": "string", "enum": list(meanings), "title": "；".join(f"{k} {v}" for k, v in meanings.items())}


def words(names: Sequence[str]) -> Shape:
    """One of a few Chinese words, as a CSV cell has it."""
    return {"type": "string", "enum": list(names), "title": f"文本：{'、'.join(names)}"}


def nullable(shape: Shape) -> Shape:
    """The shape, or null where the notice does not say."""
    return {"anyOf": [shape, {"type": "null"}], "title": f"{shape['title']}；没有写明为 null"}


def listed(shape: Shape, name: str = "") -> Shape:
    """A list of values of the shape; `name` leads to the table of its fields."""
    return {"type": "array", "items": shape, "title": name or f"{shape['title']}的列表"}


def record(definitions: Sequence[Definition], name: str = "一组字段") -> Shape:
    """An object that has these fields and no others."""
    return {
        "type": "object",
        "title": name,
        "properties": {d.key: {**d.shape, "description": f"{d.name}：{d.about}"} for d in definitions},
        "required": sorted(d.key for d in definitions if d.required),
        "additionalProperties": False,
    }
