"""Section 2.2, how statements are formed, and section 4, the special kinds of text in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.xapi.spec_validation.cases import (
    BOTH,
    GOOD,
    ID,
    LEAST,
    LEFT_OUT,
    NEITHER,
    ONLY_1,
    ONLY_2,
    REFERENCE,
    Case,
    at,
    each,
    good,
    nodes,
    right,
    within,
    wrong,
)

OF_OTHER_KIND: dict[type, tuple[Any, ...]] = {
    dict: ("x", 5, True, []),
    list: ("x", 5, True, {}),
    str: (5, True, [], {}),
    bool: ("true", "false", 1, [], {}),
    int: ("5", True, [], {}),
    float: ("0.8", False, [], {}),
}
MAPS = ("display", "name", "description", "extensions")  # whose keys are not ours


def _free_keys(path: str) -> bool:
    return path.rpartition("/")[2] in MAPS


def formed() -> Iterator[Case]:
    """2.2: no nulls, right kinds, right case, nothing unknown, nothing missing."""
    for path, value in nodes(GOOD):
        yield from wrong("2.2 null", path, [None])
        yield from wrong("2.2 kinds", path, OF_OTHER_KIND[type(value)])
        holder, _, key = path.rpartition("/")
        if not key.isdigit() and not (_free_keys(holder) and holder != "object/definition"):
            renamed = at(path, LEFT_OUT)
            place = f"{holder}/{key.swapcase()}".lstrip("/")
            changed = at(place, value, renamed)
            pointer = f"/{place}"
            yield Case("2.2 case of keys", f"{path} in another case", changed, NEITHER, pointer)
        if isinstance(value, dict) and not _free_keys(path):
            yield Case("2.2 unknown", f"something unknown in {path}", at(f"{path}/note", 1), NEITHER, f"/{path}/note")
    yield Case("2.2 unknown", "something unknown beside all", good(note=1), NEITHER, "/note")
    for value in (None, 5, 0.5, "x", True, [], [GOOD]):
        yield Case("2.2 kinds", f"a statement may not be {value!r:.20}", value, NEITHER, "/")
    yield Case("2.2 extensions", "nulls stand in extensions", good(), BOTH, "")
    yield Case("2.2 table", "the least is enough", LEAST, BOTH, "")


def needed() -> Iterator[Case]:
    """2.4: what has to be there."""
    holders = {
        "2.4 actor, verb, object": ("", ("actor", "verb", "object")),
        "2.4.2.4 account": ("actor/account/", ("homePage", "name")),
        "2.4.3 id": ("verb/", ("id",)),
        "2.4.4.1 id": ("object/", ("id",)),
        "2.4.4.1 id of a part": ("object/definition/choices/0/", ("id",)),
        "2.4.4.3 StatementRef": ("context/statement/", ("objectType", "id")),
        "2.4.6 team is a group": ("context/team/", ("objectType",)),
        "2.4.11 attachment": ("attachments/0/", ("usageType", "display", "contentType", "length", "sha2")),
    }
    for section, (holder, keys) in holders.items():
        for key in keys:
            pointer = f"/{holder}".rstrip("/") or "/"
            case = next(wrong(section, f"{holder}{key}", [LEFT_OUT], pointer=pointer))
            yield from within([case]) if holder or key else [case]


def enumerated() -> Iterator[Case]:
    """2.2: the case of words from a list."""
    places = {
        "actor/objectType": ("agent", "AGENT", "Person", ""),
        "object/objectType": ("activity", "statementRef", "substatement", "Statement", ""),
        "context/instructor/objectType": ("agent", "group"),
        "context/team/objectType": ("group", "Agent"),
        "context/statement/objectType": ("statementref", "StatementREF", "Statement", "Activity"),
        "authority/objectType": ("agent", "group"),
    }
    for path, values in places.items():
        yield from wrong("2.2 words from a list", path, values)


IRIS: tuple[str, ...] = (
    "verb/id",
    "object/id",
    "object/definition/type",
    "object/definition/moreInfo",
    "actor/account/homePage",
)
IRIS += ("context/instructor/openid", "attachments/0/usageType", "attachments/0/fileUrl")
IRIS_RIGHT = (
    "http://gov.example",
    "https://gov.example/é/漢?x=ü#ß",
    "https://gov.example/%C3%A9",
    "urn:uuid:7c5b1f0e-2d43-4c58-9a3c-0d5f6f4f2b11",
    "tag:gov.example,2026:x",
    "mailto:x@gov.example",
    "a+b-c.1:x",
    "http://[::1]:8080/x",
    "x:" + "y" * 300,
)
IRIS_WRONG = (
    "",
    "gov.example",
    "/course/1",
    "//gov.example/x",
    "1http://gov.example",
    "ab=c://gov.example",
    "http:",
    ":x",
    "https://gov.example/a b",
    " https://gov.example/a",
    "https://gov.example/a\n",
    "https://gov.example/\t",
    "https://gov.example/<x>",
    'https://gov.example/"',
    "https://gov.example/{x}",
    "https://gov.example/a|b",
    "https://gov.example/a\\b",
    "https://gov.example/^",
    "https://gov.example/`",
    "https://gov.example/%zz",
    "https://gov.example/%2",
    "https://gov.example/\u2028x",
    "x:" + "y" * 1000,
    "x:" + "é" * 500,
)
UUIDS = ("context/registration", "context/statement/id")
UUIDS_RIGHT = (ID, ID.upper(), "00000000-0000-0000-0000-000000000000", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
UUIDS_WRONG = (
    "",
    "x",
    ID + "8",
    ID[:-1],
    "m" + ID[1:],
    ID.replace("-", ""),
    "{" + ID + "}",
    f"urn:uuid:{ID}",
    ID + "\n",
    ID.replace("-", "_"),
    "７" + ID[1:],
)
LANGUAGES_RIGHT = each(
    "en de-DE zh-Hant zh-Hant-TW sr-Latn-RS cmn es-419 de-CH-1996 sl-rozaj-biske hy-Latn-IT-arevela zh-cmn-Hans-CN "
    "en-a-bbb-x-a x-klingon i-klingon i-default en-GB-oed sgn-BE-FR art-lojban zh-min-nan und EN-gb tlh "
    "abcd abcdefgh de-Qaaa en-u-ca-gregory"
)
LANGUAGES_WRONG = [
    "",
    "e",
    "a12345",
    "a12345678",
    "something",
    "en_GB",
    "en-",
    "-en",
    "en--GB",
    "s-something",
    "zh-something-ccc",
    "en-something-AU",
    "i-nothing",
    "en GB",
    "en-GB-",
    "x",
    "x-123456789",
    "en-x",
    "en-a",
    "de-419-DE",
    "ar-a-aaa-b",
    "en-GB\n",
    "\u017fl",  # a long s is no ASCII letter, whatever its capital is
    "en-\u212aR",
]


def identifiers() -> Iterator[Case]:
    """4.1 to 4.4: extensions, language maps, IRIs, UUIDs."""
    for path in IRIS:
        yield from right("4.3 IRIs", path, IRIS_RIGHT)
        yield from wrong("4.3 IRIs", path, IRIS_WRONG)
    for path in UUIDS:
        yield from right("4.4 UUIDs", path, UUIDS_RIGHT)
        yield from wrong("4.4 UUIDs", path, UUIDS_WRONG)
    for holder in ("object/definition", "result", "context"):
        maps: list[Any] = [{iri: 1} for iri in IRIS_RIGHT]
        values = [{"x:y": value} for value in (None, "", {}, [], 1, True, {"a": {"b": [None]}})]
        yield from right("4.1 extensions", f"{holder}/extensions", [{}, *maps, *values])
        for key in ("", "x", "gov.example", "a b"):
            place = f"/{holder}/extensions/{key}"
            yield from wrong("4.1 extensions", f"{holder}/extensions", [{key: 1}], pointer=place)


def languages() -> Iterator[Case]:
    """4.2: language maps, and the language of a context (2.4.6.7)."""
    yield from right("2.4.6 language", "context/language", LANGUAGES_RIGHT)
    yield from wrong("2.4.6 language", "context/language", LANGUAGES_WRONG)
    definition = "object/definition"
    places = ["verb/display", f"{definition}/name", f"{definition}/description", f"{definition}/choices/0/description"]
    for path in (*places, "attachments/0/display", "attachments/0/description"):
        yield from right(
            "4.2 language maps", path, [{}, *({tag: "x"} for tag in LANGUAGES_RIGHT), {"en": "", "fr": "x"}]
        )
        for tag in LANGUAGES_WRONG:
            yield from wrong("4.2 language maps", path, [{"en": "x", tag: "x"}], pointer=f"/{path}/{tag}")
        yield from wrong("4.2 language maps", path, [{"en": 1}, {"en": None}, {"en": {}}], pointer=f"/{path}/en")


DURATIONS_RIGHT = each(
    "PT4H35M59.14S PT16559.14S P3Y1M29DT4H35M59.14S P3Y P4W P1D PT0S P0D PT1H0M0.1S PT0,5S PT1.5H P1DT12H PT36H P0.5Y "
    "PT1M PT0.00000001S P1.5W P2M PT2M"
)
DURATIONS_WRONG = each(
    " P PT P1DT 1h PA1H0M0S P4W1D PT1S1M P1 PT1 p1d pt1s P-1D -P1D PT1.5H3M PT.5S PT1.S P1H PT1D P1Y1W "
    "P0003-06-04T12:30 P00030604T123000 PT1H\n PT１H P1D2 1D PT1H1H"
)
MOMENTS_RIGHT = each(
    "2026-11-23T09:30:00Z 2026-11-23T09:30:00.1Z 2026-11-23T09:30:00.123456789Z 2026-11-23T09:30:00+00:00 "
    "2026-11-23T09:30:00-08:00 2026-11-23T09:30:00+05:30 2024-02-29T23:59:59Z 2026-11-23t09:30:00z "
    "1900-01-01T00:00:00Z 2199-12-31T23:59:59.999Z 2036-11-23T09:30:00Z 2026-11-23T09:30:00+14:00"
)
MOMENTS_WRONG = each(
    "|now|2026|2026-11-23|2026-11|01/011/2015|2026-11-23 09:30:00Z|20261123T093000Z|2026-W48-1T09:30:00Z"
    "|2026-327T09:30:00Z|2026-02-30T00:00:00Z|2025-02-29T00:00:00Z|2026-13-01T00:00:00Z|2026-00-01T00:00:00Z"
    "|2026-11-23T24:00:00Z|2026-11-23T25:00:00Z|2026-11-23T09:60:00Z|2016-12-31T23:59:60Z|2026-11-23T09:30:61Z"
    "|2026-11-23T09:30:00-00:00|2026-11-23T09:30:00-0000|2026-11-23T09:30:00-00|2026-11-23T09:30:00.601-00:00"
    "|2026-11-23T09:30:00+25:00|2026-11-23T09:30:00+02:75|2026-11-23T09:30:00+2|2026-11-23T09:30:00UTC"
    "|2026-11-23T09:30:00.Z|2026-11-23T09:30:00ZZ|2026-11-23T09:30:00Z\n| 2026-11-23T09:30:00Z|0000-01-01T00:00:00Z"
    "|0001-01-01T00:00:00+14:00|9999-12-31T23:59:59-14:00|+12026-11-23T09:30:00Z|-2026-11-23T09:30:00Z"
    "|２０２６-11-23T09:30:00Z|2026-11-23T9:30:00Z|1763890200|2026-11-23T09:30Z|2026-11-23T09Z",
    "|",
)


def times() -> Iterator[Case]:
    """4.5 and 4.6: timestamps and durations."""
    yield from within(right("4.6 durations", "result/duration", DURATIONS_RIGHT))
    yield from within(wrong("4.6 durations", "result/duration", DURATIONS_WRONG))
    yield from within(right("4.5 timestamps", "timestamp", MOMENTS_RIGHT))
    yield from within(wrong("4.5 timestamps", "timestamp", MOMENTS_WRONG))
    yield from right("2.4.8 stored", "stored", MOMENTS_RIGHT)
    yield from wrong("2.4.8 stored", "stored", MOMENTS_WRONG)
    for path in ("timestamp", "stored"):
        for text in ("2026-11-23T09:30:00", "2026-11-23T09:30:00.5"):
            yield Case("4.5 zone (RFC 3339 in 2.0.0)", f"{path} {text}", at(path, text), ONLY_1, f"/{path}")


def versions() -> Iterator[Case]:
    """2.4.10: the version that a statement says it is written in."""
    yield from right("2.4.10 version", "version", [LEFT_OUT, "1.0", "1.0.0", "1.0.1", "1.0.2", "1.0.3", "1.0.9"])
    refused = [
        "",
        "1",
        "0.95",
        "0.9.9",
        "1.1",
        "1.1.0",
        "1.0.",
        "1.0.x",
        "v1.0.3",
        "1.0.3 ",
        "2.1.0",
        "3.0.0",
        "1.00.0",
    ]
    yield from wrong("2.4.10 version", "version", refused)
    yield Case("2.4.10 version", "2.0.0 is spoken in 2.0.0 only", at("version", "2.0.0"), ONLY_2, "/version")


def ids() -> Iterator[Case]:
    """2.4.1 and 4.4: the id of a statement, and of one that is referred to."""
    base = at("context", {}, good(object=REFERENCE))
    for path in ("id", "object/id"):
        yield from right("2.4.1 id", path, UUIDS_RIGHT, base=base)
        yield from wrong("2.4.1 id", path, UUIDS_WRONG, base=base)
    yield from right("2.4.1 id", "id", [LEFT_OUT])
