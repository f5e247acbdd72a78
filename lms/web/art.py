"""Course artwork: one family of paper-cut pictures, each saying what its topic is about.

A picture is drawn from its topic and a seed alone, so a course looks the same everywhere. It uses presentation
attributes only (the content policy forbids inline styles) and no ids, so it may appear twice on a page.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT = 320, 112
CONFETTI = 44
WHITE, SUN, CORAL = "#ffffff", "#ffd166", "#ff8a7a"


@dataclass(frozen=True)
class Palette:
    """The ground of a picture, its lighter layer and its dark ink."""

    ground: str
    light: str
    ink: str


PALETTES = {
    "information": Palette("#1f5aa6", "#6aa5e3", "#123a70"),
    "communication": Palette("#0c6b70", "#43b3a6", "#07474b"),
    "content": Palette("#a34a08", "#e39a45", "#6d2f02"),
    "security": Palette("#3b33a8", "#8279e6", "#241e75"),
    "inclusion": Palette("#8a2566", "#d175a9", "#5b1242"),
    "change": Palette("#1b6b3a", "#6bbd7d", "#0e4524"),
    "data": Palette("#0b5f86", "#4fb4d8", "#063f5b"),
    "ai": Palette("#5a2a9c", "#a97be6", "#3a1670"),
}
NEUTRAL = Palette("#454b6b", "#8d94b8", "#2b304b")


def course_art(topic: str, seed: str | int) -> Markup:
    """Draw the picture of a course; an unknown topic gets a neutral one."""
    dice = random.Random(f"{topic}:{seed}")
    if topic == "celebration":
        return _frame("celebration", "0 0 640 320", _confetti(dice))
    palette = PALETTES.get(topic, NEUTRAL)
    known = topic if topic in PALETTES else "neutral"
    motif = MOTIFS.get(topic, _book)
    shift = dice.randint(-26, 26)
    picture = _ground(palette, dice) + f'<g transform="translate({shift} 0)">{motif(palette, dice)}</g>'
    return _frame(known, f"0 0 {WIDTH} {HEIGHT}", picture)


def _frame(name: str, box: str, inside: str) -> Markup:
    return Markup(
        '<svg class="cd-art cd-art--{name}" viewBox="{box}" preserveAspectRatio="xMidYMid slice"'
        ' aria-hidden="true" focusable="false">{inside}</svg>'
    ).format(name=name, box=box, inside=Markup(inside))


def _ground(palette: Palette, dice: random.Random) -> str:
    """The paper behind: two hills, a ring and a field of dots, placed by the seed."""
    hill = _disc(dice.randint(10, 110), dice.randint(-10, 24), dice.randint(78, 104), palette.light, fill_opacity=".26")
    hill += _disc(
        dice.randint(210, 310), dice.randint(112, 140), dice.randint(84, 116), palette.ink, fill_opacity=".42"
    )
    side = dice.choice([dice.randint(16, 60), dice.randint(262, 306)])
    ring = _disc(
        side, dice.randint(28, 92), dice.randint(24, 38), "none", stroke=WHITE, stroke_opacity=".16", stroke_width="9"
    )
    left = dice.choice([14, 236])
    dots = "".join(_disc(left + 12 * column, 16 + 12 * row, 1.6, WHITE) for row in range(3) for column in range(6))
    paper = _box(-160, -160, 640, 432, palette.ground, 0)
    return f'{paper}{hill}{ring}<g fill-opacity=".26">{dots}</g>'


def _more(attributes: dict[str, str]) -> str:
    return "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())


def _box(x: float, y: float, width: float, height: float, fill: str, radius: float = 6, **more: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" fill="{fill}"{_more(more)}/>'


def _lines(x: float, y: float, widths: Iterable[float], fill: str, gap: float = 9) -> str:
    return "".join(_box(x, y + gap * place, width, 4.5, fill, 2.2) for place, width in enumerate(widths))


def _disc(x: float, y: float, radius: float, fill: str, **more: str) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{fill}"{_more(more)}/>'


def _stroke(path: str, colour: str, width: float, **more: str) -> str:
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linecap="round"'
        f' stroke-linejoin="round"{_more(more)}/>'
    )


def _information(palette: Palette, dice: random.Random) -> str:
    """A stack of sheets and the glass that finds the right one."""
    tilt = dice.randint(-12, -5)
    found = dice.randint(0, 2)
    rows = "".join(
        _box(130, 38 + 14 * row, 10, 8, SUN if row == found else palette.light, 2.5)
        + _lines(145, 40 + 14 * row, [34], "#c9d8ec")
        for row in range(3)
    )
    under = _box(112, 22, 70, 84, WHITE, 8, fill_opacity=".45", transform=f"rotate({tilt} 150 60)")
    sheet = _box(120, 20, 72, 88, WHITE, 8) + _lines(130, 28, [40], palette.ground)
    glass = _stroke("M205 84 L222 101", SUN, 10) + _disc(190, 68, 22, palette.light, fill_opacity=".45")
    glass += _disc(190, 68, 22, "none", stroke=WHITE, stroke_width="6")
    glass += _stroke("M179 62a13 13 0 0 1 9-7", WHITE, 3.5, stroke_opacity=".8")
    return under + sheet + rows + _lines(130, 82, [52, 40], "#dbe5f2") + glass


def _communication(palette: Palette, dice: random.Random) -> str:
    """Two bubbles that answer each other."""
    first, second = dice.sample([34, 46, 54, 40], 2)
    dots = "".join(_disc(190 + 15 * place, 74, 4.2, palette.ink if place < 2 else CORAL) for place in range(3))
    return (
        f'<path d="M98 18h78a10 10 0 0 1 10 10v30a10 10 0 0 1-10 10h-50l-16 16v-16h-12a10 10 0 0 1-10-10V28a10 10 0 0 1'
        f' 10-10z" fill="{WHITE}"/>{_lines(104, 31, [first, 62, second], palette.light, 11)}'
        f'<path d="M178 52h54a10 10 0 0 1 10 10v24a10 10 0 0 1-10 10h-4v14l-16-14h-34a10 10 0 0 1-10-10V62a10 10 0 0 1'
        f' 10-10z" fill="{SUN}"/>{dots}'
    )


def _content(palette: Palette, dice: random.Random) -> str:
    """A page being written."""
    pale = "#ecd9c5"
    page = _box(102, 24, 92, 92, WHITE, 8, fill_opacity=".4", transform="rotate(7 148 70)")
    page += _box(106, 16, 92, 104, WHITE, 8) + _lines(118, 26, [44], palette.ground)
    page += _lines(118, 38, [dice.randint(40, 62) for _ in range(3)], pale) + _lines(158, 69, [30, 24, 28], pale)
    page += _box(118, 66, 34, 26, palette.light, 4)
    page += f'<path d="M121 89l9-11 7 8 5-5 7 8z" fill="{palette.ink}" fill-opacity=".6"/>'
    return (
        f'{page}<g transform="rotate({dice.randint(36, 50)} 200 70)">{_box(194, 20, 15, 62, SUN, 3)}'
        f'{_box(194, 12, 15, 12, CORAL, 3)}<path d="M194 82h15l-7.5 17z" fill="#fff3d6"/>'
        f'<path d="M199.2 92.5h4.6L201.5 99z" fill="{palette.ink}"/></g>'
    )


def _security(palette: Palette, dice: random.Random) -> str:
    """A shield that lets no hook through."""
    arcs = "".join(
        _disc(
            160,
            58,
            radius,
            "none",
            stroke=WHITE,
            stroke_opacity=strength,
            stroke_width="2.5",
            stroke_dasharray=f"{dice.randint(30, 70)} 14",
        )
        for radius, strength in ((56, ".4"), (72, ".26"), (90, ".16"))
    )
    shield = (
        f'<path d="M160 12l38 13v27c0 25-16 41-38 50-22-9-38-25-38-50V25z" fill="{WHITE}"/>'
        f'<path d="M160 12l38 13v27c0 25-16 41-38 50z" fill="{palette.light}" fill-opacity=".32"/>'
    )
    tick = _stroke("M146 58l10 10 19-21", palette.ground, 8)
    lock = _box(147, 52, 26, 21, palette.ground, 5) + _stroke("M152 52v-6a8 8 0 0 1 16 0v6", palette.ground, 5)
    lock += _disc(160, 62, 3.4, SUN)
    envelope = _box(0, 0, 34, 24, WHITE, 4) + _stroke("M3 4l14 11 14-11", palette.light, 3)
    hook = _stroke("M0 0v26a8 8 0 0 0 16 0v-3", CORAL, 4) + _stroke("M11.5 27l4.5-5 4.5 4", CORAL, 4)
    return (
        f'{arcs}{shield}{dice.choice([tick, lock])}<g transform="translate(222 {dice.randint(34, 58)}) rotate(9)">'
        f'{envelope}</g><g transform="translate(84 {dice.randint(4, 22)})">{hook}</g>'
    )


def _inclusion(palette: Palette, dice: random.Random) -> str:
    """People side by side, one of them in a wheelchair, under one arch."""
    shades = [SUN, WHITE, CORAL, palette.light]
    dice.shuffle(shades)
    people = "".join(
        _disc(x, 58 - rise, 11, shade) + f'<path d="M{x - 19} {124 - rise}v-28a19 19 0 0 1 38 0v28z" fill="{shade}"/>'
        for x, rise, shade in ((96, 4, shades[0]), (138, 16, shades[1]), (228, 8, shades[2]))
    )
    seated = _disc(181, 50, 10.5, shades[3])
    seated += f'<path d="M171 65h17v20h13l7 19h-8l-5-11h-24z" fill="{shades[3]}"/>'
    seated += _disc(180, 92, 16, "none", stroke=WHITE, stroke_width="4.5")
    arch = _stroke("M68 62a94 80 0 0 1 188 0", WHITE, 5, stroke_opacity=".5", stroke_dasharray="1 11")
    return arch + people + seated


def _change(palette: Palette, dice: random.Random) -> str:
    """Steps that lead up to a flag."""
    heights = [18, 34, 52, 72]
    steps = "".join(
        _box(86 + 38 * place, HEIGHT - height, 38, height + 8, WHITE, 3, fill_opacity=f"{0.35 + 0.2 * place:.2f}")
        for place, height in enumerate(heights)
    )
    stop = dice.randint(0, 2)
    x, y = 105 + 38 * stop, HEIGHT - heights[stop]
    walker = _disc(x, y - 25, 6.5, SUN) + _box(x - 7, y - 17, 14, 17, SUN, 6)
    flag = _stroke("M219 40V10", palette.ink, 4)
    flag += f'<path d="M220 10c8-4 13 4 22 0v16c-9 4-14-4-22 0z" fill="{CORAL}"/>'
    way = _stroke("M92 62C120 60 150 34 190 22", WHITE, 3, stroke_opacity=".6", stroke_dasharray="2 9")
    return steps + walker + flag + way


def _data(palette: Palette, dice: random.Random) -> str:
    """Bars and the line that makes sense of them."""
    heights = sorted(dice.randint(18, 66) for _ in range(5))
    heights[1], heights[2] = heights[2], heights[1]
    columns = "".join(
        _box(106 + 22 * place, 100 - height, 14, height, SUN if place == 4 else palette.light, 3)
        for place, height in enumerate(heights)
    )
    points = [(113 + 22 * place, 88 - height) for place, height in enumerate(heights)]
    line = _stroke("M" + "L".join(f"{x} {y}" for x, y in points), WHITE, 3)
    marks = "".join(_disc(x, y, 4, WHITE, stroke=palette.ground, stroke_width="2") for x, y in points)
    board = _box(92, 4, 136, 116, WHITE, 10, fill_opacity=".14")
    return board + _stroke("M98 100.5h124", WHITE, 3, stroke_opacity=".7") + columns + line + marks


def _ai(palette: Palette, dice: random.Random) -> str:
    """A net of points with one spark in it."""
    left = [(96, y + dice.randint(-5, 5)) for y in (24, 57, 90)]
    right = [(224, y + dice.randint(-5, 5)) for y in (24, 57, 90)]
    edges = "".join(_stroke(f"M{x} {y}L160 56", WHITE, 2.5, stroke_opacity=".5") for x, y in left + right)
    lit = dice.randrange(3)
    points = "".join(_disc(x, y, 8, WHITE) for x, y in left)
    points += "".join(
        _disc(x, y, 10 if place == lit else 8, SUN if place == lit else palette.light)
        for place, (x, y) in enumerate(right)
    )
    spark = "M160 26c3.5 20 10 26.5 30 30-20 3.5-26.5 10-30 30-3.5-20-10-26.5-30-30 20-3.5 26.5-10 30-30z"
    heart = _disc(160, 56, 42, palette.ink, fill_opacity=".7") + f'<path d="{spark}" fill="{SUN}"/>'
    return edges + points + heart + _disc(187, 29, 4, WHITE)


def _book(palette: Palette, dice: random.Random) -> str:
    """An open book, for a topic that has no picture of its own."""
    lean = dice.randint(-4, 4)
    return (
        f'<g transform="rotate({lean} 160 60)"><path d="M160 32c-16-12-36-14-58-14v70c22 0 42 2 58 14 16-12 36-14 58-14'
        f'V18c-22 0-42 2-58 14z" fill="{WHITE}"/><path d="M160 32v70" stroke="{palette.light}" stroke-width="4"/>'
        f"{_lines(112, 38, [34, 28, 34, 22], palette.light, 11)}{_lines(174, 38, [34, 30, 20], palette.light, 11)}</g>"
    )


def _confetti(dice: random.Random) -> str:
    """Paper falling in three waves, thinner in the middle where the words are."""
    colours = (SUN, CORAL, WHITE, "#8fe3bf", "#b8b1ff")
    pieces = []
    for place in range(CONFETTI):
        x, y, turn = dice.randint(8, 632), dice.randint(4, 200), dice.randint(0, 180)
        y = y // 4 if 150 < x < 490 else y
        colour = colours[place % 5]
        shape = _disc(0, 0, 4, colour) if place % 4 == 0 else _box(-4, -6.5, 8, 13, colour, 2)
        pieces.append(
            f'<g class="cd-party__piece cd-party__piece--{place % 3 + 1}">'
            f'<g transform="translate({x} {y}) rotate({turn})">{shape}</g></g>'
        )
    return "".join(pieces)


MOTIFS: dict[str, Callable[[Palette, random.Random], str]] = {
    "information": _information,
    "communication": _communication,
    "content": _content,
    "security": _security,
    "inclusion": _inclusion,
    "change": _change,
    "data": _data,
    "ai": _ai,
}
