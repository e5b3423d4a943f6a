"""Files that hold one notice become one page with several sources; texts that contradict each other are reported.

`settle` decides before ids are given, `named` fills in the pages once they are.  Both are pure, and nothing depends
on the order of the files: they are taken by how complete they are, and a file that is published already stays so
unless another one is clearly more complete.  What makes two files one notice is in sameness.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import NamedTuple

from ..model import Notice, Problem
from ..pipeline import Outcome
from ..rules import Rules
from ..sources import Copy, Rival
from ..store import Entry
from .sameness import Heads, Look, Sameness, Verdict, compiled_rules, judge, look_at
from .wording import Difference, Gap, joined

#: Codes of problems that say two published notices may be one; the page 待核对 lists them by themselves.
CODES = (
    "same-number-other-text", "same-notice-twice", "same-notice-other-number", "same-text-other-issuer",
    "same-text-other-title", "other-version",
)  # fmt: skip
KEY_FIELDS = ("title", "doc_number", "issuer", "issued")
FIELDS = (*KEY_FIELDS, "notice_title", "addressees", "index_number", "published", "source_name")


class _Group(NamedTuple):
    """Files of one notice: the one that is published, and the others with how they differ from it."""

    head: Look
    copies: list[tuple[Look, Difference]]
    rivals: list[Rival]


def settle(
    outcomes: Sequence[Outcome],
    rules: Rules,
    known: Mapping[str, Entry] | None = None,
    heads: Mapping[str, Heads] | None = None,
    full: Callable[[str], Notice] | None = None,
) -> list[Outcome]:
    """The outcomes of all files, in name order: of several files of one notice one is published, and names the others.

    In: every outcome of the run, converted now or kept from before, whose notices have no id yet; `known` is the
    registry.  Out: as many outcomes for the same files.  A file that another one stands for is "duplicate" with the
    reason; the published notice has its `copies`, and its `rivals` where another file contradicts it.
    Where the notices come without their clauses: `heads` by file, and `full` gives the notice of a file with them.
    """
    sameness = compiled_rules(rules)
    published_before = _known((known or {}).values())
    first, twins = _same_bytes([o for o in outcomes if o.notice], published_before)
    looks = [
        look_at(o.notice, sameness, heads[o.file] if heads else None, partial(full, o.file) if full else None)
        for o in first
        if o.notice
    ]
    looks.sort(key=lambda look: _order(look, published_before))
    made: dict[str, Outcome] = {}
    files = {o.file: o for o in first}
    for group in _groups(looks, sameness):
        made |= {outcome.file: outcome for outcome in _outcomes(group, files, twins, sameness)}
    return sorted((made.get(o.file, o) for o in outcomes), key=lambda o: o.file)


def _source(outcome: Outcome) -> tuple[str, str]:
    assert outcome.notice is not None
    source = outcome.notice.document.source
    return source.sha256, source.path


class _Known(NamedTuple):
    """What the registry holds, for quick answers."""

    files: frozenset[tuple[str, str]]
    hashes: frozenset[str]
    paths: frozenset[str]

    def standing(self, sha256: str, path: str) -> int:
        """0 for the very file that is published, 1 for its bytes under another name, 2 for its name, 3 for a new file."""
        if (sha256, path) in self.files:
            return 0
        return 1 if sha256 in self.hashes else 2 if path in self.paths else 3


def _known(entries: Iterable[Entry]) -> _Known:
    files = frozenset((entry.sha256, entry.source) for entry in entries)
    return _Known(files, frozenset(sha256 for sha256, _ in files), frozenset(path for _, path in files))


def _same_bytes(outcomes: Sequence[Outcome], known: _Known) -> tuple[list[Outcome], dict[str, list[Outcome]]]:
    """One outcome for each content, and the others by its SHA-256; the published name first, then by name."""
    first: dict[str, Outcome] = {}
    twins: dict[str, list[Outcome]] = {}
    for outcome in sorted(outcomes, key=lambda o: (_source(o) not in known.files, o.file)):
        digest = _source(outcome)[0]
        if digest in first:
            twins.setdefault(digest, []).append(outcome)
        first.setdefault(digest, outcome)
    return list(first.values()), twins


def _order(look: Look, known: _Known) -> tuple[int | str, ...]:
    """The more complete file first: fewer doubts, more clauses, more of the fields that a citation needs.

    Then the one that is published already, so that a page does not go to and fro; then the rest, and at last its hash.
    """
    notice = look.notice
    source = notice.document.source
    doubts = sum(problem.severity == "review" for problem in notice.all_problems)
    return (
        doubts,
        -look.heads.clauses,
        -_filled(notice, KEY_FIELDS),
        known.standing(source.sha256, source.path),
        -_filled(notice, FIELDS),
        len(notice.all_problems),
        source.sha256,
        source.path,
    )


def _filled(notice: Notice, names: Sequence[str]) -> int:
    return sum(bool(getattr(notice.meta, name).value) for name in names)


# -- which files belong together -------------------------------------------------------------------------------------


def _groups(looks: Sequence[Look], rules: Sameness) -> list[_Group]:
    """Each file in turn joins the first group whose published file says the same, or begins a group of its own."""
    groups: list[_Group] = []
    found: dict[tuple[str, ...], list[int]] = {}
    for look in looks:
        keys = list(_keys(look))
        shared = Counter(number for key in keys for number in islice(found.get(key, ()), rules.most_heads))
        near = sorted(sorted(shared, key=lambda n: (-shared[n], n))[: rules.most_heads])  # most in common first
        verdicts = [(groups[n], judge(look, groups[n].head, rules)) for n in near]
        home = next(((group, v) for group, v in verdicts if v.kind == "same"), None)
        if home:
            home[0].copies.append((look, home[1].difference))
            continue
        made = _Group(look, [], [])
        for group, verdict in verdicts:
            if verdict.kind in ("conflict", "version"):
                made.rivals.append(_rival(group.head, verdict, False, rules))
                if len(group.rivals) < rules.most_heads:
                    group.rivals.append(_rival(look, verdict, True, rules))
        for key in keys:
            found.setdefault(key, []).append(len(groups))
        groups.append(made)
    return groups


def _keys(look: Look) -> Iterator[tuple[str, ...]]:
    """What two files of one notice may share: number, title in a place and year, or one of the longest clauses."""
    if look.number:
        yield ("number", look.number, look.place)
    if look.title:
        yield ("title", look.title, look.year, look.place)
    for text in look.heads.longest:
        yield ("text", text)


def _rival(other: Look, verdict: Verdict, turned: bool, rules: Sameness) -> Rival:
    """What the one side is told of the other; `turned` where the verdict was made from the other side."""
    gaps = [Gap(g.theirs, g.mine) if turned else g for g in (*verdict.difference.figures, *verdict.difference.gaps)]
    shown = list(dict.fromkeys(gaps))
    line = next((gap.mine[0].line for gap in shown if gap.mine), 1)
    path = other.notice.document.source.path
    if verdict.kind == "version":
        return Rival(
            path, "note", verdict.code, line, f"{verdict.why}，是两个文本，各有网页。不用处理；引用时请看清是哪一份。"
        )
    apart = f"；不同的有 {verdict.difference.clauses} 条：{_told(shown, rules)}" if shown else ""
    detail = (
        f"{verdict.why}{apart}。两份都已发布；请对照原网页，留下对的一份，把另一份移出 raw/；两份都对，就不用处理。"
    )
    return Rival(path, "review", verdict.code, line, detail)


def _told(gaps: Sequence[Gap], rules: Sameness) -> str:
    """The first places where two texts differ: “1.深化课程改革”这里是“20场”，那里是“21场”."""
    words = [_gap_words(gap, rules) for gap in gaps[: rules.shown]]
    return "；".join(words) + ("……" if len(gaps) > rules.shown else "")


def _gap_words(gap: Gap, rules: Sameness) -> str:
    if not gap.theirs:
        return f"“{gap.mine[0].name}”{'等 ' + str(len(gap.mine)) + ' 条' if len(gap.mine) > 1 else ''}那一份没有"
    if not gap.mine:
        return f"“{gap.theirs[0].name}”{'等 ' + str(len(gap.theirs)) + ' 条' if len(gap.theirs) > 1 else ''}这一份没有"
    mine, theirs = _around_difference(joined(gap.mine), joined(gap.theirs))
    return f"“{gap.mine[0].name}”这里是“{mine}”，那里是“{theirs}”"


def _around_difference(mine: str, theirs: str, before: int = 4, after: int = 12) -> tuple[str, str]:
    """The words around the first place where two texts part."""
    at = next((i for i, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b), min(len(mine), len(theirs)))
    start = max(at - before, 0)
    return mine[start : at + after], theirs[start : at + after]


# -- what becomes of the files ---------------------------------------------------------------------------------------


def _outcomes(
    group: _Group, files: Mapping[str, Outcome], twins: Mapping[str, Sequence[Outcome]], rules: Sameness
) -> Iterator[Outcome]:
    """The published file and those that it stands for."""
    head = group.head.notice
    path = head.document.source.path
    copies: list[Copy] = []
    problems: list[Problem] = []
    for look, apart in [(group.head, None), *group.copies]:
        source = look.notice.document.source
        for twin in twins.get(source.sha256, ()):
            assert twin.notice is not None
            copies.append(_copy(twin.notice, apart.clauses if apart else 0))
            whose = path if apart is None else source.path
            reason = f"与 {whose} 的内容完全相同，只发布一次。可以删去其中一个文件。"
            yield _set_aside(twin, reason)
        if apart is not None:
            copies.append(_copy(look.notice, apart.clauses))
            told = f"{apart.clauses} 条有出入：{_told(apart.gaps, rules)}" if apart.gaps else "正文没有出入"
            if apart.cut:
                told = f"这一份不完整，{told}"
            step = "请对照原网页看一眼。" if apart.gaps else "不用处理。"
            reason = f"与 {path} 是同一份通知，只发布一次，两个来源都写在网页上；{told}。{step}"
            yield _set_aside(files[source.path], reason)
            problems += [_differs(source.path, apart, rules)] if apart.gaps else []
    problems.sort(key=lambda one: (one.line, one.detail))
    made = replace(
        head,
        problems=(*head.problems, *problems),
        copies=tuple(sorted(copies, key=lambda copy: copy.source.path)),
        rivals=tuple(sorted(group.rivals, key=lambda rival: (rival.path, rival.code))),
    )
    yield replace(files[path], notice=made)


def _set_aside(outcome: Outcome, reason: str) -> Outcome:
    return replace(outcome, status="duplicate", reason=reason, notice=None)


def _differs(path: str, apart: Difference, rules: Sameness) -> Problem:
    """What the published notice says of a copy that reads otherwise in places."""
    line = next((gap.theirs[0].line for gap in apart.gaps if gap.theirs), 1)
    told = _told([Gap(gap.theirs, gap.mine) for gap in apart.gaps], rules)
    detail = f"{path} 是同一份通知的另一个来源，{apart.clauses} 条有出入：{told}。发布的是这一份；请对照原网页看一眼。"
    return Problem("note", "copy-differs", line, detail)


def _copy(notice: Notice, differing: int) -> Copy:
    return Copy(notice.document.source, notice.meta.source_name.value, differing)


def named(notices: Iterable[Notice]) -> list[Notice]:
    """Notices with their ids: each rival becomes a problem that names its file and page."""
    notices = list(notices)
    pages = {notice.document.source.path: notice.id for notice in notices}
    return [_named(notice, pages) if notice.rivals else notice for notice in notices]


def _named(notice: Notice, pages: Mapping[str, str]) -> Notice:
    told = []
    for rival in notice.rivals:
        page = f"（网页 /notices/{pages[rival.path]}/）" if rival.path in pages else ""
        told.append(Problem(rival.severity, rival.code, rival.line, f"与 {rival.path}{page}{rival.detail}"))
    return replace(notice, problems=(*notice.problems, *told), rivals=())


def with_pages(outcomes: Iterable[Outcome], notices: Iterable[Notice]) -> list[Outcome]:
    """The outcomes, in which each duplicate's reason ends with the page that names it as a source."""
    pages = {copy.source.path: notice.id for notice in notices for copy in notice.copies}
    return [
        replace(o, reason=f"{o.reason}网页：/notices/{pages[o.file]}/。")
        if o.status == "duplicate" and o.file in pages
        else o
        for o in outcomes
    ]
