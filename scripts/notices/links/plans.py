"""The same body's plan of other years, and the plans of the levels above and below in the same year.

Two plans belong together where their fields agree (what their titles say before 工作要点) and their issuers are bodies
of one kind (卫生健康局, 卫计局, 卫生健康委); where one names no issuer, the fields decide alone.  Rules: rules/links.toml.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from re import Pattern
from typing import TypeVar

from ..chars import fold
from ..model import Link, Notice
from ..places import stem

K = TypeVar("K")
_YEAR = re.compile(r"(?:19|20)\d\d(?:[-—~至](?:19|20)?\d\d)?年?度?")
_ALL = re.compile(r"[全我本](?=[省市县区州盟旗])")
_ABOUT = re.compile(r"^.*?关于(?:印发|下发|转发|发布|公布|做好|报送)?(.+?)的?(?:通知|通报|公告)$")
_MARKS = re.compile(r"[\s《》〈〉<>“”\"'‘’]")
_LEVEL = re.compile(r"^[省市县区州盟旗]")


@dataclass(frozen=True, slots=True)
class Body:
    """A kind of office: every name it goes by at any level and time."""

    id: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What decides which plans belong together; all that is needed of a notice, so that it need not be held."""

    id: str
    path: tuple[str, ...]
    year: str
    field: str
    body: str  # "" where no issuer is printed
    issuer: str


def plan_links(plans: Iterable[Plan]) -> Iterator[Link]:
    """From each plan to the plans of the same body and field of other years, and to those of the levels above and below.

    In: the plans of all notices, in any order.
    """
    every = sorted(plans, key=lambda one: one.id)
    yield from _years(every)
    yield from _levels(every)


def _years(plans: Sequence[Plan]) -> Iterator[Link]:
    for group in _grouped(plans, lambda one: (one.path, one.field)).values():
        by_body = _grouped(group, lambda one: one.body)
        for one in group:
            for other in _partners(one, group, by_body):
                if one.year != other.year:
                    why = "同一发文机关" if one.body and other.body else "同一地区的同一工作"
                    yield Link(one.id, other.id, "year", 1.0, (why, f"{other.year}年"))


def _levels(plans: Sequence[Plan]) -> Iterator[Link]:
    """From each plan to those of the places it lies in ("above"), and from each of those back ("below")."""
    by_place = _grouped(plans, lambda one: (one.year, one.field, one.path))
    bodies = {key: _grouped(group, lambda one: one.body) for key, group in by_place.items()}
    for one in plans:
        for length in range(1, len(one.path)):
            key = (one.year, one.field, one.path[:length])
            for other in _partners(one, by_place.get(key, ()), bodies.get(key, {})):
                yield Link(one.id, other.id, "above", 1.0, ("上级", other.path[-1], f"{one.year}年"))
                yield Link(other.id, one.id, "below", 1.0, ("下级", one.path[-1], f"{one.year}年"))


def _partners(one: Plan, group: Sequence[Plan], by_body: Mapping[str, Sequence[Plan]]) -> Iterable[Plan]:
    """Those of a group that are of the same body as `one`, or where either names none."""
    return [*by_body.get(one.body, ()), *by_body.get("", ())] if one.body else group


def _grouped(plans: Sequence[Plan], key: Callable[[Plan], K]) -> dict[K, list[Plan]]:
    groups: dict[K, list[Plan]] = {}
    for one in plans:
        groups.setdefault(key(one), []).append(one)
    return groups


def plan_of(notice: Notice, bodies: Sequence[Body], plan: Pattern[str], end: Pattern[str]) -> Plan | None:
    """What a notice is the plan of; None where it is no work plan, or its place, year or field is not printed."""
    meta = notice.meta
    if not meta.region or not meta.year.value:
        return None
    body = body_of(meta.issuer.value or "", meta.region.path, bodies, end)
    for title in (meta.title.value, meta.notice_title.value):
        field = field_of(title or "", meta.region.path, plan)
        if field is not None:
            named = body_of(field, (), bodies, end) if field else body
            if named:
                return Plan(notice.id, meta.region.path, meta.year.value, named, body, meta.issuer.value or "")
    return None


def field_of(title: str, path: Sequence[str], plan: Pattern[str]) -> str | None:
    """卫生健康 of 2020年江干区卫生健康工作要点; "" where the title names none; None where it is no plan's title."""
    flat = _MARKS.sub("", fold(title))
    wrapped = _ABOUT.match(flat)
    flat = wrapped[1] if wrapped else flat
    found = plan.search(flat)
    return _placeless(_YEAR.sub("", flat[: found.start()]), path) if found else None


def body_of(name: str, path: Sequence[str], bodies: Sequence[Body], end: Pattern[str]) -> str:
    """The kind of office: 卫生健康 for 桓台县卫生健康局; a name no rule knows stands for itself, "" for none."""
    bare = _placeless(_MARKS.sub("", fold(name)), path)
    bare = end.sub("", bare) or bare
    return next((body.id for body in bodies if bare in body.names), bare)


def _placeless(text: str, path: Sequence[str]) -> str:
    """Without the names of its place, and without 全市, 我县."""
    for name in sorted({*path, *map(stem, path)}, key=len, reverse=True):
        text = text.replace(name, "")
    return _LEVEL.sub("", _ALL.sub("", text))
