"""SVG as text, safe inside a page: few elements, no style attributes, no scripts, every text and value escaped.

Twenty units are one em of the text around the drawing, so that it grows with the reader's letters.
"""

from __future__ import annotations

from ..markdown import escape

EM = 20
#: What a drawing may consist of.  The gate over the built site allows the same.
ELEMENTS = frozenset(("svg", "g", "a", "title", "text", "rect", "line"))
_PLACING = ("x", "y", "x1", "x2", "y1", "y2", "rx", "width", "height", "viewBox", "text-anchor")
ATTRIBUTES = frozenset((*_PLACING, "class", "href", "role", "aria-label"))  # no style, nothing that runs


def element(tag: str, *children: str, **attributes: str | int) -> str:
    """`<tag …>children</tag>`; children are SVG already.  `class_` and `text_anchor` stand for class and text-anchor.

    Raises ValueError for an element or an attribute that no drawing of ours has.
    """
    if tag not in ELEMENTS:
        raise ValueError(f"no drawing has <{tag}>")
    written = "".join(f' {_name(name)}="{escape(str(value))}"' for name, value in attributes.items())
    return f"<{tag}{written}>{''.join(children)}</{tag}>"


def words(text: str, x: int, y: int, **attributes: str | int) -> str:
    """One line of text whose middle is at the height `y`."""
    return element("text", escape(text), x=x, y=y + EM * 7 // 20, **attributes)


def link(href: str, says: str, *children: str, **attributes: str | int) -> str:
    """A link that says where it leads, to a screen reader and to a mouse that rests on it."""
    named = {"href": href, "aria_label": says, **attributes}
    return element("a", element("title", escape(says)), *children, **named)


def drawing(width: int, height: int, label: str, *children: str) -> str:
    """The whole drawing; `label` names it.  A group, no image: an image would hide its links from screen readers."""
    size = {"width": f"{width / EM:g}em", "height": f"{height / EM:g}em"}
    return element(
        "svg", *children, class_="y-grid", viewBox=f"0 0 {width} {height}", role="group", aria_label=label, **size
    )


def _name(key: str) -> str:
    name = key.rstrip("_").replace("_", "-")
    if name not in ATTRIBUTES:
        raise ValueError(f"no drawing has the attribute {name}")
    return name
