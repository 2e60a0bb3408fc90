"""House rules of the source: who may import whom, module size, docstrings."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = [
    ROOT / "course" / "nbjudge_course",
    ROOT / "extension" / "nbjudge",
    ROOT / "grader_service" / "nbjudge_grader_service",
    ROOT / "worker" / "nbjudge_worker",
]
LONGEST_MODULE_LINES = 350


def modules() -> list[Path]:
    found = [path for package in PACKAGES for path in package.rglob("*.py")]
    return sorted(path for path in found if "labextension" not in path.parts)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_parts_import_only_what_they_may():
    lint = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run(
        [lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", modules(), ids=name)
def test_each_module_opens_with_a_sentence_that_says_its_idea(path):
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))

    assert docstring, f"{name(path)} has no docstring"
    assert docstring.partition("\n\n")[0].rstrip().endswith((".", ":", "!", "?"))


def test_no_module_is_too_long_to_read_at_one_sitting():
    lengths = {name(path): len(path.read_text("utf-8").splitlines()) for path in modules()}

    assert {path: n for path, n in lengths.items() if n > LONGEST_MODULE_LINES} == {}


@pytest.mark.parametrize("word", ["utils", "helpers", "common", "misc"])
def test_no_module_is_named_for_nothing(word):
    assert [name(path) for path in modules() if word in {path.stem, path.parent.name}] == []
