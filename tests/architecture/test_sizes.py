"""The budgets: a file of at most 300 lines, a function of at most 40, a view of at most 15, five parameters."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.sources import ROOT, Source, product, source, sources

FILE, FUNCTION, DOOR, PARAMETERS = 300, 40, 15, 5
ROUTES = {"get", "post", "put", "patch", "delete", "route"}
FORBIDDEN_NAMES = {"util.py", "utils.py", "helpers.py", "misc.py", "common.py"}


def too_long_files(files: tuple[Source, ...]) -> list[str]:
    return [
        f"{one.name}: {len(one.lines)} lines; split the room into a folder" for one in files if len(one.lines) > FILE
    ]


def too_long_functions(files: tuple[Source, ...]) -> list[str]:
    return [
        f"{one.name}: {function.name} has {length(function)} lines; say one thing per function"
        for one in files
        for function in one.functions()
        if length(function) > FUNCTION
    ]


def too_long_doors(files: tuple[Source, ...]) -> list[str]:
    return [
        f"{one.name}: {function.name} has {body_length(function)} lines; move the deciding into a service"
        for one in files
        for function in one.functions()
        if is_door(function) and body_length(function) > DOOR
    ]


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def body_length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def is_door(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    calls = [item.func for item in function.decorator_list if isinstance(item, ast.Call)]
    return any(isinstance(call, ast.Attribute) and call.attr in ROUTES for call in calls)


def test_no_file_is_a_city() -> None:
    assert too_long_files(product() + sources("tests", "benchmarks")) == []


def test_functions_say_one_thing() -> None:
    assert too_long_functions(product() + sources("benchmarks")) == []


def test_doors_only_translate() -> None:
    assert too_long_doors(product()) == []


def test_no_attic() -> None:
    assert [one.name for one in product() if Path(one.name).name in FORBIDDEN_NAMES] == []


def test_a_door_that_thinks_is_found() -> None:
    thinking = "@bp.get('/')\ndef index():\n" + "    x = 1\n" * (DOOR + 1)
    short = "@bp.get('/')\ndef index():\n    return ''\n"
    assert too_long_doors((source(thinking),))
    assert not too_long_doors((source(short),))


def test_a_city_is_found() -> None:
    assert too_long_files((source("x = 1\n" * (FILE + 1)),))
    assert not too_long_files((source("x = 1\n" * FILE),))


def test_the_factory_stands_alone() -> None:
    assert len((ROOT / "wsgi.py").read_text().splitlines()) <= 9
