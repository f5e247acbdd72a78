"""Icons, course artwork and charts: the same every time, well formed, and free of what the content policy forbids."""

from __future__ import annotations

from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from lms.web import charts
from lms.web.art import PALETTES, course_art
from lms.web.charts.places import Box, Spot
from lms.web.icons import ICONS, UnknownIcon, icon

HOSTILE = '<script>alert("1")</script>'
TOPICS = [*PALETTES, "celebration", "something new"]
MONTHS = [("Jun", 48.0), ("Jul", 53.0), ("Aug", None), ("Sep", 64.5), ("Oct", 72.0), ("Nov", 79.0)]


def attributes(drawing: Markup) -> set[str]:
    return {name for element in ElementTree.fromstring(drawing).iter() for name in element.attrib}


@pytest.mark.parametrize("name", sorted(ICONS))
def test_an_icon_without_a_label_is_silent(name: str) -> None:
    drawing = icon(name)
    assert {"style", "id"} & attributes(drawing) == set()
    assert 'aria-hidden="true"' in drawing and "aria-label" not in drawing


def test_an_icon_with_a_label_speaks_and_escapes_it() -> None:
    drawing = icon("check", 16, 'Met & "kept"')
    assert 'role="img"' in drawing and "aria-hidden" not in drawing
    assert ElementTree.fromstring(drawing).attrib["aria-label"] == 'Met & "kept"'


def test_an_unknown_icon_says_which_there_are() -> None:
    with pytest.raises(UnknownIcon, match=r"no icon named “chek”.*check"):
        icon("chek")


@pytest.mark.parametrize("topic", TOPICS)
def test_artwork_is_the_same_for_the_same_course_and_another_for_another(topic: str) -> None:
    assert course_art(topic, "sec-201") == course_art(topic, "sec-201")
    assert len({course_art(topic, seed) for seed in range(8)}) > 1


@pytest.mark.parametrize("topic", TOPICS)
def test_artwork_is_decoration_without_ids_or_styles(topic: str) -> None:
    drawing = course_art(topic, HOSTILE)
    assert {"style", "id"} & attributes(drawing) == set()
    assert 'aria-hidden="true"' in drawing and "script" not in drawing


def test_every_topic_has_its_own_picture() -> None:
    assert len({course_art(topic, "same") for topic in TOPICS}) == len(TOPICS)


def drawn_charts(words: str = "Share met") -> list[Markup]:
    parts = [("met", words, 812), ("overdue", "Overdue", 44), ("new tone", "Other", 0)]
    return [
        charts.trend(MONTHS, title=words, desc="Rises", target=85, target_label="Target 85%"),
        charts.trend([], title=words, desc="No months yet"),
        charts.trend([("Nov", 12)], title=words, desc="One month"),
        charts.bars([("4.1 Protecting devices", 90), (words, 40)], title=words, desc="By competency", target=80),
        charts.bars([], title=words, desc="Nothing yet"),
        charts.stacked_share(parts, title=words),
        charts.stacked_share([], title=words),
        charts.ring(85, label=words, tone="ok"),
        charts.spark([1, 4, 3], title=words),
        charts.spark([], title=words),
    ]


def test_charts_are_repeatable_and_hold_no_style_and_no_id() -> None:
    assert drawn_charts() == drawn_charts()
    for drawing in drawn_charts():
        assert {"style", "id"} & attributes(drawing) == set()


def test_charts_escape_what_they_are_given() -> None:
    assert not any("<script" in drawing for drawing in drawn_charts(HOSTILE))


def test_a_chart_speaks_its_title_and_its_sentence() -> None:
    drawing = charts.trend(MONTHS, title="Share met", desc="Rises from 48% to 79%")
    assert ElementTree.fromstring(drawing).attrib["aria-label"] == "Share met. Rises from 48% to 79%"


def test_a_month_without_a_figure_breaks_the_line() -> None:
    assert charts.trend(MONTHS, title="t", desc="d").count("cd-chart__line") == 2
    assert charts.trend([(m, v or 0) for m, v in MONTHS], title="t", desc="d").count("cd-chart__line") == 1


