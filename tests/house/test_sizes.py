"""Limits that make us split along a seam of the domain (ARCHITECTURE, "What keeps it a house")."""

from __future__ import annotations

from statistics import median

from tests.house.source import ROOT, functions, is_view, length, modules


def test_no_module_is_longer_than_300_lines_and_the_median_stays_near_100() -> None:
    sizes = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in modules()}
    assert {name: size for name, size in sizes.items() if size > 300} == {}
    assert median(sizes.values()) <= 120


def test_no_function_is_longer_than_60_lines_and_99_of_100_are_within_40() -> None:
    sizes = sorted(
        (length(node), f"{path.relative_to(ROOT)}:{node.name}") for path in modules() for node in functions(path)
    )
    assert [entry for entry in sizes if entry[0] > 60] == []
    assert sizes[int(len(sizes) * 0.99)][0] <= 40


def test_views_are_thin() -> None:
    views = [
        (length(node), f"{path.relative_to(ROOT)}:{node.name}")
        for path in modules()
        for node in functions(path)
        if is_view(node)
    ]
    assert len(views) > 20
    assert [view for view in views if view[0] > 20] == []


def test_every_module_and_public_function_says_what_it_is() -> None:
    import ast

    silent = []
    for path in modules():
        tree = ast.parse(path.read_text("utf-8"))
        if not ast.get_docstring(tree):
            silent.append(str(path.relative_to(ROOT)))
        for node in tree.body:
            is_public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if is_public and not ast.get_docstring(node):
                silent.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert silent == []
