"""A group: one page about several notices, or a few, with all that it is made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

from ..model import Output

Rows = Mapping[tuple[str, str], tuple[Any, ...]]  # (kind of rows, notice id) → its rows
Need = tuple[str, tuple[str, ...]]  # a kind of rows, and the notices whose rows are needed


class Group(NamedTuple):
    """Pages made together.  While `key`, the rules, the program and the rows that it needs are the same, so are they.

    `name` tells it from every other group; `key` holds plain values whose representation is the same from run to run.
    """

    name: str
    key: tuple[object, ...]
    needs: tuple[Need, ...]
    make: Callable[[Rows], list[Output]]


def group(name: str, make: Callable[..., list[Output]], *given: object, needs: Iterable[Need] = ()) -> Group:
    """The group that `make(*given, rows)` makes."""
    return Group(name, given, tuple(needs), partial(make, *given))