def test_many_months_keep_only_the_labels_that_fit() -> None:
    months = [(f"month {place}", float(place)) for place in range(24)]
    drawing = charts.trend(months, title="t", desc="d")
    assert drawing.count("cd-chart__month") <= charts.MOST_LABELS
    assert "month 23" in drawing


def words_of(drawing: Markup) -> dict[str, Box]:
    """The figures of a trend and the name of its target, with the ground each covers."""
    kinds = ("cd-chart__value", "cd-chart__target-text")
    found = {}
    for place, text in enumerate(ElementTree.fromstring(drawing).iter("text")):
        if text.get("class") in kinds:
            spot = Spot(float(text.attrib["x"]), float(text.attrib["y"]), text.attrib["text-anchor"])
            found[f"{place} {text.text}"] = spot.box(text.text or "")
    return found


def lines_of(drawing: Markup) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """The stretches of a trend's lines, the target among them."""
    found = []
    for element in ElementTree.fromstring(drawing).iter():
        if element.get("class") == "cd-chart__line":
            ends = [tuple(map(float, end.split())) for end in element.attrib["d"].removeprefix("M").split(" L")]
            found += [((a[0], a[1]), (b[0], b[1])) for a, b in pairwise(ends)]
        if element.get("class") == "cd-chart__target":
            level = float(element.attrib["y1"])
            found.append(((float(element.attrib["x1"]), level), (float(element.attrib["x2"]), level)))
    return found


YEAR = [6.0, 36, 64, 76, 85, 87, 89, 87, 89, 91, 91, 91, 89, 66.2]
SHAPES = {
    "steep up, then down": YEAR,
    "down, then up": YEAR[::-1],
    "at the top": [100.0] * 14,
    "at the bottom": [0.0] * 14,
    "up and down": [10.0, 95, 12, 90, 8, 97],
    "few months": [48.0, 53, 64.5, 72, 79],
    "one month": [71.4],
}


@pytest.mark.parametrize("target", [None, 66, 70, 90, 100, 0])
@pytest.mark.parametrize("shape", SHAPES)
def test_no_word_of_a_trend_touches_a_line_or_another_word(shape: str, target: float | None) -> None:
    months = [(f"m{place}", value) for place, value in enumerate(SHAPES[shape])]
    drawing = charts.trend(months, title="t", desc="d", target=target, target_label="Target")
    words = words_of(drawing)
    assert words
    for one, other in combinations(words, 2):
        assert not words[one].meets(words[other]), f"“{one}” and “{other}” overlap"
    for word, box in words.items():
        assert box.left >= 28 and box.right <= 360 and box.top >= 0 and box.bottom <= 188, f"“{word}” leaves the chart"
        assert not any(box.is_crossed(*line) for line in lines_of(drawing)), f"“{word}” touches a line"


def test_a_bar_below_its_target_is_marked_and_a_long_name_is_wrapped() -> None:
    name = "4.2 Protecting personal data and the privacy of the people we serve"
    drawing = charts.bars([(name, 65)], title="t", desc="d", target=80)
    assert "cd-chart__bar--short" in drawing and drawing.count("cd-chart__name") == 2


def test_shares_fill_the_whole_bar_and_are_told_in_numbers() -> None:
    drawing = ElementTree.fromstring(charts.stacked_share([("met", "Met", 3000), ("overdue", "Late", 1000)], title="t"))
    widths = [float(part.attrib["width"]) for part in drawing.find("svg") or []]
    assert widths == [75.0, 25.0]
    assert "3,000" in ElementTree.tostring(drawing, encoding="unicode")


@pytest.mark.parametrize(("value", "dashes"), [(-5, "0 100"), (0, "0 100"), (62.5, "62.5 100"), (130, "100 100")])
def test_a_ring_never_leaves_its_circle(value: float, dashes: str) -> None:
    assert f'stroke-dasharray="{dashes}"' in charts.ring(value, label="Score")


@pytest.mark.parametrize(
    ("percent", "step"), [(None, "none"), (0, "0"), (39.9, "0"), (40, "1"), (60, "2"), (75, "3"), (90, "4"), (100, "4")]
)
def test_heat_has_five_steps_and_one_for_no_figure(percent: float | None, step: str) -> None:
    assert charts.heat(percent) == f"cd-heat cd-heat--{step}"
