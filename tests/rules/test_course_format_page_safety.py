"""A lesson as a page runs nothing and loads nothing, whatever stands in it, and no mark makes it slow."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.formats import render, render_inline

MEDIA = {"media/a b.png": "/media/1/a%20b.png", "media/x.svg": "https://content.example/x.svg?s=1&v=2"}
HARMLESS = {
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dl",
    "dt",
    "em",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "section",
    "small",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
}
ATTRIBUTES = {
    "href",
    "src",
    "alt",
    "loading",
    "id",
    "class",
    "aria-labelledby",
    "rel",
    "start",
    "scope",
    "title",
    "colspan",
    "rowspan",
}


def page(body: str) -> str:
    return render(body, lambda name: MEDIA.get(name, "")).html


class _Inspector(HTMLParser):
    """Refuses every tag, attribute and address that could run or load something."""

    def __init__(self) -> None:
        super().__init__()
        self.levels: list[int] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in HARMLESS, tag
        values = dict(attrs)
        assert set(values) <= ATTRIBUTES, values
        if "src" in values:
            assert values["src"] in MEDIA.values(), values
        if tag == "a" and "href" in values:
            assert re.match(r"(https?:|mailto:|tel:|#part-|/media/)", values["href"] or ""), values
            assert values["rel"] == "noopener noreferrer"
        if re.fullmatch(r"h\d", tag):
            self.levels.append(int(tag[1]))
        if "id" in values:
            self.ids.append(values["id"] or "")

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)


def inspect(html: str) -> _Inspector:
    inspector = _Inspector()
    inspector.feed(html)
    inspector.close()
    assert len(inspector.ids) == len(set(inspector.ids))
    for before, after in zip([1, *inspector.levels], inspector.levels, strict=False):
        assert 2 <= after <= before + 1, inspector.levels
    return inspector


TAINTS = [
    "<![foo[ <script>alert(1)</script>",
    "<!-- <script>alert(1)</script>",
    "<div><script>alert(1)",
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//e.org/x.js></SCRIPT>",
    "<script\n>alert(1)</script\n>",
    "<img src=x onerror=alert(1)>",
    "<img src='media/x.svg' onload=alert(1)>",
    "<svg onload=alert(1)></svg>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext><script>alert(1)</script></math>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](file:///etc/passwd)",
    "[x](//e.org/y)",
    "[x](\\\\e.org\\y)",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='x' onclick='alert(1)'>x</a>",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,<svg/>)",
    "![x](data:image/png;base64,AAAA)",
    "![x](https://e.org/p.png)",
    "![x](//e.org/p.png)",
    "![x](../../../etc/passwd)",
    "[![x](https://e.org/p.png)](https://e.org)",
    '![x"onerror="alert(1)](media/x.svg)',
    '![x](media/x.svg "t\\" onerror=alert(1)")',
    "<iframe src='https://e.org'></iframe>",
    "<iframe srcdoc='<script>x</script>'>",
    "<object data='x.swf'></object>",
    "<embed src=x>",
    "<style>body{background:url(//e.org)}</style>",
    "<p style='background:url(//e.org)'>x</p>",
    "<link rel=stylesheet href=//e.org/x.css>",
    "<meta http-equiv=refresh content='0;url=//e.org'>",
    "<base href='//e.org'>",
    "<form action='//e.org'><input name=x></form>",
    "<button formaction='javascript:alert(1)'>x</button>",
    "<video src=x onerror=alert(1)></video>",
    "<details ontoggle=alert(1) open>x",
    "<input autofocus onfocus=alert(1)>",
    "<body onload=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<!-- --><script>alert(1)</script><!-- -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php x ?><script>alert(1)</script>",
    "<!doctype html><script>alert(1)</script>",
    "<x onclick=alert(1)>y</x>",
    "<b\nonmouseover=alert(1)>x</b>",
    "<b/onmouseover=alert(1)>x</b>",
    "<<script>alert(1)//<</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "```<script>\nx\n```",
    '```x" onclick="alert(1)\nx\n```',
    "`<script>alert(1)</script>`",
    '::: note title="<script>alert(1)</script>"\nx\n:::',
    "::: <script>\nx\n:::",
    '::: evil title="<img src=x onerror=alert(1)>"\n:::',
    "# <img src=x onerror=alert(1)>",
    "## x {onclick=alert(1)}",
    "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "<h1 id=main>x</h1><section class='cd-block' aria-labelledby=x>y</section>",
    "[x]: javascript:alert(1)\n\n[x]",
    "</section></details></p>",
    "<a name=x id=y href='#main'>x</a>",
    "[x](#main)",
    "<select><style></select><script>alert(1)</script>",
    "<xmp><script>alert(1)</script></xmp>",
    "<title><a href='</title><img src=x onerror=alert(1)>'>",
    "<p id='x'><table><img src=x onerror=alert(1)></table>",
    "\0<scr\0ipt>alert(1)</script>",
]


@pytest.mark.parametrize("taint", TAINTS)
def test_D4_nothing_in_a_lesson_runs_or_loads(taint: str) -> None:
    for body in (
        taint,
        f"## A\n\ntext {taint} text\n",
        f"::: try\n{taint}\n:::\n",
        f"- {taint}\n  - {taint}\n",
        f"> {taint}",
    ):
        html = page(body)
        inspect(html)
    inspect(render_inline(taint))


def test_D4_a_script_in_a_block_shows_nothing_of_itself() -> None:
    assert page("a\n\n<script>\nalert(1)\n</script>\n\nb\n") == "<p>a</p>\n\n<p>b</p>\n"


MARKS = "<>\"'=/&;:#![](){}`~*_-|\\ \n\tax1"
WORDS = ("script", ":::", " on", "http://", "\n\n", "media/x.svg", "<img ", "src=", "href=", "](", "javascript:")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*MARKS, *WORDS]), max_size=60).map("".join))
def test_D4_no_mixture_of_marks_runs_or_loads(body: str) -> None:
    inspect(page(body))


def test_D4_a_title_under_its_kind_stays_text() -> None:
    html = page('::: note title="<b onclick=x>&</b>"\nText\n:::')
    assert "<small>Note</small> &lt;b onclick=x&gt;&amp;&lt;/b&gt;</h2>" in html


@pytest.mark.parametrize("mark", ["<!--", "<a ", "<?x", "<![a[", "![", "[](<", "*a_ ", "> ", "`a ", "# a\n", "::: a\n"])
def test_D5_no_repeated_mark_makes_a_page_slow(mark: str) -> None:
    started = time.process_time()
    render("<div>" + mark * (6_000 // len(mark)), lambda name: "")
    render(mark * (6_000 // len(mark)), lambda name: "")
    assert time.process_time() - started < 5
