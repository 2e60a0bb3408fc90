"""`nbjudge check` and `nbjudge new`, as an author types them, with the real sandbox and kernels."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from nbjudge_course.course_file import read_course
from nbjudge_course.notebook import read_problem

COURSE = Path(__file__).parents[3] / "course" / "intro"


def nbjudge(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nbjudge_course", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)


def told(*words: str | Path) -> list[dict]:
    done = nbjudge("check", "--json", *words)
    assert done.returncode in (0, 1), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def children(pid: int) -> list[int]:
    try:
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:  # it has ended
        return []


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    done = nbjudge("new", "problem", "double", "--folder", tmp_path)
    assert done.returncode == 0, done.stderr
    return tmp_path / "double.ipynb"


def change(path: Path, before: str, after: str) -> Path:
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")
    return path


@pytest.mark.timeout(300)
def test_the_sample_course_is_ready_and_its_tests_are_strong() -> None:
    rehearsals = told("--mutants", "15", "--no-kernel", COURSE)
    found = [(r["problem"], finding) for r in rehearsals for finding in r["findings"]]
    assert [one for one in found if one[1]["kind"] != "limits"] == []  # a loaded machine is slow
    assert len(rehearsals) == len(list(COURSE.glob("*.ipynb")))
    killed = sum(r["strength"]["killed"] for r in rehearsals)
    assert killed > 0.85 * sum(r["strength"]["total"] for r in rehearsals)


def test_a_new_course_is_ready_as_it_stands(tmp_path: Path) -> None:
    assert nbjudge("new", "course", tmp_path / "mine", "--title", "Mine").returncode == 0
    done = nbjudge("check", tmp_path / "mine")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "double  ready" in done.stdout
    assert "1 of 1 problems are ready" in done.stdout


def test_a_new_program_is_ready_as_it_stands(tmp_path: Path) -> None:
    done = nbjudge("new", "problem", "twice", "--folder", tmp_path, "--kind", "program")
    assert done.returncode == 0, done.stderr
    [rehearsal] = told(tmp_path / "twice.ipynb")
    assert rehearsal["passed"], rehearsal


def test_nothing_is_overwritten(problem: Path) -> None:
    before = problem.read_bytes()
    done = nbjudge("new", "problem", "double", "--folder", problem.parent)
    assert done.returncode == 1
    assert "is there already" in done.stderr
    assert problem.read_bytes() == before


@pytest.mark.parametrize(
    ("before", "after", "kind", "said"),
    [
        ("return 2 * number", "return 3 * number", "solution", "in the test `the example`"),
        ("verdict: wrong_answer", "verdict: runtime_error", "wrong", "instead of runtime_error"),
        ('    ..."', '    return number + number"', "starter", "accepted as it stands"),
        ("returns twice the number.", "returns `2 * number`:\\n\\n    return 2 * number", "leak",
         "students would read"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(
    problem: Path, before: str, after: str, kind: str, said: str
) -> None:
    [rehearsal] = told("--no-kernel", "--mutants", "0", change(problem, before, after))
    found = {finding["kind"]: finding for finding in rehearsal["findings"]}
    assert said in found[kind]["message"], rehearsal
    assert not rehearsal["passed"]


def test_a_solution_that_takes_more_than_half_of_a_limit_is_found(problem: Path) -> None:
    spent = "import time\n    while time.process_time() < 0.7: ...\n    return 2 * number"
    change(problem, "return 2 * number", json.dumps(spent)[1:-1])
    [rehearsal] = told("--no-kernel", "--mutants", "0", problem)
    assert not rehearsal["passed"]
    assert "of CPU time" in rehearsal["findings"][0]["message"], rehearsal


def test_a_cell_that_fails_in_run_all_is_named(problem: Path) -> None:
    change(problem, "%load_ext nbjudge_course.authoring", "missing_name")
    [rehearsal] = told("--mutants", "0", problem)
    [finding] = rehearsal["findings"]
    assert (finding["kind"], finding["cell"]) == ("run_all", 2)
    assert "NameError" in finding["message"]


@pytest.mark.parametrize("kernel", ["ir", "my-environment"])
def test_a_kernel_that_is_missing_is_named(problem: Path, kernel: str) -> None:
    change(problem, '"name": "python3"', f'"name": "{kernel}"')
    done = nbjudge("check", "--mutants", "0", problem)
    assert done.returncode == 1
    assert f"the notebook's kernel '{kernel}' is not on this machine" in done.stdout
    assert "choose a Python kernel" in done.stdout
    assert done.stderr == ""


def test_a_cell_that_hangs_is_named_and_nothing_is_said_beside_it(problem: Path) -> None:
    change(problem, "return 2 * number", "while True: ...")
    change(problem, "cpu: 1s", "cpu: 0.5s")
    done = nbjudge("check", "--mutants", "0", problem)
    assert done.returncode == 1
    assert "the solution gets time_limit_exceeded" in done.stdout
    assert "cell 6: Run All: the cell ran for more than" in done.stdout
    assert done.stderr == ""


def test_a_check_that_is_broken_off_says_nothing_more(problem: Path) -> None:
    change(problem, "return 2 * number", "while True: ...")
    change(problem, "cpu: 1s", "cpu: 20s")
    command = [sys.executable, "-m", "nbjudge_course", "check", "--no-kernel", str(problem)]
    check = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)
    while not all(boxes := [children(grader) for grader in children(check.pid)]) or not boxes:
        assert check.poll() is None
        time.sleep(0.05)
    time.sleep(1)  # now each grader has a sandbox; an interrupt amid a fork would be lost
    os.killpg(check.pid, signal.SIGINT)
    _, said = check.communicate(timeout=60)
    assert (check.returncode, said) == (130, b"")


def test_a_new_problem_is_entered_in_the_course_beside_it(tmp_path: Path) -> None:
    nbjudge("new", "course", tmp_path)
    done = nbjudge("new", "problem", "triple", "--folder", tmp_path)
    assert "it is in the set 'First week'" in done.stdout
    rehearsals = told("--no-kernel", "--mutants", "0", tmp_path)
    assert [(r["problem"], r["passed"]) for r in rehearsals] == [("double", True), ("triple", True)]


def test_weak_tests_are_shown_with_the_programs_that_they_let_pass(problem: Path) -> None:
    change(problem, "assert double(-2) == -4", "")
    change(problem, "assert double(0.5) == 1", "assert double(3.0) == 6")
    change(problem, "return 2 * number", "return 2 * number if number > 0 else 0")
    done = nbjudge("check", "--no-kernel", "--strength", "1", problem)
    assert done.returncode == 1
    assert "these wrong programs would get full marks" in done.stdout
    assert "+    return 2 * number if number >= 0 else 0" in done.stdout
    assert "100% are wanted" in done.stdout


def test_a_junit_report_is_written(problem: Path, tmp_path: Path) -> None:
    change(problem, "return 2 * number", "return 3 * number")
    done = nbjudge("check", "--no-kernel", "--junit", tmp_path / "report.xml", problem)
    assert done.returncode == 1
    suite = ElementTree.parse(tmp_path / "report.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not"),
        ('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "no cells"),
    ],
)
def test_a_corrupted_notebook_is_a_finding(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "bad.ipynb"
    path.write_text(content)
    [rehearsal] = told(path)
    assert not rehearsal["passed"]
    assert said in rehearsal["findings"][0]["message"]
    assert path.read_text() == content


def test_what_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    for words in ((tmp_path / "no.ipynb",), (tmp_path,), ("--sandbox", "cardboard", COURSE)):
        done = nbjudge("check", *words)
        assert done.returncode == 2
        assert done.stderr.startswith("nbjudge check: ")
        assert "Traceback" not in done.stderr


def test_the_page_shows_what_check_says() -> None:
    page = Path(__file__).parents[3] / "docs" / "how-to" / "check-a-problem.md"
    blocks = re.findall(r"^```text\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    done = nbjudge("check", "--no-kernel", COURSE / "two-sum.ipynb", COURSE / "primes.ipynb")
    assert len(blocks) == 2
    for block in blocks:
        assert block.rstrip() in done.stdout


@pytest.mark.parametrize("title", ['Sorting: a "game" # 1', "- [x", "\\n, it's"])
def test_a_title_may_have_any_sign(tmp_path: Path, title: str) -> None:
    nbjudge("new", "course", tmp_path, "--title", title)
    done = nbjudge("new", "problem", "sort", "--folder", tmp_path, "--title", title)
    assert done.returncode == 0, done.stderr
    assert read_course(tmp_path).title == title
    assert read_problem(tmp_path / "sort.ipynb").problem.title == title
