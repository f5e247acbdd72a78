"""A lesson as a page: blocks are sections, no heading level is skipped, nothing runs and nothing is loaded."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.formats import BLOCK_NAMES, BLOCK_TITLES, render, render_inline

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


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["#", "##", "###", "####", "#####", ":::", "::: try", "::: details", "::: x", "text"])))
def test_no_heading_level_is_skipped(lines: list[str]) -> None:
    body = "\n\n".join(f"{line} Words" if line.startswith("#") else line for line in lines)
    rendered = render(body, lambda name: "")
    inspector = inspect(rendered.html)
    shown = [heading.level for heading in rendered.headings]
    assert inspector.levels == shown


def test_every_known_block_is_a_section_with_its_title() -> None:
    for name in BLOCK_NAMES:
        html = page(f"::: {name}\nText\n:::\n")
        assert f"cd-block cd-block--{name}" in html
        assert BLOCK_TITLES[name] in html
    assert page('::: try title="A \\"good\\" try"\nText\n:::') == (
        '<section class="cd-block cd-block--try" aria-labelledby="part-a-good-try">'
        '<h2 id="part-a-good-try" class="cd-block__title"><small>Try it now</small> A "good" try</h2>\n'
        "<p>Text</p>\n</section>\n"
    )


def test_the_caller_gives_the_titles_of_blocks() -> None:
    html = render("::: try\nTexte\n:::", lambda name: "", {"try": "À vous"}).html
    assert ">À vous</h2>" in html
    html = render('::: try title="Cinq minutes"\nTexte\n:::', lambda name: "", {"try": "À vous"}).html
    assert "><small>À vous</small> Cinq minutes</h2>" in html


@pytest.mark.parametrize("title", ["", "Example", "example: two ways"])
def test_the_kind_of_a_block_is_said_once(title: str) -> None:
    html = page(f'::: example title="{title}"\nText\n:::')
    assert html.casefold().count(">example") == 1 and "<small>" not in html


def test_D4_a_title_under_its_kind_stays_text() -> None:
    html = page('::: note title="<b onclick=x>&</b>"\nText\n:::')
    assert "<small>Note</small> &lt;b onclick=x&gt;&amp;&lt;/b&gt;</h2>" in html


def test_the_contents_of_a_page_name_a_block_by_its_own_title() -> None:
    heading = render('::: example title="Two ways"\nText\n:::', lambda name: "").headings[0]
    assert (heading.text, heading.block, heading.id) == ("Two ways", "example", "part-two-ways")


def test_a_block_under_a_heading_is_one_level_lower_and_keeps_its_inside_lower_still() -> None:
    headings = render("## A\n\n::: try\n## B\n:::\n\n### C\n", lambda name: "").headings
    assert [(heading.level, heading.text, heading.block) for heading in headings] == [
        (2, "A", ""),
        (3, "Try it now", "try"),
        (4, "B", ""),
        (3, "C", ""),
    ]


def test_an_unknown_block_is_kept_and_not_shown() -> None:
    rendered = render("::: riddle\nSecret\n:::\n\nShown\n", lambda name: "")
    assert "Secret" not in rendered.html
    assert "Kept in the file, not shown: <code>riddle</code>" in rendered.html
    assert [(note.code, note.line) for note in rendered.notes] == [("UNKNOWN_BLOCK", 1)]


def test_pictures_of_elsewhere_become_links_and_ours_are_shown() -> None:
    html = page("![Ours](<media/a b.png>) ![Theirs](https://e.org/p.png)")
    assert '<img src="/media/1/a%20b.png" alt="Ours" loading="lazy">' in html
    assert '<a href="https://e.org/p.png" rel="noopener noreferrer">Theirs</a>' in html
    assert (
        '<img src="https://content.example/x.svg?s=1&amp;v=2" alt="D" loading="lazy">'
        in render("![](media/x.svg)", lambda name: MEDIA[name], media_alt=lambda name: "D").html
    )


def test_a_missing_picture_is_said_in_words_of_the_course() -> None:
    body = "![Three & four](gone.png) ![](media/other%20one.svg)"
    assert (
        "<p>Picture missing: Three &amp; four Picture missing: other one.svg</p>" in render(body, lambda name: "").html
    )
    html = render("![A](gone.png)", lambda name: "", {"missing": "Image absente"}).html
    assert "Image absente: A" in html
    assert render_inline("![A](gone.png)") == "A", "a line alone shows no pictures, so none is missing"


def test_notes_name_what_was_cut_and_where() -> None:
    notes = render("One\ntwo <b onclick=x>b</b>\n\n![](gone.png)\n", lambda name: "").notes
    assert [(note.line, note.code) for note in notes] == [
        (2, "HTML_SANITISED"),
        (4, "ALT_MISSING"),
        (4, "IMAGE_MISSING"),
    ]
    assert "onclick" in notes[0].message


def test_tables_links_and_anchors() -> None:
    html = page(
        "| A | B |\n|:-:|--:|\n| 1 | 2 |\n\n## Two parts\n\n[up](#two-parts) [gone](#nowhere) <https://e.org>\n"
    )
    assert '<th class="cd-center" scope="col">A</th>' in html
    assert '<td class="cd-end">2</td>' in html
    assert '<a href="#part-two-parts" rel="noopener noreferrer">up</a> gone' in html
    assert "style" not in html


def test_code_holds_no_blocks_and_references_reach_over_blocks() -> None:
    html = page("```\n::: try\n```\n\n[a]\n\n::: note\n[a]\n:::\n\n[a]: https://e.org\n")
    assert html.count('href="https://e.org"') == 2
    assert "::: try" in html


@pytest.mark.parametrize("mark", ["<!--", "<a ", "<?x", "<![a[", "![", "[](<", "*a_ ", "> ", "`a ", "# a\n", "::: a\n"])
def test_D5_no_repeated_mark_makes_a_page_slow(mark: str) -> None:
    started = time.process_time()
    render("<div>" + mark * (6_000 // len(mark)), lambda name: "")
    render(mark * (6_000 // len(mark)), lambda name: "")
    assert time.process_time() - started < 5


def test_words_are_those_a_reader_sees() -> None:
    assert render("Two *words*\n\n::: note\nand more\n:::\n\n<script>\nno\n</script>\n", lambda name: "").words == 5
