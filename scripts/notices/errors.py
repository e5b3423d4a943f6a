"""What goes wrong with a single file, as an exception."""

from __future__ import annotations


class Unreadable(Exception):
    """A file that cannot be published: `code` for machines, `reason` in Chinese for the maintainer."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
