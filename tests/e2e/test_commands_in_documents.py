"""Each line that a how-to for authors has them type in a terminal is typed, in its order."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from classroom import Classroom
from nbjudge_course.local_service import local_token, local_url
from nbjudge_course.new import new_course

pytestmark = pytest.mark.timeout(300)
ROOT = Path(__file__).parents[2]
HOW_TO = ROOT / "docs" / "how-to"
DATA = ROOT / "tests" / "material" / "data"
PACKAGE = {
    "problem.yaml": "name: Different\nlimits:\n  time_limit: 1\n",
    "data/sample/1.in": "10 12\n",
    "data/sample/1.ans": "2\n",
    "submissions/accepted/right.py": "a, b = map(int, input().split())\nprint(abs(a - b))\n",
    "submissions/wrong_answer/minus.py": "a, b = map(int, input().split())\nprint(a - b)\n",
}


def an_nbgrader_course(folder: Path) -> None:
    shutil.copytree(DATA / "nbgrader-suite" / "user-guide-ps1", folder / "my-course")


def an_otter_assignment(folder: Path) -> None:
    demo = DATA / "otter-suite" / "master-demo"
    shutil.copy(demo / "demo.ipynb", folder / "hw01.ipynb")
    shutil.copytree(demo / "submissions", folder / "handed-in")


def a_package(folder: Path) -> None:
    for name, text in PACKAGE.items():
        place = folder / "path" / "to" / "different" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def a_course(folder: Path) -> None:
    new_course(folder / "course")


@pytest.fixture
def environment(classroom: Classroom) -> dict[str, str]:
    """What a terminal of JupyterLab has."""
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "NBJUDGE_SERVICE_URL": local_url(classroom.data) or "",
        "NBJUDGE_TOKEN": local_token(classroom.data) or "",
    }


@pytest.mark.parametrize(
    ("page", "lay_out", "made"),
    [
        ("bring-an-nbgrader-course", an_nbgrader_course, "results.jsonl"),
        ("bring-an-otter-course", an_otter_assignment, "results.jsonl"),
        ("import-a-problem-package", a_package, "course/different.ipynb"),
        ("check-a-problem", a_course, "report.xml"),
    ],
)
def test_the_commands_of_a_page_work(page, lay_out, made, tmp_path, environment):
    lay_out(tmp_path)
    text = (HOW_TO / f"{page}.md").read_text("utf-8")
    blocks = re.findall(r"^```(?:sh|shell)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)

    for line in "".join(blocks).splitlines():
        done = subprocess.run(
            ["/bin/sh", "-c", line],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (line, done.stdout, done.stderr)

    assert (tmp_path / made).stat().st_size > 0
