"""What goes wrong, as exceptions: with a single file, or with a whole command."""

from __future__ import annotations


class Unreadable(Exception):
    """A file that cannot be published: `code` for machines, `reason` in Chinese for the maintainer."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Refused(Exception):
    """A command that cannot or must not go on; its text says why and what to do next, in Chinese.  Nothing was changed."""
