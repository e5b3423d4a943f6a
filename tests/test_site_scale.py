"""The site in shards: whatever is made side by side, elsewhere, or taken from the last run, the bytes are those of one run."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notices.errors import Refused, Unreadable
from notices.publish.archive import LIST, archives, write_archives
from notices.publish.gate import check_site, links, own_files
from notices.publish.generate import Means, Settings, generate
from notices.publish.looked import look
from notices.publish.offline import make_offline
from notices.publish.render import MKDOCS, pack, render, unpack
from notices.publish.shards import OTHER, Shard, shards
from notices.publish.sources import Page, frame, listed, read_page
from support import ROOT

CHOSEN = Settings("要点", "https://example.org/yaodian/")


@dataclass(frozen=True)
class Place:
    """A copy of the repository's docs/, theme and settings that a test may change."""

    root: Path
    out: Path
    kept: Path

    @property
    def docs(self) -> Path:
        return self.root / "docs"

    def made(self, **means: object) -> Path:
        """The generator's output, with this in the way it is run."""
        self.done(**means)
        return self.out

    def done(self, **means: object) -> tuple[int, int]:
        """How many pages there are, and how many were made now."""
        return generate(self.root, self.docs, self.out, CHOSEN, Means(**means))  # type: ignore[arg-type]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    for name in ("docs", "theme"):
        shutil.copytree(ROOT / name, tmp_path / "all" / name)
    shutil.copyfile(ROOT / "mkdocs.yml", tmp_path / "all/mkdocs.yml")
    return Place(tmp_path / "all", tmp_path / "out", tmp_path / "kept")


def files_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def one_run(place: Place) -> dict[str, bytes]:
    """What the generator makes of docs/ by itself, as anybody may run it."""
    config, site = place.root / "one.yml", place.root.parent / "one"
    config.write_text(json.dumps({"INHERIT": "mkdocs.yml", "site_url": CHOSEN.site_url}), "utf-8")
    command = [
        sys.executable,
        *MKDOCS[1:],
        "build",
        "--strict",
        "--clean",
        "--site-dir",
        str(site),
        "--config-file",
        str(config),
    ]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    config.unlink()
    return files_of(site)


# --- the shards -----------------------------------------------------------------------------------------------------


def page_of(path: str, size: int = 10) -> Page:
    return Page(path, (), size, path)


PATHS = st.lists(
    st.sampled_from(["hebei-a", "hebei-b", "hunan-c", "x"]).flatmap(
        lambda name: st.sampled_from([f"notices/{name}-{n}{rest}" for n in range(9) for rest in (".md", "/source.md")])
    ),
    unique=True,
)


@given(PATHS, st.integers(1, 7), st.integers(1, 100))
def test_every_page_is_in_one_shard_and_no_shard_is_too_large(paths: list[str], most: int, most_bytes: int) -> None:
    pages = [page_of(path, 1 + len(path)) for path in [*paths, "index.md"]]
    found = shards(pages, True, most, most_bytes)
    assert sorted(page.path for shard in found for page in shard.pages) == sorted(page.path for page in pages)
    assert all(len(shard.pages) <= most for shard in found)
    assert [shard.theme for shard in found] == [True] + [False] * (len(found) - 1)
    assert len({shard.name for shard in found}) == len(found)
    assert found == shards(pages[::-1], True, most, most_bytes)


def test_small_provinces_are_one_shard_and_a_large_one_is_several() -> None:
    paths = [
        f"notices/{name}-{number}.md"
        for name, many in (("a", 2), ("b", 1), ("c", 7), ("d", 2), ("e", 1))
        for number in range(many)
    ]
    found = shards(map(page_of, [*paths, "notices/a-1/source.md", "notices/d/e/f.md", "places.md"]), most=4)
    assert [(shard.name, [page.path for page in shard.pages]) for shard in found] == [
        (OTHER, ["notices/d/e/f.md", "places.md"]),
        ("a、b", ["notices/a-0.md", "notices/a-1.md", "notices/a-1/source.md", "notices/b-0.md"]),
        ("c 之 1", [f"notices/c-{number}.md" for number in range(4)]),
        ("c 之 2", [f"notices/c-{number}.md" for number in range(4, 7)]),
        ("d、e", ["notices/d-0.md", "notices/d-1.md", "notices/e-0.md"]),
    ]


def test_a_small_site_is_one_shard_and_nothing_to_do_is_none() -> None:
    (whole,) = shards(map(page_of, ("index.md", "notices/a-1.md", "notices/b-1.md")))
    assert len(whole.pages) == 3
    assert shards([], theme=False) == []
    assert shards([], theme=True) == [Shard(OTHER, (), True)]


# --- shards are one run ---------------------------------------------------------------------------------------------


