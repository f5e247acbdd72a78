"""A lesson as a page: blocks are sections, no heading level is skipped, and notes say what is not shown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.formats import BLOCK_NAMES, BLOCK_TITLES, render, render_inline
from tests.rules.test_course_format_page_safety import MEDIA, inspect, page


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


def test_words_are_those_a_reader_sees() -> None:
    assert render("Two *words*\n\n::: note\nand more\n:::\n\n<script>\nno\n</script>\n", lambda name: "").words == 5
