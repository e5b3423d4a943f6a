"""What a build changes for readers, clause by clause: the data of the last build against those of this one.

`compare` is a pure function of two data files (docs/data/notices/<id>.json).  A clause that only moved is known by its
text, so that one task put in before others does not show as a change of all that follow.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ..emit.files.parts import LINKS
from ..emit.view import SLOTS
from ..fields import NAMES
from ..running.parallel import shared
from ..writing.spill import Made
from .tallies import Data, Tally, tallies

FOLDER = "data/notices/"
ADDED, UNREAD = "added", "unread"
_SPACE = re.compile(r"\s+")
#: Fields of the data file whose change is told.
FIELDS = {name: words for name, words in NAMES.items() if name not in ("disclosed", "source_name", "year")}


class FieldChange(NamedTuple):
    """A field of the notice that reads otherwise; "" where the source was or is silent."""

    name: str
    before: str
    after: str


class ClauseChange(NamedTuple):
    """A clause that is not as it was.  `kind`: 新增, 删去, 改动 or 换号 (only its place or number changed).

    `anchor`: where it stands now, "" for one that is gone; `was`: where it stood, "" for a new one.  `what`: what is
    different besides the number, in words; `before` and `after`: the whole text where that is different, else "".
    """

    kind: str
    anchor: str
    was: str
    name: str
    what: tuple[str, ...] = ()
    before: str = ""
    after: str = ""


class NoticeChange(NamedTuple):
    """What is different in one notice."""

    id: str
    title: str
    fields: tuple[FieldChange, ...]
    clauses: tuple[ClauseChange, ...]
    tallies: tuple[Tally, ...]

    @property
    def elsewhere(self) -> bool:
        """Whether the notice itself is as it was, and only its links to others are not."""
        return not self.fields and not self.clauses and all(one.name in LINKS.values() for one in self.tallies)


class Changes(NamedTuple):
    """What a build changes.  `first`: nothing was published before, so nothing could be compared."""

    added: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    notices: tuple[NoticeChange, ...] = ()
    unread: tuple[str, ...] = ()  # ids whose old data say nothing: broken, or of another version
    first: bool = False


def since(
    outputs: Iterable[Made], docs: Path, stored: Collection[str] = (), withdrawn: Collection[str] = (), jobs: int = 1
) -> Changes:
    """The changes that writing `outputs` into `docs` would make.

    `stored`: the paths that the last build made; `withdrawn`: ids of notices whose pages become explanations; `jobs`:
    processes that share the work.
    """
    data = sorted((one for one in outputs if one.path.startswith(FOLDER)), key=lambda one: one.path)
    kinds = shared(lambda some: [_kind(one, docs, stored) for one in some], data, jobs)
    keys = [one.path.removeprefix(FOLDER).removesuffix(".json") for one in data]
    added = tuple(key for key, kind in zip(keys, kinds, strict=True) if kind == ADDED)
    unread = tuple(key for key, kind in zip(keys, kinds, strict=True) if kind == UNREAD)
    found = tuple(kind for kind in kinds if isinstance(kind, NoticeChange))
    first = not stored and not any((docs / FOLDER).glob("*.json"))
    return Changes(added, tuple(withdrawn), found, unread, first)


def _kind(output: Made, docs: Path, stored: Collection[str]) -> NoticeChange | str | None:
    """What is new in one data file: the change, ADDED, UNREAD, or None where readers would see no difference."""
    try:
        stood, stands = (docs / output.path).read_bytes(), output.content
        return compare(json.loads(stood), json.loads(stands)) if stood != stands else None
    except FileNotFoundError:
        return UNREAD if output.path in stored else ADDED
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return UNREAD


def compare(before: Data, after: Data) -> NoticeChange | None:
    """What is different between two data files of one notice; None where readers would see no difference.

    Raises KeyError, TypeError or AttributeError where one of them is no data file of ours.
    """
    clauses, now = _clauses(before["clauses"], after["clauses"])
    counted = tuple(tallies(before, after, now))
    found = NoticeChange(str(after["id"]), str(after["title"] or ""), _fields(before, after), clauses, counted)
    return found if found.fields or found.clauses or found.tallies else None


def difference(before: str, after: str, around: int = 6, most: int = 24) -> tuple[str, str]:
    """The passages in which two texts part, on one line, with `around` equal characters either side; cut to `most`."""
    start, end = _parting(before, after)
    left = max(start - around, 0)
    old, new = before[left : len(before) - end + around], after[left : len(after) - end + around]
    return _cut(old, most), _cut(new, most)


def parts(before: str, after: str) -> tuple[str, str, str, str]:
    """The common beginning of two texts, what stands only in the one and in the other, and the common end."""
    start, end = _parting(before, after)
    return before[:start], before[start : len(before) - end], after[start : len(after) - end], after[len(after) - end :]


def _parting(before: str, after: str) -> tuple[int, int]:
    """How many characters two texts share at the beginning, and then at the end."""
    most = min(len(before), len(after))
    start = next((i for i in range(most) if before[i] != after[i]), most)
    end = next((i for i in range(most - start) if before[-1 - i] != after[-1 - i]), most - start)
    return start, end


def _cut(text: str, most: int) -> str:
    shown = _SPACE.sub(" ", text)
    return f"{shown[:most]}……" if len(shown) > most else shown


# -- fields ----------------------------------------------------------------------------------------------------------


def _fields(before: Data, after: Data) -> tuple[FieldChange, ...]:
    pairs = [(name, _words(before[key]), _words(after[key])) for key, name in FIELDS.items()]
    pairs.append(("地区", _region(before["region"]), _region(after["region"])))
    for key, name in (("file", "原件"), ("url", "原网址"), ("name", "信息来源")):
        pairs.append((name, _words(before["source"][key]), _words(after["source"][key])))
    return tuple(FieldChange(*pair) for pair in pairs if pair[1] != pair[2])


def _words(value: object) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def _region(region: Data) -> str:
    return f"{''.join(region['path'])}（{region['code']}）" if region["code"] else ""


# -- clauses ---------------------------------------------------------------------------------------------------------


#: What of a clause readers see, and how a difference is called; its number, place and anchor are seen in `was`.
ASPECTS: tuple[tuple[str, Callable[[Data], object]], ...] = (
    ("文字", lambda c: c["text"]),
    ("标题的起止", lambda c: c["title"]),
    ("分段", lambda c: [p["text"] for p in c["paragraphs"]]),
    ("分项", lambda c: [(i["label"], i["text"]) for i in c["items"]]),
    ("是否算一项任务", lambda c: c["task"]),
    ("编号的层次", lambda c: c["style"]),
    ("缺损", lambda c: sorted(c["damage"])),
)
#: What besides is a change where the anchor is the same.
IN_PLACE: tuple[tuple[str, Callable[[Data], object]], ...] = (
    ("编号的写法", lambda c: c["label"]),
    ("所在的上一级", lambda c: c["parent"]),
)


def _clauses(before: Sequence[Data], after: Sequence[Data]) -> tuple[tuple[ClauseChange, ...], dict[str, str]]:
    """The changes, and for each old clause that is still there its anchor now."""
    old, new = {c["anchor"]: c for c in before}, {c["anchor"]: c for c in after}
    now = _paired(old, new)
    was = {here: there for there, here in now.items()}
    found = [_changed(new[here], old[was[here]]) if here in was else _added(new[here]) for here in new]
    found += [ClauseChange("删去", "", key, _name(old[key]), (), old[key]["text"], "") for key in old if key not in now]
    return tuple(one for one in found if one), now


def _added(clause: Data) -> ClauseChange:
    return ClauseChange("新增", clause["anchor"], "", _name(clause), (), "", clause["text"])


def _changed(clause: Data, was: Data) -> ClauseChange | None:
    same_place = clause["anchor"] == was["anchor"]
    looked = (*ASPECTS, *IN_PLACE) if same_place else ASPECTS
    what = tuple(name for name, look in looked if look(clause) != look(was))
    if same_place and not what:
        return None
    texts = (was["text"], clause["text"]) if "文字" in what else ("", "")
    return ClauseChange("改动" if what else "换号", clause["anchor"], was["anchor"], _name(clause), what, *texts)


def _paired(old: Mapping[str, Data], new: Mapping[str, Data]) -> dict[str, str]:
    """Old anchor → new anchor of the same clause: by anchor and text, by text alone, by title alone, by anchor alone."""
    keys: tuple[Callable[[Data], object], ...] = (
        lambda c: (c["anchor"], c["text"]),
        lambda c: c["text"],
        lambda c: c["title"] if c["title"] != c["text"] else "",
        lambda c: c["anchor"],
    )
    now: dict[str, str] = {}
    for key in keys:
        taken = set(now.values())
        waiting = _by_key((c for a, c in new.items() if a not in taken), key)
        for told, clauses in _by_key((c for a, c in old.items() if a not in now), key).items():
            now |= {c["anchor"]: n["anchor"] for c, n in zip(clauses, waiting.get(told, ()), strict=False)}
    return now


def _by_key(clauses: Iterable[Data], key: Callable[[Data], object]) -> dict[object, list[Data]]:
    found: dict[object, list[Data]] = {}
    for clause in clauses:
        if told := key(clause):
            found.setdefault(told, []).append(clause)
    return found


def _name(clause: Data) -> str:
    words = _SPACE.sub(" ", clause["title"] or clause["text"].partition("\n")[0])
    short = words if len(words) <= 20 else f"{words[:20]}……"
    return f"{clause['label']}{short}" if clause["style"] else SLOTS.get(clause["anchor"], short)
