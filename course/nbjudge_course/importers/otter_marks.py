"""What Otter Assign writes into an author's code: solutions, prompts and their marks."""

import re

_BEGIN = re.compile(r"^(?P<indent>\s*)# BEGIN SOLUTION(?P<silent> NO PROMPT)?\s*$")
_END = re.compile(r"^\s*# END SOLUTION\s*$")
_LINE = re.compile(r"#\s*SOLUTION(?P<silent> NO PROMPT)?\s*$")
_SEED = re.compile(r"#\s*SEED\s*$")
_PROMPT_BEGIN = re.compile(r'^\s*("""|\'\'\')\s*# BEGIN PROMPT\s*$')
_PROMPT_END = re.compile(r'^\s*("""|\'\'\')\s*;?\s*# END PROMPT\s*$')
_ASSIGNMENT = re.compile(r"^(?P<indent>\s*)(?P<target>[^=#\n]*[^=!<>+\-*/%#\n\s])\s*=(?!=)")
_NOTEBOOK_LINE = re.compile(r"^\s*(import otter\b|from otter\b|grader\s*=\s*otter\.|grader\.)")
_CHECK = re.compile(r"""^\s*grader\.check\(\s*["'](?P<name>[^"']+)["']""")


def starter_of(source: str) -> str:
    """Return what students get of an answer."""
    lines: list[str] = []
    inside = False
    for line in source.split("\n"):
        begin = _BEGIN.match(line)
        if begin:
            inside = True
            if not begin["silent"]:
                lines.append(f"{begin['indent']}...")
        elif _END.match(line):
            inside = False
        elif not inside:
            lines += _starter_line(line)
    return "\n".join(lines)


def solution_of(source: str) -> str:
    """Return the author's answer, without what only students get."""
    lines: list[str] = []
    prompt = False
    for line in source.split("\n"):
        if _PROMPT_BEGIN.match(line):
            prompt = True
        elif prompt:
            prompt = not _PROMPT_END.match(line)
        elif not (_BEGIN.match(line) or _END.match(line)):
            lines.append(line)
    return "\n".join(lines)


def is_answer(source: str) -> bool:
    """Return whether a cell has marks of a solution in it."""
    return any(_BEGIN.match(line) or _LINE.search(line) for line in source.split("\n"))


def check_of(source: str) -> str | None:
    """Return the question whose tests a student's cell runs, None when it runs none."""
    found = (_CHECK.match(line) for line in source.split("\n"))
    return next((match["name"] for match in found if match), None)


def without_otter(source: str) -> str:
    """Return a student's cell without the lines that speak with Otter."""
    return "\n".join(line for line in source.split("\n") if not _NOTEBOOK_LINE.match(line))


def with_seed(source: str, variable: str, value: object) -> str:
    """Return the cell with another value of the variable that seeds random numbers."""
    pattern = re.compile(rf"^(\s*){re.escape(variable)}\s*=(?!=).*$", re.MULTILINE)
    return pattern.sub(lambda match: f"{match[1]}{variable} = {value!r}", source)


def _starter_line(line: str) -> list[str]:
    if _PROMPT_BEGIN.match(line) or _PROMPT_END.match(line) or _SEED.search(line):
        return []
    mark = _LINE.search(line)
    if mark is None:
        return [line]
    if mark["silent"]:
        return []
    assignment = _ASSIGNMENT.match(line)
    if assignment:
        return [f"{assignment['indent']}{assignment['target']} = ..."]
    return [line[: len(line) - len(line.lstrip())] + "..."]
