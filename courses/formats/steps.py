"""Step files: front matter typed by schema, and a body that nobody rewrites."""

from __future__ import annotations

from courses.formats.fields import Extra, Fields
from courses.formats.frontmatter import Sheet, changed_head, decode, split_text, write_head
from courses.formats.issues import Issue
from courses.formats.model import StepFile
from courses.formats.paths import is_slug
from courses.formats.yamltext import Listing, Node, Scalar
from courses.formats.yamlwriter import number_node, text_node, texts_node

LONGEST_STEP = 600
SOURCE_KEY = "source"


def read_step(path: str, raw: bytes) -> tuple[StepFile | None, list[Issue]]:
    """Read a step file; None only when it is not text, otherwise the step and all that is wrong with it."""
    text, issues = decode(path, raw)
    if text is None:
        return None, issues
    sheet, faults = split_text(path, text)
    issues += faults
    if not sheet.head and not faults:
        message = "The file has no front matter; start it with `---`, `id: …`, `title: …`, `---`."
        issues.append(Issue(path, 1, "FRONT_MATTER_MISSING", message))
    return _step(path, sheet, issues), issues


def _step(path: str, sheet: Sheet, issues: list[Issue]) -> StepFile:
    """Type the front matter; what is already refused is not complained about twice."""
    if sheet.settings is None:
        return StepFile(path, body=sheet.body, head=sheet.head)
    fields = Fields(path, sheet.settings, issues, what="step")
    step_id = fields.slug("id", "step")
    kind = fields.text("kind") or "lesson"
    if not is_slug(kind):
        message = f"`kind` is “{kind[:60]}”; write lesson, quiz or another word in lower-case letters."
        fields.found(fields.line_of("kind"), "BAD_KIND", message)
    is_lesson = kind == "lesson"
    return StepFile(
        path=path,
        step_id=step_id,
        kind=kind,
        title=fields.text("title", "error"),
        minutes=fields.number("minutes", 1, LONGEST_STEP, "error" if is_lesson else None),
        objectives=fields.texts("objectives", "warning" if is_lesson else None),
        competences=fields.texts("competences"),
        body=sheet.body,
        extras=fields.extras(),
        head=sheet.head,
    )


def step_entries(step: StepFile) -> list[tuple[str, Node]]:
    """Give the front matter of a step in its canonical order."""
    entries: list[tuple[str, Node]] = [("id", text_node(step.step_id))] if step.step_id else []
    if step.kind != "lesson":
        entries.append(("kind", text_node(step.kind)))
    if step.title:
        entries.append(("title", text_node(step.title)))
    if step.minutes is not None:
        entries.append(("minutes", number_node(step.minutes)))
    if step.objectives:
        entries.append(("objectives", texts_node(step.objectives)))
    if step.competences:
        entries.append(("competences", codes_node(step.competences)))
    return entries + extra_entries(step.extras)


def codes_node(codes: tuple[str, ...]) -> Listing:
    """Make the one-line list of competence codes, always in quotes because many look like numbers."""
    return Listing(tuple(Scalar(code, quoted=True) for code in codes), flow=True)


def extra_entries(extras: tuple[Extra, ...]) -> list[tuple[str, Node]]:
    """Give the unknown keys as entries to write."""
    return [(extra.key, extra.value) for extra in extras]


def make_extra(key: str, text: str) -> Extra:
    """Make an unknown key with a text, for writers that keep what they cannot place."""
    return Extra(key, text_node(text))


def write_step(step: StepFile) -> bytes:
    """Write a step file: the body verbatim, the front matter changed only where its keys changed."""
    entries = step_entries(step)
    if not step.head:
        head = write_head(entries, step.body) if entries else ""
    else:
        sheet, _ = split_text(step.path, step.head)
        before = step_entries(_step(step.path, sheet, [])) if sheet.settings is not None else []
        head = changed_head(step.head, before, entries, step.body) if before else _kept_or_new(step, entries)
    return (head + step.body).encode("utf-8")


def _kept_or_new(step: StepFile, entries: list[tuple[str, Node]]) -> str:
    """Keep a front matter that could not be read, unless there is something to write instead."""
    return write_head(entries, step.body) if entries else step.head
