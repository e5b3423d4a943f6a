"""What a page of this site may hold.  Elements and attributes that are not listed here are none that we write."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of `text`."""
    return frozenset(text.split())


#: What an article may hold: the marks that Markdown and the theme's own pages need.
ARTICLE = words(
    """a abbr article aside b blockquote br button code dd del details div dl dt em footer form h1 h2 h3 h4 h5 h6 hr i
    img input ins kbd label li mark nav ol option p pre q s section select small span strong sub summary sup svg table
    tbody td tfoot th thead time tr u ul"""
)
#: What a drawing may hold; nothing in it runs or loads.
DRAWING = words("a circle desc ellipse g line path polygon polyline rect svg text title tspan")
#: What stands around the article.
PAGE = ARTICLE | words("html head body meta link title script header main")
#: What one page alone may hold: answering at any depth, it loads no file.
INLINE_PAGE = "404.html"
INLINE = words("base style")

#: Attributes of every element, besides aria-… and data-….
EVERYWHERE = words("class dir hidden id lang role tabindex title")
ATTRIBUTES = {
    "a": words("href rel target download"),
    "base": words("href"),
    "button": words("type"),
    "details": words("open"),
    "div": words("markdown"),  # says to the generator: leave this alone; it may stay
    "form": words("action method"),
    "html": words("xmlns"),
    "img": words("src alt width height loading"),
    "input": words("type name value placeholder autocomplete enterkeyhint"),
    "label": words("for"),
    "link": words("href rel type"),
    "meta": words("charset content http-equiv name property"),
    "ol": words("start"),
    "option": words("value"),
    "script": words("src type defer"),
    "select": words("name"),
    "td": words("colspan rowspan align"),
    "th": words("colspan rowspan align scope"),
    "time": words("datetime"),
}
#: Attributes in a drawing.
DRAWN = words(
    """cx cy d dx dy fill font-size height href points r rx ry stroke stroke-linecap stroke-linejoin stroke-width
    text-anchor transform viewbox width x x1 x2 xmlns y y1 y2"""
)

#: <link rel>: the first load nothing, the second load a file that must be ours.
QUIET_LINKS = words("canonical alternate next prev author license")
LOADING_LINKS = words("icon stylesheet")
#: Attributes that hold addresses.
ADDRESSES = words(
    """href src action formaction poster data cite background xlink:href longdesc manifest srcdoc ping usemap
    classid codebase archive profile"""
)
#: Elements whose address is loaded, or is where something is sent.
LOADING = words("script img source audio video track input image use link form button")
#: Schemes that may stand in <a href>; every other address is inside the site.
SCHEMES = words("http https mailto")
#: Kinds of <script> that nothing runs.
DATA_SCRIPTS = words("application/ld+json application/json")
#: SHA-256 of the inline blocks of 404.html; in a script the list of folders, which differs from site to site, is left out.
OWN_INLINE: frozenset[str] = words(
    """
    o4C7w+rlTK8mxjWEvPBhICrk9FBooDbrZGtPNasOFn0=
    4gFUdkSgL/2F5qlc+hVNqcXC4gYQSO3MHpARkvbgGc4=
    f2AMHsFwdXEdwjsj38dgwaImWlm4WMnJsgKWALsvLvU=
    """
)
