"""The icon set: 24-pixel drawings made of strokes, in the colour of the text beside them."""

# ruff: noqa: E501 - a drawing stays on one line

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup

ICONS: dict[str, str] = {
    "arrow": '<path d="M4.5 12h15M13.5 6l6 6-6 6"/>',
    "award": '<circle cx="12" cy="9" r="5.5"/><path d="M8.6 13.6 7 21l5-2.6L17 21l-1.6-7.4"/>',
    "back": '<path d="M19.5 12h-15M10.5 6l-6 6 6 6"/>',
    "bell": '<path d="M6 10a6 6 0 0 1 12 0c0 5 2 6 2 7H4c0-1 2-2 2-7zM10 20a2.2 2.2 0 0 0 4 0"/>',
    "book": '<path d="M12 6.5C10 5 7 4.5 3.5 4.5v13.5c3.5 0 6.5.5 8.5 2 2-1.5 5-2 8.5-2V4.5C17 4.5 14 5 12 6.5zM12 6.5V20"/>',
    "bookmark": '<path d="M6.5 4h11v16.5L12 16.5l-5.5 4z"/>',
    "building": '<path d="M4 20.5h16M5.5 20V9.5M18.5 20V9.5M3.5 9.5 12 4l8.5 5.5zM10 20v-6.5M14 20v-6.5"/>',
    "calendar": '<rect x="3.5" y="5" width="17" height="15.5" rx="2.5"/><path d="M3.5 10h17M8 3v4M16 3v4"/>',
    "chart": '<path d="M4 4v16h16M8.5 16v-4M12.5 16V8M16.5 16v-6"/>',
    "check": '<circle cx="12" cy="12" r="8.5"/><path d="m8 12.3 2.8 2.7L16 9.5"/>',
    "chevron": '<path d="m6 9.5 6 6 6-6"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.3l3.3 2"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "copy": '<rect x="8.5" y="8.5" width="12" height="12" rx="2.5"/><path d="M15.5 8.5v-3a2 2 0 0 0-2-2h-8a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h3"/>',
    "course": '<path d="M2.5 9.5 12 5l9.5 4.5L12 14zM6.5 11.5V16c0 1.5 2.5 3 5.5 3s5.5-1.5 5.5-3v-4.5M21.5 9.5V15"/>',
    "coverage": '<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5V12l6.2 5.8"/>',
    "danger": '<path d="M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7zM12 8v4.5M12 16h.01"/>',
    "down": '<path d="M12 4.5v15M6 13.5l6 6 6-6"/>',
    "download": '<path d="M12 4v11M7 10.5l5 5 5-5M4.5 19.5h15"/>',
    "edit": '<path d="M4 20h4.5L19.5 9 15 4.5 4 15.5zM12.5 7l4.5 4.5"/>',
    "external": '<path d="M13.5 4.5h6v6M19.5 4.5l-9 9M17.5 14v4a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2h4"/>',
    "eye": '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="3"/>',
    "file": '<path d="M13.5 3.5h-7a2 2 0 0 0-2 2v13a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-9zM13.5 3.5v6h6M8.5 13.5h7M8.5 17h4.5"/>',
    "filter": '<path d="M4 6.5h16M7 12h10M10.5 17.5h3"/>',
    "flag": '<path d="M5.5 21V4M5.5 4.5c4-2 7 2 13 0v9c-6 2-9-2-13 0"/>',
    "folder": '<path d="M3.5 7a2 2 0 0 1 2-2h4l2.5 2.5h6.5a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2z"/>',
    "help": '<circle cx="12" cy="12" r="8.5"/><path d="M9.5 9.5a2.5 2.5 0 1 1 3.7 2.2c-.8.4-1.2.9-1.2 1.8M12 16.5h.01"/>',
    "history": '<path d="M4 12a8 8 0 1 0 2.5-5.8L4 8.5M4 4v4.5h4.5M12 8v4.3l3 1.7"/>',
    "home": '<path d="m3.5 11 8.5-7 8.5 7M5.5 9.5V20h13V9.5M10 20v-5.5h4V20"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.8h.01"/>',
    "key": '<circle cx="8" cy="15.5" r="4.5"/><path d="m11.3 12.3 8.2-8.3M16 7.5l3 3"/>',
    "language": '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c2.5 2.5 3.5 5.3 3.5 8.5S14.5 18 12 20.5C9.5 18 8.5 15.2 8.5 12S9.5 6 12 3.5z"/>',
    "lightbulb": '<path d="M9 17.5h6M10 20.5h4M12 3.5a6 6 0 0 0-3.7 10.7c.5.5.7 1 .7 1.8h6c0-.8.2-1.3.7-1.8A6 6 0 0 0 12 3.5z"/>',
    "link": '<path d="M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.1-1.1"/>',
    "list": '<path d="M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01"/>',
    "lock": '<rect x="5" y="10.5" width="14" height="10" rx="2.5"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5M12 14.5v2"/>',
    "mail": '<rect x="3.5" y="5.5" width="17" height="13.5" rx="2.5"/><path d="m4 7.5 8 6 8-6"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "message": '<path d="M4.5 5h15a1.5 1.5 0 0 1 1.5 1.5v8.5a1.5 1.5 0 0 1-1.5 1.5H12l-5 4v-4H4.5A1.5 1.5 0 0 1 3 15V6.5A1.5 1.5 0 0 1 4.5 5z"/>',
    "minus": '<path d="M5 12h14"/>',
    "moon": '<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z"/>',
    "note": '<path d="M5.5 3.5h13a2 2 0 0 1 2 2v9l-6 6h-9a2 2 0 0 1-2-2v-13a2 2 0 0 1 2-2zM14.5 20.5v-6h6M8 8.5h8M8 12.5h4"/>',
    "path": '<circle cx="6" cy="18.5" r="2.5"/><circle cx="18" cy="5.5" r="2.5"/><path d="M8.5 18.5H15a3.2 3.2 0 0 0 0-6.5H9a3.2 3.2 0 0 1 0-6.5h6.5"/>',
    "pause": '<path d="M8 5v14M16 5v14"/>',
    "pencil": '<path d="m4 20 1.2-4.8L16.5 4a2.5 2.5 0 0 1 3.5 3.5L8.8 18.8zM14 6.5l3.5 3.5"/>',
    "people": '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c.3-4 2.8-6 6.5-6s6.2 2 6.5 6M15.5 4.8a3.5 3.5 0 0 1 0 6.4M17.5 14.3c2.5.7 3.8 2.6 4 5.7"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.4-4.3 3.2-6.5 7.5-6.5s7.1 2.2 7.5 6.5"/>',
    "play": '<path d="M7.5 4.5v15l12-7.5z"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "print": '<path d="M7 8.5v-5h10v5M7 17.5H5.5a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2h13a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2H17M7 14h10v6.5H7z"/>',
    "quiz": '<path d="m4 6.5 1.5 1.5L8.5 5M4 16.5 5.5 18l3-3M12.5 7H20M12.5 17H20"/>',
    "record": '<path d="M6.5 3.5h11a1.5 1.5 0 0 1 1.5 1.5v15.5l-3-2-2 2-2-2-2 2-2-2-3 2V5a1.5 1.5 0 0 1 1.5-1.5zM9 8.5h6M9 12.5h6"/>',
    "refresh": '<path d="M20 12a8 8 0 0 1-14.3 4.9M4 12A8 8 0 0 1 18.3 7.1M18.5 3.5v4h-4M5.5 20.5v-4h4"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "settings": '<path d="M4 7h8M17 7h3M4 17h3M12 17h8"/><circle cx="14.5" cy="7" r="2.5"/><circle cx="9.5" cy="17" r="2.5"/>',
    "shield": '<path d="M12 3.5 19.5 6v5.5c0 4.5-3 7.5-7.5 9-4.5-1.5-7.5-4.5-7.5-9V6zM8.8 12l2.3 2.3 4.1-4.3"/>',
    "sign-out": '<path d="M10 4.5H6.5a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2H10M15.5 8l4 4-4 4M19.5 12H9.5"/>',
    "spark": '<path d="M11 4c.8 4.7 2.3 6.2 7 7-4.7.8-6.2 2.3-7 7-.8-4.7-2.3-6.2-7-7 4.7-.8 6.2-2.3 7-7zM18.5 15.5v5M16 18h5"/>',
    "steps": '<path d="M3.5 19.5h4.5V15h4.5v-4.5H17V6h3.5"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 2.5v2.5M12 19v2.5M2.5 12H5M19 12h2.5M5.3 5.3 7 7M17 17l1.7 1.7M18.7 5.3 17 7M7 17l-1.7 1.7"/>',
    "tag": '<path d="M4 4h7.5l8.8 8.8a1.5 1.5 0 0 1 0 2.1l-5.4 5.4a1.5 1.5 0 0 1-2.1 0L4 11.5zM8.5 8.5h.01"/>',
    "target": '<circle cx="12" cy="12" r="8.5"/><circle cx="12" cy="12" r="4.5"/><path d="M12 12h.01"/>',
    "tick": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "trash": '<path d="M4.5 6.5h15M9 6.5V4h6v2.5M6.5 6.5l1 14h9l1-14M10.5 11v5.5M13.5 11v5.5"/>',
    "trend": '<path d="M3.5 17.5 9.5 11l4 4 7-8M15 6.5h5.5V12"/>',
    "up": '<path d="M12 19.5v-15M6 10.5l6-6 6 6"/>',
    "upload": '<path d="M12 16V5M7 9.5l5-5 5 5M4.5 19.5h15"/>',
    "warning": '<path d="M12 4 2.8 19.5h18.4zM12 10v4.5M12 17h.01"/>',
}
FOLLOWS_READING_DIRECTION = frozenset(
    {"arrow", "back", "external", "list", "path", "play", "quiz", "sign-out", "steps", "trend"}
)


class UnknownIcon(LookupError):
    """A template asks for an icon that is not in the set."""


@lru_cache(maxsize=500)
def icon(name: str, size: int = 20, label: str | None = None) -> Markup:
    """Draw an icon; with a label it speaks for itself, without one it only accompanies words."""
    drawing = ICONS.get(name)
    if drawing is None:
        raise UnknownIcon(f"There is no icon named “{name}”. Use one of: {', '.join(sorted(ICONS))}.")
    voice = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    flip = " cd-icon--flip" if name in FOLLOWS_READING_DIRECTION else ""
    return Markup(
        '<svg class="cd-icon{flip}" width="{size}" height="{size}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round" focusable="false" {voice}>{drawing}</svg>'
    ).format(flip=flip, size=int(size), voice=voice, drawing=Markup(drawing))