def test_shards_give_the_bytes_of_one_run(place: Place) -> None:
    whole = one_run(place)
    assert len(whole) > 100
    assert files_of(place.made(most=3, jobs=2)) == whole
    assert files_of(place.made()) == whole


def backwards(work: Callable[[bytes], bytes], packed: Iterable[bytes]) -> Iterator[bytes]:
    """A runner in other processes, which get bytes and give bytes, and that finishes in another order."""
    with get_context("spawn").Pool(2) as pool:
        waiting = [pool.apply_async(work, (one,)) for one in reversed(list(packed))]
        yield from (one.get() for one in reversed(waiting))


def test_a_shard_can_be_rendered_by_a_process_that_sees_nothing_but_its_bytes(place: Place) -> None:
    here = files_of(place.made(most=10))
    assert files_of(place.made(most=10, run=backwards)) == here


def test_a_packed_shard_holds_its_own_pages_and_of_the_others_their_names(place: Place) -> None:
    found = listed(place.docs)
    common = frame(place.root, "", found, MKDOCS)
    known = {*found.pages, *found.files}
    page = read_page(place.docs, "compare/index.md", known, common.key)
    assert page.targets, "this page leads to others"
    shard = Shard("x", (page,))
    packed = pack(shard, common, place.docs)
    assert pack(shard, common, place.docs) == packed
    (place.root / "packed.zip").write_bytes(packed)
    with zipfile.ZipFile(place.root / "packed.zip") as archive:
        docs = {
            name.removeprefix("docs/"): archive.read(name) for name in archive.namelist() if name.startswith("docs/")
        }
    assert set(docs) == {page.path, *common.nav, *page.targets}
    assert [name for name, content in docs.items() if content] == [page.path]
    done = unpack(render(packed))
    assert (done.refused, list(done.pages), done.theme) == ("", ["compare/index.html"], {})


# --- what is kept ---------------------------------------------------------------------------------------------------


def test_pages_that_did_not_change_are_not_made_again(place: Place) -> None:
    first = place.done(kept=place.kept)
    assert first == (first[0], first[0])
    before = files_of(place.out)
    assert place.done(kept=place.kept) == (first[0], 0)
    assert files_of(place.out) == before == one_run(place)


def changed(place: Place) -> int:
    path = place.docs / "notices/zhejiang-2020.md"
    path.write_text(path.read_text("utf-8") + "\n又一段。\n", "utf-8")
    return 1


def removed(place: Place) -> int:
    (place.docs / "notices/shandong-huantai-2019/source.md").unlink()
    return 0


def added(place: Place) -> int:
    (place.docs / "notices/hebei-new-2024.md").write_text("# 新的一份\n\n第一段。\n", "utf-8")
    (place.docs / "new").mkdir()
    (place.docs / "new/index.md").write_text("# 新的栏目 {: #x }\n\n[量化指标](../targets.md)\n", "utf-8")
    config = place.root / "mkdocs.yml"
    config.write_text(config.read_text("utf-8").replace("  /topics/\n", "  /topics/\n  /new/\n"), "utf-8")
    return -1


def retitled(place: Place) -> int:
    config = place.root / "mkdocs.yml"
    config.write_text(config.read_text("utf-8").replace("- 主题: topics", "- 各类主题: topics"), "utf-8")
    return -1


def rethemed(place: Place) -> int:
    theme = place.root / "theme/partials/copyright.html"
    theme.write_text(theme.read_text("utf-8").replace("回到顶部", "回到最上面"), "utf-8")
    return -1


@pytest.mark.parametrize("change", [changed, removed, added, retitled, rethemed])
def test_what_is_kept_gives_the_bytes_of_a_build_from_nothing(place: Place, change: Callable[[Place], int]) -> None:
    every, _ = place.done(kept=place.kept)
    anew = change(place)
    count, made = place.done(kept=place.kept, most=20)
    assert files_of(place.out) == one_run(place)
    assert made == (count if anew < 0 else anew), "a page is made again where it may have changed, and only there"
    assert every > 50


def test_a_damaged_cache_is_made_anew(place: Place) -> None:
    whole = files_of(place.made(kept=place.kept))
    with (place.kept / "cache.sqlite").open("r+b") as cache:
        for at in range(8192, (place.kept / "cache.sqlite").stat().st_size, 4096):
            cache.seek(at + 2000)
            cache.write(b"spoilt" * 20)
    assert files_of(place.made(kept=place.kept)) == whole
    (place.kept / "cache.sqlite").write_bytes(b"no database at all" * 1000)
    assert files_of(place.made(kept=place.kept)) == whole
    assert place.done(kept=place.kept)[1] == 0


