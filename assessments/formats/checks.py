"""What makes a question usable: a key, weights that add up, answers that can be told apart, feedback."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal

from assessments.formats.model import (
    CHOICE_KINDS,
    LETTERS,
    Accepted,
    Answer,
    NumberRange,
    Option,
    OrderItem,
    Pair,
    Question,
    Quiz,
    ScenarioChoice,
)
from courses.formats.issues import Issue, Level
from courses.formats.markdown import render

Finding = tuple[int, str, str, Level]
FEWEST = {"single": 2, "multi": 2, "truefalse": 2, "scenario": 2, "short": 1, "number": 1, "match": 2, "order": 2}
FEWEST_PAIRS, MOST_PAIRS = 3, 6
WEIGHT_TOLERANCE = Decimal("0.1")
HUNDRED = Decimal(100)


def check_question(file: str, question: Question) -> list[Issue]:
    """Find everything that keeps a question from being used or from teaching."""
    findings = [
        *_count(question),
        *_texts(question),
        *_keys(question),
        *_weights(question),
        *_pairs(question),
        *_ranges(question),
        *_feedback(question),
    ]
    return [Issue(file, line, code, message, level) for line, code, message, level in findings]


def _count(question: Question) -> Iterator[Finding]:
    count, fewest = len(question.answers), FEWEST.get(question.kind, 0)
    if count < fewest:
        message = f"A .{question.kind} question needs {fewest} or more answer lines; it has {count}."
        yield question.line, "TOO_FEW_ANSWERS", message, "error"
    if count > len(LETTERS):
        message = f"The question has {count} answer lines; {len(LETTERS)} are the most."
        yield question.line, "TOO_MANY_ANSWERS", message, "error"


def answer_text(answer: Answer) -> str:
    """Give what tells an answer from the others."""
    match answer:
        case NumberRange():
            return answer.written
        case Pair():
            return answer.left
        case Option() | ScenarioChoice() | Accepted() | OrderItem():
            return answer.text


def _texts(question: Question) -> Iterator[Finding]:
    seen: set[str] = set()
    for answer in question.answers:
        text = " ".join(answer_text(answer).split()).casefold()
        if not text or (isinstance(answer, Pair) and not answer.right):
            yield answer.line, "EMPTY_ANSWER", "This answer has no words; write them, or take the line out.", "error"
        elif text in seen:
            yield answer.line, "DUPLICATE_ANSWER", "This answer stands twice in the question; change one.", "error"
        seen.add(text)


def _keys(question: Question) -> Iterator[Finding]:
    if question.kind == "truefalse" and {option.text.casefold() for option in question.options} != {"true", "false"}:
        message = "A .truefalse question has the two options True and False."
        yield question.line, "TRUEFALSE_OPTIONS", message, "error"
    if question.kind not in (*CHOICE_KINDS, "scenario") or not question.answers:
        return
    keys: list[Answer] = [option for option in question.options if option.right]
    keys += [choice for choice in question.choices if choice.grade == "best"]
    mark = "[best]" if question.kind == "scenario" else "[x]"
    if not keys:
        yield question.line, "NO_KEY", f"No answer is marked as right; mark one with {mark}.", "error"
    elif len(keys) > 1 and question.kind != "multi":
        message = f"A .{question.kind} question has exactly one {mark}; this is one more."
        yield keys[1].line, "MANY_KEYS", message, "error"


def _weights(question: Question) -> Iterator[Finding]:
    weighted = [option for option in question.options if option.weight is not None]
    for option in weighted:
        weight = option.weight or Decimal(0)
        if abs(weight) > HUNDRED:
            yield option.line, "WEIGHT_RANGE", "A weight lies between -100 and 100 percent.", "error"
        elif question.kind == "multi" and option.right != (weight > 0):
            message = "A right option has a weight above 0, a wrong one 0 or below; correct the mark or the weight."
            yield option.line, "WEIGHT_SIGN", message, "error"
    if question.kind == "single" and any(one.right and one.weight not in (None, HUNDRED) for one in weighted):
        yield question.line, "WEIGHTS_SUM", "The right option of a .single question has a weight of 100.", "error"
    if question.kind == "multi" and weighted:
        yield from _sum_of_weights(question)


def _sum_of_weights(question: Question) -> Iterator[Finding]:
    missing = next((option for option in question.options if option.weight is None), None)
    if missing is not None:
        yield missing.line, "WEIGHT_MISSING", "Give every option a weight, or none.", "error"
        return
    total = sum((option.weight or Decimal(0) for option in question.options if option.right), Decimal(0))
    if abs(total - HUNDRED) > WEIGHT_TOLERANCE:
        message = f"The weights of the right options add up to {total:f}; they must make 100."
        yield question.line, "WEIGHTS_SUM", message, "error"


def _pairs(question: Question) -> Iterator[Finding]:
    seen: set[str] = set()
    for pair in question.pairs:
        if pair.right and pair.right.casefold() in seen:
            yield pair.line, "DUPLICATE_RIGHT", "Another pair has this right side; each must be different.", "error"
        seen.add(pair.right.casefold())
    count = len(question.pairs)
    if question.pairs and not FEWEST_PAIRS <= count <= MOST_PAIRS:
        message = f"The question has {count} pairs; {FEWEST_PAIRS} to {MOST_PAIRS} work best."
        yield question.line, "PAIR_COUNT", message, "warning"


def _ranges(question: Question) -> Iterator[Finding]:
    for one in question.ranges:
        if one.low > one.high:
            yield one.line, "RANGE_EMPTY", f"{one.written} holds no number; write the lower end first.", "error"


def _feedback(question: Question) -> Iterator[Finding]:
    """Ask for feedback: on each choice, and on the whole where there are no choices."""
    if question.kind == "text":
        return
    if question.options or question.choices:
        for answer in question.answers:
            if not answer.feedback:
                message = f"Option {answer.id} has no feedback; say below it why it is right or wrong (`  > …`)."
                yield answer.line, "FEEDBACK_MISSING", message, "warning"
    elif not question.feedback and not any(answer.feedback for answer in question.answers):
        message = "The question has no feedback; add `::: feedback` with the reason for the answer."
        yield question.line, "FEEDBACK_MISSING", message, "warning"


def check_references(
    file: str,
    quiz: Quiz,
    objectives: Collection[str],
    competences: Collection[str] | None = None,
    has_media: Callable[[str], bool] | None = None,
) -> list[Issue]:
    """Find objectives, competences and pictures that a quiz names but its course does not have."""
    issues = []
    for question in quiz.questions:
        if question.objective and question.objective not in objectives:
            message = f"The objective “{question.objective[:60]}” is not declared in course.yaml."
            issues.append(Issue(file, question.line, "UNKNOWN_OBJECTIVE", message))
        if competences is not None and question.competence and question.competence not in competences:
            message = f"The competence “{question.competence[:60]}” is not among the competences of course.yaml."
            issues.append(Issue(file, question.line, "UNKNOWN_COMPETENCE", message, "warning"))
        if has_media is not None:
            issues += _pictures(file, question, has_media)
    return issues


def _pictures(file: str, question: Question, has_media: Callable[[str], bool]) -> Iterator[Issue]:
    texts = (question.stem, question.text, question.feedback, *(answer_text(one) for one in question.answers))
    for text in (text for text in texts if "![" in text):
        for note in render(text, lambda name: name if has_media(name) else "").notes:
            if note.code in ("IMAGE_MISSING", "ALT_MISSING", "IMAGE_REMOTE"):
                level: Level = "warning" if note.code == "IMAGE_REMOTE" else "error"
                yield Issue(file, question.line, note.code, note.message, level)


def check_course_questions(quizzes: Mapping[str, Quiz]) -> list[Issue]:
    """Find question ids that stand in more than one quiz of a course, by file."""
    first: dict[str, str] = {}
    issues = []
    for file, quiz in quizzes.items():
        for question in quiz.questions:
            if first.setdefault(question.id, file) != file:
                message = f"The question id “{question.id[:60]}” is used in {first[question.id]} already."
                issues.append(Issue(file, question.line, "DUPLICATE_ID", message))
    return issues


def draw_faults(questions: Iterable[Question], draw: int) -> Iterator[tuple[str, str]]:
    """Say where a draw of so many per objective asks for more questions than there are."""
    counts: dict[str, int] = {}
    for question in questions:
        counts[question.objective] = counts.get(question.objective, 0) + 1
    for objective, count in counts.items():
        if not objective:
            message = f"{count} questions have no objective, so a draw per objective never shows them."
            yield "OBJECTIVE_MISSING", message
        elif count < draw:
            yield "DRAW_TOO_LARGE", f"`draw` is {draw}, but objective {objective} has only {count} questions."
