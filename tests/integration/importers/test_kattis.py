"""A problem package is imported and graded: its own programs get the verdicts of their folders."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

YAML = "name: Different\nlimits:\n  memory: 256\n  time_limit: 1\n"
VALIDATOR = """
import sys
data, answer, feedback = sys.argv[1:4]
wanted = int(open(data).read())
words = sys.stdin.read().split()
if len(words) == 2 and all(w.isdigit() for w in words) and sum(map(int, words)) == wanted:
    sys.exit(42)
open(feedback + "teammessage.txt", "w").write("these two do not add up")
sys.exit(43)
"""
CPP_VALIDATOR = """
#include <fstream>
#include <iostream>
int main(int argc, char **argv) {
    std::ifstream data(argv[1]);
    int wanted, a, b;
    data >> wanted;
    return std::cin >> a >> b && a + b == wanted ? 42 : 43;
}
"""
RIGHT = "a, b = map(int, input().split())\nprint(abs(a - b))\n"
RIGHT_C = '#include <stdio.h>\n#include <stdlib.h>\nint main() { int a, b; scanf("%d%d", &a, &b); printf("%d\\n", abs(a - b)); }\n'
LARGE = "1 " * 3000 + "\n"


def nbjudge(*words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nbjudge_course", *words]
    return subprocess.run(
        command, input=stdin, capture_output=True, text=True, timeout=110, check=False
    )


def packed(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = folder / "different" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return folder / "different"


PLAIN = {
    "problem.yaml": YAML,
    "statement/problem.en.md": "How far are two numbers apart?",
    "data/sample/1.in": "10 12\n",
    "data/sample/1.ans": "2\n",
    "data/secret/1-large.in": "71293781758123 72784\n",
    "data/secret/1-large.ans": "71293781685339\n",
    "data/secret/group/2.in": "3 1\n",
    "data/secret/group/2.ans": "2\n",
    "submissions/accepted/right.py": RIGHT,
    "submissions/accepted/second.py": RIGHT,
    "submissions/accepted/right.c": RIGHT_C.replace("int a, b", "long long a, b")
    .replace("%d%d", "%lld%lld")
    .replace("%d\\n", "%lld\\n")
    .replace("abs(", "llabs("),
    "submissions/wrong_answer/no_abs.py": "a, b = map(int, input().split())\nprint(b - a)\n",
    "submissions/time_limit_exceeded/counts.py": "a, b = map(int, input().split())\nn = 0\n"
    "while a + n != b and b + n != a:\n    n += 1\nprint(n)\n",
    "submissions/run_time_error/crash.py": "a, b = input().split()\nprint(a - b)\n",
    "input_validators/check.py": "import sys\nsys.exit(42)\n",
}


def verdicts(problem: Path, files: list[Path]) -> list[str]:
    done = nbjudge("grade", "--json", str(problem), *map(str, files))
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return [line["cause"] for line in told]


def test_the_programs_of_a_package_get_the_verdicts_of_their_folders(tmp_path: Path) -> None:
    package = packed(tmp_path, PLAIN)
    done = nbjudge("import", "kattis", str(package), str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    problem = tmp_path / "out" / "different.ipynb"
    assert "second.py is one more accepted program" in done.stdout
    assert "input_validators is not taken along" in done.stdout

    programs = [package / "submissions" / name for name in (
        "accepted/right.py", "accepted/right.c", "wrong_answer/no_abs.py",
        "time_limit_exceeded/counts.py", "run_time_error/crash.py")]  # fmt: skip
    assert verdicts(problem, programs) == [
        "accepted", "accepted", "wrong_answer", "time_limit_exceeded", "runtime_error",
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "source"), [("v.py", VALIDATOR), ("v.cpp", CPP_VALIDATOR)])
def test_an_output_validator_of_its_own_decides(tmp_path: Path, name: str, source: str) -> None:
    package = packed(
        tmp_path,
        {
            "problem.yaml": "name: Sums\nvalidation: custom\n",
            "data/sample/1.in": "10\n",
            "data/sample/1.ans": "5 5\n",
            "data/secret/1.in": "7\n",
            "data/secret/1.ans": "3 4\n",
            f"output_validators/{name}": source,
            "submissions/accepted/one.py": "print(1, int(input()) - 1)\n",
            "submissions/wrong_answer/two.py": "print(1, input())\n",
        },
    )
    done = nbjudge("import", "kattis", str(package), str(tmp_path))
    assert done.returncode == 0, done.stderr
    programs = [
        package / "submissions/accepted/one.py",
        package / "submissions/wrong_answer/two.py",
    ]
    assert verdicts(tmp_path / "different.ipynb", programs) == ["accepted", "wrong_answer"]


def test_long_data_are_kept_short_and_flags_of_the_validator_hold(tmp_path: Path) -> None:
    package = packed(
        tmp_path,
        {
            "problem.yaml": "name: Mean\nvalidator_flags: float_tolerance 1e-3\n",
            "data/secret/1.in": LARGE,
            "data/secret/1.ans": "1.0\n",
            "submissions/accepted/a.py": "print(sum(map(int, input().split())) / 3000 + 0.0005)\n",
            "submissions/wrong_answer/b.py": "print(1.01)\n",
        },
    )
    done = nbjudge("import", "kattis", str(package), str(tmp_path))
    assert done.returncode == 0, done.stderr
    problem = tmp_path / "different.ipynb"
    assert len(problem.read_text("utf-8")) < 8000
    programs = sorted(package.glob("submissions/*/*.py"))
    assert verdicts(problem, programs) == ["accepted", "wrong_answer"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"data/sample/1.in": "1"}, "has no problem.yaml"),
        ({"problem.yaml": "- a\n"}, "must be a mapping"),
        ({"problem.yaml": "name: [\n"}, "cannot be read"),
        ({"problem.yaml": "name: X\n"}, "no data/sample or data/secret"),
        ({"problem.yaml": "name: X\ntype: interactive\n", "data/sample/1.in": "1",
          "data/sample/1.ans": "1"}, "is interactive"),
    ],
)  # fmt: skip
def test_what_is_no_package_is_refused_in_a_sentence(
    tmp_path: Path, files: dict[str, str], said: str
) -> None:
    done = nbjudge("import", "kattis", str(packed(tmp_path, files)), str(tmp_path / "out"))
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ("name: x\nlimits:\n  time_limit: lots\n", "`time_limit: lots` is no number"),
        ("name: x\nlimits:\n  memory: -1\n", "`memory: -1` is no number"),
        ("name: x\nlimits: 3\n", "`limits` must be a mapping"),
    ],
)
def test_limits_that_are_none_are_named(tmp_path: Path, about: str, said: str) -> None:
    package = packed(tmp_path, PLAIN | {"problem.yaml": about})
    done = nbjudge("import", "kattis", str(package), str(tmp_path / "out"))
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_taken_along_is_named(tmp_path: Path) -> None:
    more = {
        "problem.yaml": YAML + "type: scoring\nvalidation: custom\n",
        "output_validators/Check.java": "class Check {}",
        "submissions/partially_accepted/half.py": RIGHT,
        "attachments/start.py": "",
    }
    package = packed(tmp_path, PLAIN | more)
    for name in ("data/secret/old.in", "submissions/accepted/old.cpp"):
        (package / name).write_bytes(b"\xff\xfe")
    (package / "data/secret/old.ans").write_text("1")
    done = nbjudge("import", "kattis", str(package), str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    for said in (
        "data/secret/old.in is not UTF-8 text",
        "submissions/accepted/old.cpp is not UTF-8 text",
        "its scoring is not taken along",
        "submissions/partially_accepted has no verdict",
        "attachments is not taken along",
        "Check.java, is in no language that checks here",
    ):
        assert said in done.stdout


def test_a_problem_that_is_there_already_is_not_overwritten(tmp_path: Path) -> None:
    package = packed(tmp_path, PLAIN)
    (tmp_path / "different.ipynb").write_text("mine")
    done = nbjudge("import", "kattis", str(package), str(tmp_path))
    assert done.returncode == 1
    assert "is there already" in done.stderr
    assert (tmp_path / "different.ipynb").read_text() == "mine"