def test_nothing_is_kept_of_pages_that_are_gone(place: Place) -> None:
    place.done(kept=place.kept)
    count = len(known(place.kept))
    (place.docs / "notices/shandong-huantai-2019/source.md").unlink()
    place.done(kept=place.kept)
    assert len(known(place.kept)) == count - 1


def known(kept: Path) -> list[str]:
    base = sqlite3.connect(kept / "cache.sqlite")
    try:
        return [key for (key,) in base.execute("SELECT key FROM item WHERE kind = 'page'")]
    finally:
        base.close()


# --- what stops a site ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[x](nowhere.md)", "contains a link 'nowhere.md'"),
        ("[x](../places/)", "'../places/'"),
        ("[x](/places.md)", "an absolute link"),
        ("[x](#nowhere)", "no such anchor"),
    ],
)
def test_a_link_that_leads_nowhere_stops_the_site_and_is_named(place: Place, text: str, says: str) -> None:
    place.done(kept=place.kept)
    path = place.docs / "notices/zhejiang-2020.md"
    path.write_text(path.read_text("utf-8") + f"\n{text}\n", "utf-8")
    for _ in range(2):  # a page that was refused is not kept
        with pytest.raises(Refused) as refused:
            place.done(kept=place.kept, most=10)
        assert "notices/zhejiang-2020.md" in str(refused.value)
        assert says in str(refused.value)
        assert "原来的网站没有变" in str(refused.value)
        assert "INFO" not in str(refused.value)


def test_a_page_that_others_lead_to_and_is_gone_stops_the_site(place: Place) -> None:
    place.done(kept=place.kept)
    (place.docs / "targets.md").unlink()
    with pytest.raises(Refused, match=r"targets\.md"):
        place.done(kept=place.kept)


def test_an_anchor_in_another_shard_is_followed_by_the_gate(place: Place) -> None:
    path = place.docs / "about.md"
    path.write_text(path.read_text("utf-8") + "\n[x](notices/zhejiang-2020.md#nowhere)\n", "utf-8")
    place.done(most=1)
    assert any(
        "about/index.html" in fault and "#nowhere 指向的位置不存在" in fault
        for fault in check_site(place.out, place.docs)
    )


def test_two_pages_for_one_address_are_named(place: Place) -> None:
    (place.docs / "about").mkdir()
    (place.docs / "about/index.md").write_text("# x\n", "utf-8")
    with pytest.raises(Refused, match=r"docs/about\.md.*docs/about/index\.md|docs/about/index\.md.*docs/about\.md"):
        place.done()


def test_a_navigation_without_titles_is_refused(place: Place) -> None:
    config = place.root / "mkdocs.yml"
    config.write_text(config.read_text("utf-8").replace("- 首页: index.md", "- index.md"), "utf-8")
    with pytest.raises(Unreadable, match="每一页都要写名称"):
        place.done()


def test_a_run_that_is_killed_leaves_the_old_site_and_the_next_is_whole(place: Place) -> None:
    site = place.root / "site"
    site.mkdir()
    (site / "index.html").write_text("the old site", "utf-8")
    program = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]); from notices import publish\n"
        "root, registry, kept = map(Path, sys.argv[2:])\n"
        "publish.make(root, root / 'docs', registry, root / 'site', publish.Settings('要点', ''), publish.Means(kept, 2, most=2))"
    )
    command = [
        sys.executable,
        "-c",
        program,
        str(ROOT / "scripts"),
        str(place.root),
        str(ROOT / "registry"),
        str(place.kept),
    ]
    running = subprocess.Popen(command, start_new_session=True)
    while running.poll() is None and len(known_or_none(place.kept)) < 4:
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL, "it was killed in the middle"
    assert files_of(site) == {"index.html": b"the old site"}
    subprocess.run(command, check=True, capture_output=True)
    after = files_of(site)
    subprocess.run([*command[:-1], str(place.kept.parent / "other")], check=True, capture_output=True)
    assert files_of(site) == after
    assert len(after) > 100


def known_or_none(kept: Path) -> list[str]:
    try:
        return known(kept)
    except sqlite3.Error:
        return []


# --- after the generator --------------------------------------------------------------------------------------------


