"""Programs in an author's own Jupyter: run, talk and the checkers, as the judge has them."""

from pathlib import Path

import pytest
from nbjudge_course.cells import NotebookCell
from nbjudge_course.errors import NbjudgeError
from nbjudge_course.faults import Faults
from nbjudge_course.options import read_role
from nbjudge_course.programs import Programs

ADDS = {
    "python": "#| solution\nprint(sum(map(int, input().split())))",
    "c": '//| solution\n//| language: c\n#include <stdio.h>\n'
    'int main() { int a, b; scanf("%d%d", &a, &b); printf("%d\\n", a + b); }',
    "go": '//| solution\n//| language: go\npackage main\nimport "fmt"\n'
    "func main() { var a, b int; fmt.Scan(&a, &b); fmt.Println(a + b) }",
    "bash": "#| solution\n#| language: bash\nread -r a b; echo $((a + b))",
}  # fmt: skip


def kept(source: str) -> Programs:
    programs = Programs()
    cell = read_role(NotebookCell(1, "code", source), Faults(Path("x.ipynb")))
    assert cell is not None
    assert programs.keep(cell)
    return programs


@pytest.mark.parametrize("language", ADDS)
def test_a_solution_runs_in_its_language(language):
    ended = kept(ADDS[language]).run("3 4\n")

    assert (ended.stdout, ended.exit_code) == ("7\n", 0)


def test_a_test_talks_with_the_solution_line_by_line():
    programs = kept("#| solution\nwhile True:\n    print(2 * int(input()), flush=True)")

    with programs.talk() as program:
        program.write("3\n")
        assert program.readline() == "6\n"
        program.write("6\n")
        assert program.readline() == "12\n"

    assert program.ended.stdout == "6\n12\n"
    assert program.ended.exit_code == 1


def test_a_test_that_fails_ends_the_conversation():
    programs = kept("#| solution\ninput()")

    with pytest.raises(AssertionError, match="not this"), programs.talk():
        raise AssertionError("not this")


def test_what_does_not_compile_is_said_with_the_compilers_message():
    with pytest.raises(NbjudgeError, match="does not compile") as caught:
        kept("//| solution\n//| language: c\nint main( {}").run()
    assert "main.c:1" in str(caught.value)


def test_the_solution_cell_must_have_run_first():
    with pytest.raises(NbjudgeError, match="cell first, it is the program"):
        Programs().run()
    with pytest.raises(NbjudgeError, match="cell first, it is the program"):
        Programs().talk()


def test_an_unknown_language_is_told_with_those_that_are_known():
    with pytest.raises(NbjudgeError, match="cobol is no language of programs: python, c"):
        kept("#| solution\n#| language: cobol\nx").run()
