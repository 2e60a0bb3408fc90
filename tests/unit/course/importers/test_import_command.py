"""`nbjudge import` for a person at a keyboard: what is wrong is said, nothing is half written."""

import json

import pytest
from nbjudge_course.importers.command import main


def cell(source, kind="code", **metadata):
    made = {"cell_type": kind, "metadata": metadata, "source": source}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def graded(source, name, **said):
    about = {"schema_version": 3, "grade_id": name, "locked": True, "task": False}
    about |= {"grade": False, "solution": False} | said
    return cell(source, nbgrader=about)


def answer(source="def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION"):
    return graded(source, "f", solution=True, locked=False)


def test(source, name="test-f", points=1):
    return graded(source, name, grade=True, points=points)


test.__test__ = False


@pytest.fixture
def notebook(tmp_path):
    def write(*cells, name="ps.ipynb"):
        path = tmp_path / name
        content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        path.write_text(json.dumps(content))
        return str(path)

    return write


def test_without_a_format_the_formats_are_told(capsys):
    assert main([]) == 0

    told = capsys.readouterr().out
    assert "nbgrader" in told
    assert "otter" in told


def test_an_unknown_format_is_refused(capsys):
    assert main(["moodle", "x"]) == 2
    assert "there is no format 'moodle'" in capsys.readouterr().err


@pytest.mark.parametrize("format_", ["nbgrader", "otter"])
@pytest.mark.parametrize(
    ("content", "said"),
    [("{", "its JSON is damaged"), ("[]", "no notebook"), ('{"nbformat": 3}', "format 3")],
)
def test_a_damaged_notebook_is_refused(format_, content, said, tmp_path, capsys):
    path = tmp_path / "bad.ipynb"
    path.write_text(content)

    assert main([format_, str(path), str(tmp_path / "out")]) == 1

    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("format_", ["nbgrader", "otter"])
def test_a_path_that_is_not_there_is_told(format_, tmp_path, capsys):
    assert main([format_, str(tmp_path / "gone"), str(tmp_path / "out")]) == 1
    assert "there is no such notebook or folder" in capsys.readouterr().err


def test_a_problem_that_is_there_is_not_replaced_unasked(notebook, tmp_path, capsys):
    out = tmp_path / "out"
    main(["nbgrader", notebook(answer(), test("assert f() == 1")), str(out)])
    changed = notebook(answer(), test("assert f() == 2"))

    assert main(["nbgrader", changed, str(out)]) == 1
    assert "is there already; take another folder, or say --force" in capsys.readouterr().err
    assert main(["nbgrader", changed, str(out), "--force"]) == 0


def test_an_autotest_names_what_to_do(notebook, tmp_path, capsys):
    path = notebook(answer(), test("### HASHED AUTOTEST f()", "auto"), test("assert f()", "plain"))

    assert main(["nbgrader", path, str(tmp_path / "out")]) == 0
    assert "cell 2: the test `auto` (1 points) has AUTOTEST lines" in capsys.readouterr().out


def test_a_partial_score_is_told(notebook, tmp_path, capsys):
    main(["nbgrader", notebook(answer(), test("f() / 2")), str(tmp_path / "out")])

    assert "cell 2: when the last line of `test-f` is a number" in capsys.readouterr().out


def test_a_region_without_an_end_is_refused_with_its_cell(notebook, tmp_path, capsys):
    path = notebook(answer("### BEGIN SOLUTION\nx = 1"), test("assert x"))

    assert main(["nbgrader", path, str(tmp_path / "out")]) == 1
    assert "ps.ipynb: cell 1: BEGIN SOLUTION has no END SOLUTION" in capsys.readouterr().err


def raw(text):
    return cell(text, "raw")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([raw("# BEGIN QUESTION\nname: q1")], "cell 1: BEGIN QUESTION of question q1 has no end"),
        ([raw("# BEGIN QUESTION"), raw("# END QUESTION")], "cell 1: the question has no name"),
        ([raw("# BEGIN TESTS")], "cell 1: `# BEGIN TESTS` stands outside of a question"),
        ([raw("# BEGIN QUESTOIN\nname: q1")], "did you mean `# BEGIN QUESTION`?"),
        ([raw("# ASSIGNMENT CONFIG\nname: [")], "cell 1, line 2: this is no YAML"),
        ([raw("# END QUESTION")], "cell 1: `# END QUESTION` has no `# BEGIN QUESTION`"),
    ],
)
def test_sections_that_do_not_fit_are_told_with_their_cell(cells, said, notebook, tmp_path, capsys):
    assert main(["otter", notebook(*cells), str(tmp_path / "out")]) == 1
    assert said in capsys.readouterr().err


def test_a_test_that_cannot_be_translated_is_listed(notebook, tmp_path, capsys):
    path = notebook(
        raw("# BEGIN QUESTION\nname: q1"),
        cell("x = 1 # SOLUTION"),
        raw("# BEGIN TESTS"),
        cell("x == 1"),
        cell("assert x == 1"),
        raw("# END TESTS"),
        raw("# END QUESTION"),
    )

    assert main(["otter", path, str(tmp_path / "out")]) == 0
    assert "cell 4: test 1 of q1 is left out: it has no saved output" in capsys.readouterr().out


def test_all_or_nothing_is_one_test_with_all_points(notebook, tmp_path):
    path = notebook(
        raw("# BEGIN QUESTION\nname: q1\npoints: 3\nall_or_nothing: true"),
        cell("x = 1 # SOLUTION"),
        raw("# BEGIN TESTS"),
        cell("assert x == 1"),
        cell("# HIDDEN\nassert x < 2"),
        raw("# END TESTS"),
        raw("# END QUESTION"),
    )
    main(["otter", path, str(tmp_path / "out")])

    from nbjudge_course.notebook import read_problem

    tests = read_problem(tmp_path / "out" / "ps.ipynb").problem.tests
    assert [(t.name, t.points, t.hidden) for t in tests] == [
        ("q1 (1 of 2)", 0, False),
        ("q1 (all or nothing)", 3, True),
    ]
