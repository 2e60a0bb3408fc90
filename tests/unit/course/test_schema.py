"""The schemas and the reference page say what the readers do."""

import json
import tomllib
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from nbjudge_course.cells import read_cells
from nbjudge_course.faults import Faults
from nbjudge_course.format_page import page
from nbjudge_course.options import read_role
from nbjudge_course.schema import SCHEMAS, main

ROOT = Path(__file__).parents[3]
COURSE = ROOT / "course" / "intro"


def valid(name, value) -> bool:
    return Draft202012Validator(SCHEMAS[name]()).is_valid(value)


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_schema_is_one_and_is_printed(name, capsys):
    assert main([name]) == 0
    printed = json.loads(capsys.readouterr().out)
    Draft202012Validator.check_schema(printed)
    assert printed == SCHEMAS[name]()


def test_the_sample_course_fits_the_schemas():
    assert valid("course", tomllib.loads((COURSE / "course.toml").read_text()))
    for path in COURSE.glob("*.ipynb"):
        cells = read_cells(path).cells
        assert valid("front-matter", yaml.safe_load(cells[0].source.strip().strip("-")))
        for cell in cells:
            role = read_role(cell, Faults(path)) if cell.kind == "code" else None
            if role is not None:
                assert valid("options", {n: value_of(o.value) for n, o in role.options.items()})


def value_of(text):
    return (
        yaml.safe_load(text)
        if text.replace(".", "").isdigit()
        else {"true": True}.get(text, text or None)
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("front-matter", {"id": "a"}),
        ("front-matter", {"id": "A b", "title": "T"}),
        ("front-matter", {"id": "a", "title": "T", "verdit": 1}),
        ("options", {"points": 2}),
        ("options", {"starter": None, "hint": "h"}),
        ("options", {"starter": None, "solution": None}),
        ("course", {"title": "C", "sets": []}),
        (
            "course",
            {
                "title": "C",
                "sets": [{"title": "S", "problems": ["a"]}],
                "late": {"deduct": "a lot"},
            },
        ),
    ],
)
def test_what_the_readers_refuse_the_schemas_refuse(name, value):
    assert not valid(name, value)


def test_the_page_of_the_format_is_fresh():
    written = (ROOT / "docs" / "reference" / "format.md").read_text("utf-8")
    assert written == page(), (
        "stale: python -m nbjudge_course.format_page > docs/reference/format.md"
    )
