"""What a notice's own pages show of the rest of the corpus, and nothing else: while it is the same, so are they."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..model import Link


@dataclass(frozen=True, slots=True)
class Around:
    """links: address in this notice → the links that start there, best first; names: target → what it is called,
    the notice and, where the target is a clause, the clause; beside: comparison pages, address and words;
    pages: list ("targets", "units", "topic ZK", the id of a document) → the page of it that has this notice's entries."""

    links: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    beside: tuple[tuple[str, str], ...] = ()
    plain_terms: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)

    @property
    def changing(self) -> tuple[object, ...]:
        """All of it that other notices decide, in a form whose representation is the same from run to run."""
        return (tuple(self.links.items()), tuple(self.names.items()), self.beside, tuple(self.pages.items()))

    def cited(self, address: str, *names: object) -> str | None:
        """The id of the notice that the clause at `address` cites by one of `names` (title, number), or None."""
        wanted = set(map(str, names))
        for link in self.links.get(address, ()):
            if link.kind == "cites" and wanted & set(link.evidence):
                return link.target.partition("#")[0]
        return None


def citing(links: Mapping[str, tuple[Link, ...]]) -> Around:
    """What rows and the joined files may know of the rest of the corpus: which documents are notices here."""
    return Around({at: cites for at, found in links.items() if (cites := tuple(k for k in found if k.kind == "cites"))})