def test_the_look_at_pages_is_the_same_with_a_cache_and_for_any_number_of_processes(site: Path, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        shutil.copytree(site, tmp_path / name)
    own = own_files(site, site.parent / "docs")
    first = look(tmp_path / "a", own)
    assert look(tmp_path / "b", own, 2, tmp_path / "kept") == first
    assert look(tmp_path / "c", own, 2, tmp_path / "kept") == first
    assert files_of(tmp_path / "a") == files_of(tmp_path / "b") == files_of(tmp_path / "c") == files_of(site)
    assert {name for name, page in first.items() if page.hidden} == {
        path.relative_to(site).as_posix()
        for path in site.rglob("*.html")
        if 'content="noindex"' in path.read_text("utf-8")
    }


def test_a_page_that_was_good_is_looked_at_again_when_it_changes(site: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(site, tmp_path / "site")
    own = own_files(site, site.parent / "docs")
    before = look(copy, own, 1, tmp_path / "kept")
    page = copy / "about/index.html"
    page.write_text(page.read_text("utf-8").replace("</article>", "<p onclick='x()'>x</p></article>"), "utf-8")
    after = look(copy, own, 1, tmp_path / "kept")
    assert {name for name in after if after[name] != before[name]} == {"about/index.html"}
    assert any("onclick" in fault for fault in after["about/index.html"].facts.marks)
    less = own._replace(scripts=own.scripts - {"assets/yaodian-site.js"})
    assert all(page.facts.marks for name, page in look(copy, less, 1, tmp_path / "kept").items() if name != "404.html")


ADDRESSES = st.text(alphabet="./abz0-#?%: Z_", max_size=14)
PAGES = st.sampled_from(["index.html", "a/index.html", "a/b/c/index.html", "404.html"])


@given(ADDRESSES, PAGES, st.sampled_from([links.ORIGIN, "http://elsewhere.example/"]))
def test_a_simple_address_leads_where_the_standard_says(value: str, name: str, origin: str) -> None:
    simple = links._SIMPLE.fullmatch(value)
    if simple and value:
        assert links._simple_place(simple, origin + name) == links._resolved(value, origin + name)


# --- the archives ---------------------------------------------------------------------------------------------------


@pytest.fixture
def split(place: Place) -> Place:
    """A corpus whose tables are split by province."""
    for province in ("zhejiang", "shanghai", "shandong"):
        (place.docs / "data" / province).mkdir()
        (place.docs / "data" / province / "tasks.csv").write_text(f"a,{province}\n", "utf-8")
    return place


def test_a_large_corpus_has_an_archive_a_province_and_a_list_of_them(split: Place) -> None:
    paths = write_archives(split.docs, split.out, jobs=2, most=4)
    rows = json.loads((split.out / LIST).read_text("utf-8"))["archives"]
    assert [(row["path"], row["notices"]) for row in rows] == [
        ("data/yaodian-data-shandong.zip", 1),
        ("data/yaodian-data-shanghai.zip", 1),
        ("data/yaodian-data-zhejiang.zip", 3),
    ]
    assert {row["path"]: row["bytes"] for row in rows} == {
        path.relative_to(split.out).as_posix(): path.stat().st_size for path in paths
    }
    for row in rows:
        with zipfile.ZipFile(split.out / row["path"]) as archive:
            held = {name.removeprefix("yaodian-data/"): archive.read(name) for name in archive.namelist()}
        sums = dict(line.split("  ")[::-1] for line in held.pop("SHA256SUMS.txt").decode().splitlines())
        assert {name: hashlib.sha256(content).hexdigest() for name, content in held.items()} == sums
        assert held["tasks.csv"] == f"a,{row['province']}\n".encode()
        assert {"README.txt", "notice.schema.json", "tasks.csv"} < set(held)
        notices = {path.name for path in (split.docs / "data/notices").glob(f"{row['province']}-*.json")}
        assert {name for name in held if name.startswith("notices/")} == {f"notices/{name}" for name in notices}


def test_a_corpus_that_is_not_large_has_one_archive_of_all(place: Place) -> None:
    assert [(one.name, one.notices) for one in archives(place.docs, most=5)] == [("yaodian-data.zip", 5)]
    write_archives(place.docs, place.out)
    assert not (place.out / LIST).exists()


@pytest.mark.parametrize("most", [4, 5])
def test_archives_that_are_kept_are_the_same_as_new_ones(split: Place, most: int) -> None:
    def packed(name: str, kept: Path | None) -> dict[str, bytes]:
        out = split.out / name
        write_archives(split.docs, out, 1, kept, most)
        return files_of(out)

    first = packed("a", None)
    assert packed("b", split.kept) == packed("c", split.kept) == first
    path = split.docs / "data/notices/zhejiang-2020.json"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    assert packed("d", split.kept) == packed("e", None) != first
    for spoilt in (split.kept / "archives").glob("*.zip"):
        spoilt.write_bytes(spoilt.read_bytes()[:-1])
    assert packed("f", split.kept) == packed("g", None)


def test_of_a_large_corpus_there_is_no_offline_copy_and_the_reason_is_told(site: Path, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"份通知，离线版没有生成.*内网服务器"):
        make_offline(site, tmp_path / "a.zip", most=3)
    assert not (tmp_path / "a.zip").exists()
