"""`nbjudge new`: a course or a problem to begin with, which is ready as it stands."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from nbjudge_course.course_entry import enter_problem
from nbjudge_course.course_file import COURSE_FILE
from nbjudge_course.errors import BadProblem, NbjudgeError, in_words
from nbjudge_course.notebook_file import Cell, encoded_problem, new_notebook, problem_id
from nbjudge_course.problem import Kind

FAILED = 1

_COURSE = """\
title = {title}
time_zone = "Europe/Zurich"

[[sets]]
title = "First week"
# opens = 2031-09-15 08:00
# due = 2031-09-22 18:00
problems = ["{problem}"]
"""
_FUNCTION = """\
%% raw
---
id: {id}
title: {title}
limits:
  cpu: 1s
---
%% code
%load_ext nbjudge_course.authoring
%% markdown
# {title}

Write a function `double(number)` that returns twice the number.

```python
double(3)    # 6
```
%% code
#| starter
def double(number):
    ...
%% code
#| solution
def double(number):
    return 2 * number
%% code
#| test: the example
#| points: 1
assert double(3) == 6
%% code
#| test: less than nothing
#| points: 2
#| hidden: true
#| hint: Numbers may be negative, or have a fraction.
assert double(-2) == -4
assert double(0.5) == 1
%% code
#| wrong: squares instead, verdict: wrong_answer
def double(number):
    return number * number
"""
_PROGRAM = """\
%% raw
---
id: {id}
title: {title}
kind: program
limits:
  cpu: 1s
---
%% code
%load_ext nbjudge_course.programs
%% markdown
# {title}

Write a program that reads a number and prints twice that number. If you type `3`, it prints `6`.
%% code
#| starter
number = int(input())
...
%% code
#| solution
number = int(input())
print(2 * number)
%% code
#| test: the example
#| points: 1
check(run("3"), "6")
%% code
#| test: less than nothing
#| points: 2
#| hidden: true
#| hint: Numbers may be negative.
check(run("-2"), "-4")
%% code
#| wrong: squares instead, verdict: wrong_answer
number = int(input())
print(number * number)
"""
_TEXTS = {Kind.FUNCTION: _FUNCTION, Kind.PROGRAM: _PROGRAM}


def main(arguments: Sequence[str]) -> int:
    """Begin a course or a problem: `nbjudge new course FOLDER`, `nbjudge new problem ID`."""
    options = _parser().parse_args(arguments)
    try:
        if options.what == "course":
            made = new_course(options.folder, options.title)
            told = [str(path) for path in made]
        else:
            made = [new_problem(options.folder, options.id, options.title, Kind(options.kind))]
            told = [str(made[0]), *_entered(options.folder / COURSE_FILE, options.id)]
    except (NbjudgeError, OSError) as error:
        sys.stderr.write(f"nbjudge new: {in_words(error)}\n")
        return FAILED
    try_it = made[0] if options.what == "problem" else options.folder
    sys.stdout.write("".join(f"{line}\n" for line in [*told, "try it:"]))
    sys.stdout.write(f"    nbjudge check {try_it}\n")
    return 0


def new_course(folder: Path, title: str = "") -> list[Path]:
    """Write a course of one problem; return its files. Raises BadProblem when one is there."""
    place = folder / COURSE_FILE
    if place.exists():
        raise BadProblem(f"{place} is there already")
    problem = new_problem(folder, "double")
    written = json.dumps(title or folder.resolve().name, ensure_ascii=False)  # as TOML writes it
    text = _COURSE.format(title=written, problem="double")
    place.write_text(text, "utf-8")
    return [place, problem]


def new_problem(folder: Path, name: str, title: str = "", kind: Kind = Kind.FUNCTION) -> Path:
    """Write a problem and return its notebook. Raises BadProblem when it is there already."""
    if name != problem_id(name):
        raise BadProblem(f"{name!r} cannot be an id; {problem_id(name)!r} could")
    place = folder / f"{name}.ipynb"
    if place.exists():
        raise BadProblem(f"{place} is there already; choose another id or remove it")
    title = title or name.replace("-", " ").capitalize()
    front, text = _TEXTS[kind].replace("{id}", name).split("%% code", 1)
    text = f"{front.replace('{title}', _yaml(title))}%% code{text.replace('{title}', title)}"
    content = encoded_problem(new_notebook(_cells(text)), name)
    folder.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return place


def _yaml(title: str) -> str:
    """Return a title as YAML writes it, in quotes where they are needed."""
    dumped = yaml.safe_dump({"title": title}, allow_unicode=True, width=10**6)
    return dumped.removeprefix("title: ").rstrip("\n")


def _entered(course_file: Path, name: str) -> Iterator[str]:
    """Put a problem at the end of the course's last set; yield what is to be told of it."""
    if not course_file.is_file():
        return
    try:
        title = enter_problem(course_file, name)
    except BadProblem as error:
        yield f"write it into {course_file} yourself: {error}"
    else:
        yield f"{course_file}: it is in the set {title!r}"


def _cells(text: str) -> Iterator[Cell]:
    """Yield the cells of a text, which begin with `%% ` and their kind."""
    for part in text.removeprefix("%% ").split("\n%% "):
        kind, _, source = part.partition("\n")
        yield kind, source


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nbjudge new", description=main.__doc__)
    verbs = parser.add_subparsers(dest="what", required=True)
    course = verbs.add_parser("course", help="a folder with course.toml and a first problem")
    course.add_argument("folder", type=Path)
    problem = verbs.add_parser("problem", help="a notebook for a problem")
    problem.add_argument("id", help="lower-case letters, digits and hyphens: two-sum")
    problem.add_argument("--folder", type=Path, default=Path(), help="where; here, if not said")
    problem.add_argument("--kind", choices=[kind.value for kind in Kind], default="function")
    for verb in (course, problem):
        verb.add_argument("--title", default="")
    return parser
