"""rules/links.toml, compiled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ..chars import fold
from ..rules import Rules, RulesError, compiled
from .plans import Body
from .similar import Search, Weights, grams, runs

PARTICLES = "的和与及或等了在对为是以并将把"


@dataclass(frozen=True, slots=True)
class Linking:
    """rules/links.toml, compiled."""

    same_topic: float
    otherwise: float
    item: float
    most: int
    min_item: int
    weights: Weights
    search: Search
    left_out: re.Pattern[str]
    plan: re.Pattern[str]
    body_end: re.Pattern[str]
    bodies: tuple[Body, ...]


@cache
def compiled_rules(rules: Rules) -> Linking:
    """Rules of rules/links.toml, compiled.  Raises RulesError naming the entry."""
    try:
        table = rules.tables["links"]
        numbers = table["related"]
        words = fold(table["general"]["words"]).split()
        ends = "|".join(map(re.escape, sorted((*words, *PARTICLES), key=len, reverse=True)))
        first = "".join(sorted({word[0] for word in (*words, *PARTICLES)}))  # a quick look before the long list
        return Linking(
            **{key: float(numbers[key]) for key in ("same_topic", "otherwise", "item")},
            most=int(numbers["most"]),
            min_item=int(numbers["min_item"]),
            weights=Weights(
                **table["weight"],
                general=frozenset(g for word in words for g in grams(runs(word))),
                general_ends=re.compile(f"^(?:{ends})+|(?=[{first}])(?:{ends})+$"),
            ),
            search=Search(**table["search"]),
            left_out=compiled(table["left_out"]["pattern"], "links/left_out"),
            plan=compiled(table["plan"]["pattern"], "links/plan"),
            body_end=compiled(table["body_end"]["pattern"], "links/body_end"),
            bodies=tuple(Body(b["id"], frozenset(b["names"])) for b in table["body"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RulesError(f"规则文件 links.toml 缺少一项或写法有错：{error}。请对照文件里其他条目改正。") from error
