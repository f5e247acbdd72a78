"""Icons, course artwork and charts: the same every time, well formed, and free of what the content policy forbids."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from lms.web import charts
from lms.web.art import PALETTES, course_art
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
