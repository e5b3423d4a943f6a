"""JSON as this project writes it."""

from __future__ import annotations

import json
from typing import Any


def to_json(data: Any) -> bytes:
    """JSON as it is kept and published: UTF-8, sorted keys, Chinese readable, a final newline.

    The outer two levels have a line for each entry, such as a clause or an annotation, so that a diff names what
    changed; an entry stands whole on its line, which the standard library writes ten times as fast as an indented one.
    """
    return (_entries(data, 2) + "\n").encode()


_flat = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def _entries(value: Any, levels: int) -> str:
    if not levels or not value or not isinstance(value, (dict, list, tuple)):
        return _flat(value)
    if isinstance(value, dict):
        lines = [f"{_flat(key)}: {_entries(value[key], levels - 1)}" for key in sorted(value)]
    else:
        lines = [_entries(one, levels - 1) for one in value]
    pad = " " * (3 - levels)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n{pad}" + f",\n{pad}".join(lines) + f"\n{pad[1:]}{closing}"
