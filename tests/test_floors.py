"""The floors of the house: an app imports only from floors below, and no import hides inside a function."""

import ast

import pytest
from django.conf import settings

FLOORS = settings.FLOORS
SOURCES = [path for app in FLOORS for path in sorted((settings.BASE_DIR / app).rglob("*.py")) if "migrations" not in path.parts]


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def climbs(path):
    """The imports of one file that lead to a higher floor, or are relative and could hide one."""
    floor = FLOORS.index(path.relative_to(settings.BASE_DIR).parts[0])
    for name in imported(ast.parse(path.read_text(encoding="utf-8"))):
        top = name.split(".")[0]
        if name.startswith(".") or (top in FLOORS and FLOORS.index(top) > floor):
            yield f"{path.relative_to(settings.BASE_DIR)} imports {name}"


def hidden(path):
    """Imports inside functions of one file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Import | ast.ImportFrom):
                    yield f"{path.relative_to(settings.BASE_DIR)}:{inner.lineno}"


def test_no_app_imports_from_a_floor_above():
    assert [climb for path in SOURCES for climb in climbs(path)] == []


def test_no_import_hides_inside_a_function():
    assert [place for path in SOURCES for place in hidden(path)] == []


def test_the_floor_test_sees_a_climb():
    """The check itself can fail."""
    tree = ast.parse("from desk.views import home")
    assert list(imported(tree)) == ["desk.views"]
    assert FLOORS.index("desk") > FLOORS.index("clients")


@pytest.mark.parametrize("app", FLOORS)
def test_every_floor_is_looked_at(app):
    assert any(path.is_relative_to(settings.BASE_DIR / app) for path in SOURCES)
