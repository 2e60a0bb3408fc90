"""`nbjudge grade` and `nbjudge doctor`, as a person types them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from nbjudge_course.languages import LANGUAGES

PROBLEM = Path(__file__).parents[3] / "course" / "intro" / "two-sum.ipynb"
RIGHT = "def two_sum(p, t):\n    seen = {}\n    for i, x in enumerate(p):\n        if t - x in seen:\n            return [seen[t - x], i]\n        seen[x] = i\n"
WRONG = "def two_sum(p, t):\n    return [0, 1]\n"


def nbjudge(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nbjudge_course", *words]
    return subprocess.run(
        command, input=stdin, capture_output=True, text=True, timeout=100, check=False
    )


@pytest.fixture
def sources(tmp_path: Path) -> list[str]:
    for name, source in (("right.py", RIGHT), ("wrong.py", WRONG)):
        (tmp_path / name).write_text(source, "utf-8")
    return [str(tmp_path / "right.py"), str(tmp_path / "wrong.py")]


def test_files_are_graded_and_told_in_words(sources: list[str]) -> None:
    done = nbjudge("grade", str(PROBLEM), *sources)
    assert done.returncode == 0, done.stderr
    assert f"{sources[0]}: accepted 8/8" in done.stdout
    assert f"{sources[1]}: partial 1/8" in done.stdout


def test_lines_of_json_have_all_that_other_tools_need(sources: list[str]) -> None:
    done = nbjudge("grade", "--json", "--jobs", "2", str(PROBLEM), *sources)
    right, wrong = map(json.loads, done.stdout.splitlines())
    assert (right["file"], right["verdict"], right["points"]) == (sources[0], "accepted", 8.0)
    assert wrong["max_points"] == 8.0
    assert set(wrong["tests"][0]) == {"name", "verdict", "points", "hidden", "message"}
    assert {"cpu_seconds", "wall_seconds", "memory_bytes"} <= set(wrong)


def test_tasks_come_from_standard_input() -> None:
    tasks = [{"problem": str(PROBLEM), "source": source} for source in (RIGHT, WRONG, "def")]
    done = nbjudge("grade", "--json", "-", stdin="\n".join(map(json.dumps, tasks)))
    verdicts = [json.loads(line)["verdict"] for line in done.stdout.splitlines()]
    assert verdicts == ["accepted", "partial", "compile_error"]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_who_writes_tasks_may_wait_for_each_verdict(jobs: str) -> None:
    command = [sys.executable, "-m", "nbjudge_course", "grade", "-", "--json", "--jobs", jobs]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as grading:
        assert grading.stdin is not None
        assert grading.stdout is not None
        for source, verdict in ((RIGHT, "accepted"), (WRONG, "partial")):
            grading.stdin.write(json.dumps({"problem": str(PROBLEM), "source": source}) + "\n")
            grading.stdin.flush()
            assert json.loads(grading.stdout.readline())["verdict"] == verdict
        grading.stdin.close()
    assert grading.returncode == 0


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_line_that_is_no_task_is_told_after_the_verdicts_before_it(jobs: str) -> None:
    task = json.dumps({"problem": str(PROBLEM), "source": RIGHT})
    done = nbjudge("grade", "--json", "--jobs", jobs, "-", stdin=f"{task}\nnonsense\n{task}\n")
    assert done.returncode == 2
    assert json.loads(done.stdout)["verdict"] == "accepted"
    assert done.stderr.startswith("nbjudge grade: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("nowhere.ipynb", "x.py"),
        (str(PROBLEM),),
        (str(PROBLEM), "nowhere.py"),
        (str(PROBLEM), __file__, "--sandbox", "cardboard"),
        ("--nonsense",),
    ],
)
def test_bad_usage_is_a_sentence_and_exit_status_2(words: tuple[str, ...]) -> None:
    done = nbjudge("grade", *words)
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr


def test_a_language_that_the_problem_does_not_offer_is_bad_usage(tmp_path: Path) -> None:
    source = tmp_path / "two_sum.js"
    source.write_text("function twoSum() {}", "utf-8")
    done = nbjudge("grade", str(PROBLEM), str(source))
    assert done.returncode == 2
    assert "javascript is not among python" in done.stderr


def test_a_source_that_is_no_text_is_a_compile_error(tmp_path: Path) -> None:
    source = tmp_path / "two_sum.py"
    source.write_bytes(b"# caf\xe9\n" + RIGHT.encode())
    done = nbjudge("grade", "--json", str(PROBLEM), str(source))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["verdict"] == "compile_error"


def test_doctor_tells_each_limit_and_that_the_self_test_passed() -> None:
    done = nbjudge("doctor")
    assert done.returncode == 0, done.stdout
    for limit in ("cpu time", "wall time", "memory", "processes", "output", "files", "network"):
        assert f"\n{limit}" in done.stdout
    assert "self-test     passed" in done.stdout


def test_doctor_tells_the_version_of_each_language_of_programs() -> None:
    done = nbjudge("doctor")
    told = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    for language in LANGUAGES:
        assert told[language].endswith("programs"), done.stdout
    assert told["javascript"].endswith("functions and programs")


def test_the_ending_of_a_file_tells_its_language(tmp_path: Path) -> None:
    problem = tmp_path / "sum.ipynb"
    problem.write_text(_notebook(RAW, "#| test: a sum\ncheck(run('3 4'), '7')"), "utf-8")
    source = tmp_path / "sum.C"
    source.write_text(
        '#include <stdio.h>\nint main() { int a, b; scanf("%d%d", &a, &b); printf("%d", a + b); }'
    )
    done = nbjudge("grade", str(problem), str(source))
    assert "accepted 1/1" in done.stdout, done.stderr


RAW = "---\nid: sum\ntitle: Sum\nkind: program\nlanguages: [c, bash]\n---"


def _notebook(raw: str, *cells: str) -> str:
    first = {"cell_type": "raw", "id": "front", "metadata": {}, "source": raw}
    code = [
        {"cell_type": "code", "id": f"cell{number}", "metadata": {}, "source": cell,
         "outputs": [], "execution_count": None}
        for number, cell in enumerate(cells)
    ]  # fmt: skip
    content = {"cells": [first, *code], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content)
