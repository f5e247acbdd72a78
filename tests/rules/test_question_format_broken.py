"""Every fault of a quiz file is said by line and code, all of them at once, and nothing raises."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.formats import read_quiz

HEAD = "---\nid: c-check\nkind: quiz\ntitle: Check\npass_mark: 80\n---\n\n"
SINGLE = "- [x] Yes\n  > Right.\n- [ ] No\n  > Wrong.\n"
MULTI = "- [x] A {weight=60}\n  > a\n- [x] B {weight=40}\n  > b\n- [ ] C {weight=-50}\n  > c\n"
GENERAL = "\n::: feedback\nBecause.\n:::\n"


def quiz(answers: str, kind: str = ".single", attributes: str = "points=1", stem: str = "Stem?") -> str:
    return f"{HEAD}## {stem} {{#q-a {kind} {attributes}}}\n\n{answers}"


BROKEN: dict[str, tuple[str, int, str]] = {
    "no front matter": ("## Stem {#q-a .text}\n", 1, "FRONT_MATTER_MISSING"),
    "front matter open": (HEAD.replace("80\n---", "80"), 1, "FRONT_MATTER_OPEN"),
    "front matter bad": (quiz(SINGLE).replace("title: Check", "title: [Check"), 5, "YAML"),
    "not a quiz": (quiz(SINGLE).replace("kind: quiz", "kind: lesson"), 3, "BAD_KIND"),
    "no id": (quiz(SINGLE).replace("id: c-check\n", ""), 1, "MISSING_KEY"),
    "no pass mark": (quiz(SINGLE).replace("pass_mark: 80\n", ""), 1, "MISSING_KEY"),
    "pass mark in words": (quiz(SINGLE).replace("80", "most"), 5, "NOT_A_NUMBER"),
    "pass mark too high": (quiz(SINGLE).replace("80", "101"), 5, "OUT_OF_RANGE"),
    "shuffle perhaps": (quiz(SINGLE).replace("80\n", "80\nshuffle: Perhaps\n"), 6, "NOT_A_TRUTH"),
    "no attempts": (quiz(SINGLE).replace("80\n", "80\nattempts: 0\n"), 6, "OUT_OF_RANGE"),
    "no question": (HEAD + "Only words.\n", 1, "NO_QUESTIONS"),
    "question without braces": (HEAD + "## Stem?\n\n" + SINGLE, 8, "QUESTION_ID_MISSING"),
    "braces not closed": (HEAD + "## Stem? {#q-a .single\n\n" + SINGLE, 8, "BAD_ATTRIBUTE"),
    "attribute without quotes": (quiz(SINGLE, attributes='tags="a'), 8, "BAD_ATTRIBUTE"),
    "no stem": (HEAD + "## {#q-a .single points=1}\n\n" + SINGLE, 8, "EMPTY_STEM"),
    "id without q-": (quiz(SINGLE).replace("#q-a", "#a"), 8, "BAD_ID"),
    "id with capitals": (quiz(SINGLE).replace("#q-a", "#q-A"), 8, "BAD_ID"),
    "id twice": (quiz(SINGLE) + "\n## Again? {#q-a .single points=1}\n\n" + SINGLE, 15, "DUPLICATE_ID"),
    "no kind": (quiz(SINGLE, kind=""), 8, "KIND_MISSING"),
    "two kinds": (quiz(SINGLE, kind=".single .multi"), 8, "KIND_TWICE"),
    "unknown kind": (quiz(SINGLE, kind=".cloze"), 8, "UNKNOWN_KIND"),
    "attribute twice": (quiz(SINGLE, attributes="points=1 points=2"), 8, "ATTRIBUTE_TWICE"),
    "no points": (quiz(SINGLE, attributes="points=0"), 8, "BAD_POINTS"),
    "points below nothing": (quiz(SINGLE, attributes="points=-1"), 8, "BAD_POINTS"),
    "points in words": (quiz(SINGLE, attributes='points="one"'), 8, "BAD_POINTS"),
    "no answers": (quiz("Only text.\n"), 8, "TOO_FEW_ANSWERS"),
    "one option": (quiz("- [x] Yes\n  > a\n"), 8, "TOO_FEW_ANSWERS"),
    "too many options": (
        quiz("".join(f"- [{'x' if n == 1 else ' '}] {n}\n  > a\n" for n in range(27))),
        8,
        "TOO_MANY_ANSWERS",
    ),
    "no key": (quiz(SINGLE.replace("[x]", "[ ]")), 8, "NO_KEY"),
    "two keys": (quiz(SINGLE.replace("[ ]", "[x]")), 12, "MANY_KEYS"),
    "multi without key": (quiz(SINGLE.replace("[x]", "[ ]"), ".multi"), 8, "NO_KEY"),
    "option without words": (quiz(SINGLE.replace("No", "")), 12, "EMPTY_ANSWER"),
    "option twice": (quiz(SINGLE.replace("No", "yes")), 12, "DUPLICATE_ANSWER"),
    "weights under 100": (quiz(MULTI.replace("=40", "=30"), ".multi"), 8, "WEIGHTS_SUM"),
    "weights over 100": (quiz(MULTI.replace("=40", "=50"), ".multi"), 8, "WEIGHTS_SUM"),
    "weight missing": (quiz(MULTI.replace(" {weight=40}", ""), ".multi"), 12, "WEIGHT_MISSING"),
    "weight on the wrong side": (quiz(MULTI.replace("=-50", "=50"), ".multi"), 14, "WEIGHT_SIGN"),
    "weight out of range": (quiz(MULTI.replace("=-50", "=-101"), ".multi"), 14, "WEIGHT_RANGE"),
    "right option with half weight": (quiz(SINGLE.replace("Yes", "Yes {weight=50}")), 8, "WEIGHTS_SUM"),
    "true or perhaps": (quiz("- [x] True\n  > a\n- [ ] Perhaps\n  > b\n", ".truefalse"), 8, "TRUEFALSE_OPTIONS"),
    "short without answer": (quiz("=\n" + GENERAL, ".short"), 10, "EMPTY_ANSWER"),
    "short with the same twice": (quiz("= Two  words\n= two words\n" + GENERAL, ".short"), 11, "DUPLICATE_ANSWER"),
    "number in words": (quiz("= three\n" + GENERAL, ".number"), 10, "NOT_A_NUMBER"),
    "number with comma": (quiz("= 3,5\n" + GENERAL, ".number"), 10, "NOT_A_NUMBER"),
    "number without end": (quiz("= 1e9\n" + GENERAL, ".number"), 10, "NOT_A_NUMBER"),
    "range upside down": (quiz("= 5..4\n" + GENERAL, ".number"), 10, "RANGE_EMPTY"),
    "pair without right": (quiz("- a => b\n- c => \n" + GENERAL, ".match"), 11, "EMPTY_ANSWER"),
    "pairs share a right": (quiz("- a => b\n- c => B\n- d => e\n" + GENERAL, ".match"), 11, "DUPLICATE_RIGHT"),
    "one pair": (quiz("- a => b\n" + GENERAL, ".match"), 8, "TOO_FEW_ANSWERS"),
    "order misnumbered": (quiz("1. a\n3. b\n" + GENERAL, ".order"), 11, "ORDER_NUMBERS"),
    "scenario without best": (quiz("- [poor] a\n  > x\n- [acceptable] b\n  > y\n", ".scenario"), 8, "NO_KEY"),
    "scenario with two best": (quiz("- [best] a\n  > x\n- [best] b\n  > y\n", ".scenario"), 12, "MANY_KEYS"),
    "options in a scenario": (quiz(SINGLE, ".scenario"), 10, "ANSWER_LINE"),
    "grades in a single": (quiz("- [best] a\n- [poor] b\n"), 10, "ANSWER_LINE"),
    "line among the answers": (quiz(SINGLE + "A stray line\n"), 14, "STRAY_LINE"),
    "unknown mark": (quiz(SINGLE + "- [y] Maybe\n"), 14, "STRAY_LINE"),
    "line behind the feedback": (quiz(SINGLE + GENERAL + "More\n"), 18, "STRAY_LINE"),
    "feedback twice": (quiz(SINGLE + GENERAL + GENERAL), 19, "BLOCK_TWICE"),
    "feedback never closed": (quiz(SINGLE + "\n::: feedback\nBecause.\n"), 15, "UNCLOSED_BLOCK"),
    "code never closed": (quiz("```\ncode\n" + SINGLE), 8, "UNCLOSED_CODE"),
    "draw too large": (quiz(SINGLE, attributes='objective="O1"').replace("80\n", "80\ndraw: 2\n"), 6, "DRAW_TOO_LARGE"),
    "draw without objective": (quiz(SINGLE).replace("80\n", "80\ndraw: 1\n"), 6, "OBJECTIVE_MISSING"),
    "NUL": (quiz(SINGLE.replace("No", "N\0o")), 12, "NUL_CHARACTER"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_quiz_is_refused_at_its_line(name: str) -> None:
    text, line, code = BROKEN[name]
    read, issues = read_quiz("check.md", text.encode())
    errors = [(issue.line, issue.code) for issue in issues if issue.level == "error"]
    assert (line, code) in errors
    assert read is None
    assert all(issue.file == "check.md" and issue.message.endswith((".", ")")) for issue in issues)


def test_text_that_is_not_utf8_is_refused_at_its_line() -> None:
    read, issues = read_quiz("check.md", HEAD.encode() + b"caf\xe9")
    assert (read, [(issue.line, issue.code) for issue in issues]) == (None, [(8, "ENCODING")])


def test_all_faults_are_said_at_once() -> None:
    text = quiz(SINGLE.replace("[x]", "[ ]")) + "\n## B? {#q-b .number}\n\n= three\n\n## C? {#q-c .nothing}\n"
    codes = [issue.code for issue in read_quiz("check.md", text.encode())[1]]
    assert {"NO_KEY", "NOT_A_NUMBER", "UNKNOWN_KIND"} <= set(codes)


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        (quiz(SINGLE.replace("  > Wrong.\n", "")), 12, "FEEDBACK_MISSING"),
        (quiz("= word\n", ".short"), 8, "FEEDBACK_MISSING"),
        (quiz("- a => b\n- c => d\n" + GENERAL, ".match"), 8, "PAIR_COUNT"),
    ],
)
def test_a_blemish_only_warns(text: str, line: int, code: str) -> None:
    read, issues = read_quiz("check.md", text.encode())
    assert read is not None
    assert [(issue.line, issue.code, issue.level) for issue in issues] == [(line, code, "warning")]


def test_unusual_but_readable_forms_are_accepted() -> None:
    text = quiz("* not an answer\n\n- [X] Yes\n\n  > Right.\n\n- [ ] No\n  >Wrong.\n", attributes='points=1.5 mood="é"')
    read, issues = read_quiz("check.md", text.encode())
    assert issues == []
    question = read.questions[0]
    assert question.text == "* not an answer"
    assert [(option.right, option.feedback) for option in question.options] == [(True, "Right."), (False, "Wrong.")]
    numbers = read_quiz("n.md", quiz("= −3 +- 0.5\n= 3+/-1\n= 1 .. 2\n" + GENERAL, ".number").encode())[0].questions[0]
    assert [one.written for one in numbers.ranges] == ["-3 ± 0.5", "3 ± 1", "1..2"]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_input_raises(data: st.DataObject) -> None:
    raw = quiz(MULTI + GENERAL, ".multi").encode()
    at = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(at, min(len(raw), at + 20)))
    piece = data.draw(
        st.binary(max_size=8) | st.sampled_from([b"\n## ", b"{#q-x .order}", b"\n:::\n", b"```\n", b"= 3\n"])
    )
    read, issues = read_quiz("check.md", raw[:at] + piece + raw[end:])
    assert (read is None) == any(issue.level == "error" for issue in issues)
