"""Hostile HTML: written by hand after the known families, and generated. Each would set `fired` if it ran."""

from collections.abc import Iterator
from random import Random

RUN = "window.fired=1"
BY_HAND = [
    f"<script>{RUN}</script>", f"<ScRiPt>{RUN}</sCrIpT>", f"<script src=data:,{RUN}></script>", f"<svg><script>{RUN}</script></svg>",
    f"<img src=x onerror={RUN}>", f"<img src=x onerror='{RUN}'", f"<img/src=x/onerror={RUN}>", f"<IMG SRC=x OnErRoR={RUN}>",
    f"<svg onload={RUN}>", f"<svg/onload={RUN}>", f"<body onload={RUN}>", f"<p onclick={RUN} onmouseover={RUN}>x</p>",
    f"<a href=javascript:{RUN}>x</a>", f"<a href='java\tscript:{RUN}'>x</a>", f"<a href='&#106;avascript:{RUN}'>x</a>",
    f"<a href=' javascript:{RUN}'>x</a>", f"<a href='\x01javascript:{RUN}'>x</a>", f"<a href='JaVaScRiPt:{RUN}'>x</a>",
    f"<a href='data:text/html,<script>{RUN}</script>'>x</a>", f"<a href='vbscript:{RUN}'>x</a>", "<a href='//evil.example'>x</a>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>", f"<iframe src=javascript:parent.{RUN}></iframe>",
    f"<object data=javascript:{RUN}></object>", f"<embed src=javascript:{RUN}>", f"<math><mi xlink:href=javascript:{RUN}>x</mi></math>",
    f"<form action=javascript:{RUN}><button>x</button></form>", f"<button formaction=javascript:{RUN}>x</button>",
    f"<input autofocus onfocus={RUN}>", f"<select autofocus onfocus={RUN}>", f"<textarea autofocus onfocus={RUN}>",
    f"<details open ontoggle={RUN}>x</details>", f"<video><source onerror={RUN}></video>", f"<audio src=x onerror={RUN}>",
    f"<marquee onstart={RUN}>x</marquee>", f"<style>@import 'javascript:{RUN}';</style>", f"<link rel=stylesheet href=javascript:{RUN}>",
    f"<meta http-equiv=refresh content='0;javascript:{RUN}'>", "<base href='https://evil.example/'>", f"<template><script>{RUN}</script></template>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}>", f"<svg></p><style><a id=\"</style><img src=x onerror={RUN}>\">",
    f"<math></p><style><!--</style><img src=x onerror={RUN}>--></style>", f"<noscript><p title=\"</noscript><img src=x onerror={RUN}>\">",
    f"<title><p title=\"</title><img src=x onerror={RUN}>\">", f"<textarea><p title=\"</textarea><img src=x onerror={RUN}>\">",
    f"<svg><desc><style><img src=x onerror={RUN}></style></desc></svg>", f"<table><td><svg><tr><style><img src=x onerror={RUN}>",
    f"<form><math><mtext></form><form><mglyph><style></math><img src=x onerror={RUN}>", f"<!--><img src=x onerror={RUN}>-->",
    f"<!--!><img src=x onerror={RUN}>", f"<![CDATA[<img src=x onerror={RUN}>]]>", f"<?xml <img src=x onerror={RUN}>?>", f"<xmp><img src=x onerror={RUN}></xmp>",
    f"<figure data-image='\"><img src=x onerror={RUN}>'></figure>", f"<figure data-image=a data-alt='\"><img src=x onerror={RUN}>'></figure>",
    f"<small data-note='\"><img src=x onerror={RUN}>'>n</small>", f"<small data-note><img src=x onerror={RUN}></small>",
    f"<td colspan='1\" onmouseover=\"{RUN}'>x</td>", f"<ol start='1;{RUN}'><li>x</ol>", f"<p style='background:url(javascript:{RUN})'>x</p>",
    f"<p style=animation-name:x onanimationstart={RUN}>x</p>", f"<x-y onclick={RUN} is=x>z</x-y>", f"<isindex action=javascript:{RUN} type=submit>",
    f"&lt;img src=x onerror={RUN}&gt;", f"<p>&lt;script&gt;{RUN}&lt;/script&gt;</p>", f"<<script>{RUN}//<</script>", f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"<a href='x' ping=javascript:{RUN} target=_blank onfocus={RUN}>x</a>", "<p id=main class=x name=body>x</p>", f"<image src=x onerror={RUN}>",
    f"<keygen autofocus onfocus={RUN}>", f"<frameset onload={RUN}>", f"<h1 onclick={RUN}><b onclick={RUN}>x</b></h1>", f"<div><div onclick={RUN}>x</div></div>",
]  # fmt: skip

_TAGS = (
    "p", "div", "a", "b", "i", "em", "strong", "small", "figure", "figcaption", "table", "tbody", "tr", "td",
    "th", "ul", "ol", "li", "blockquote", "h1", "h3", "h6", "sub", "sup", "svg", "math", "style", "title",
    "script", "noscript", "textarea", "select", "option", "template", "mtext", "mglyph", "malignmark",
    "foreignObject", "desc", "annotation-xml", "iframe", "xmp", "plaintext", "img", "br", "hr", "center",
    "form", "input", "details", "frameset", "body", "html", "head", "caption", "col",
)  # fmt: skip
_ATTRIBUTES = (
    f"onerror={RUN}", f"onload={RUN}", f"href='javascript:{RUN}'", "src=x", "data-note", "data-image=abc", "data-alt='<p>'", "class=x",
    "id=y", "style='x:y'", f"title='</style></title></textarea></noscript><img src=x onerror={RUN}>'", "href=https://example.org/", "xlink:href=x",
)  # fmt: skip
_TEXTS = (
    "x",
    "<",
    ">",
    "&lt;",
    "-->",
    "<!--",
    "]]>",
    "<![CDATA[",
    f"<img src=x onerror={RUN}>",
    '"',
    "'",
    "\0",
    "&#x3c;script&#x3e;",
    "</",
    "/>",
)


# Places in which a parser reads by other rules, so that what was harmless outside is not inside.
_PLACES = (
    "<svg>{}</svg>", "<math><mtext>{}</mtext></math>", "<svg><foreignObject>{}</foreignObject></svg>", "<noscript>{}</noscript>",
    "<textarea>{}</textarea>", "<title>{}</title>", "<style>{}</style>", "<template>{}</template>", "<select><option>{}</select>",
    "<table><caption>{}</table>", "<table>{}</table>", "<!--{}-->", "<![CDATA[{}]]>", "<figure data-image=a>{}</figure>",
    "<small data-note>{}</small>", "<ul><li>{}", "<a href=x>{}", "<p title='{}'>x</p>", "<xmp>{}</xmp>", "<frameset>{}",
)  # fmt: skip


def in_every_place() -> Iterator[str]:
    for place in _PLACES:
        yield from (place.replace("{}", hostile) for hostile in BY_HAND)


def generated(number: int, seed: int = 7) -> Iterator[str]:
    """Tag soup of the parts that have fooled sanitisers: foreign content, raw text, misnested tables."""
    random = Random(seed)
    for _ in range(number):
        yield "".join(_piece(random) for _ in range(random.randint(2, 14)))


def _piece(random: Random) -> str:
    kind, tag = random.random(), random.choice(_TAGS)
    if kind < 0.5:
        attributes = " ".join(random.sample(_ATTRIBUTES, random.choice((0, 1, 1, 2, 3))))
        return f"<{tag} {attributes}{random.choice(('>', '>', '/>', ' '))}"
    return f"</{tag}>" if kind < 0.75 else random.choice(_TEXTS)
