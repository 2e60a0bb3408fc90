"""Publishing: what changes is shown first, and asked before past verdicts lose their ground."""

import io
import sys
from pathlib import Path

import msgspec
import pytest
from nbjudge_course import publish as module
from nbjudge_course.problem import Limits, Problem, Test, statement_of
from nbjudge_course.publish import apply, main, plan, publications_of, shown
from nbjudge_course.service_client import LiveVersion, Publication
from nbjudge_course.terms import terms_of

COURSE = """\
title = "C"
time_zone = "Europe/Zurich"
attempts = 9
[late]
accept = "2 days"
deduct = "10%"
[[sets]]
title = "S"
due = 2030-01-31T18:00:00
problems = ["double"]
"""
NOTEBOOK = """\
# ---
# id: double
# title: Twice
# ---
# %%
#| starter
def double(n): ...
# %%
#| test: four
assert double(2) == 4
"""


class FakeService:
    """A service with one instructor."""

    def __init__(self, *_):
        self.publications, self.submissions, self.sent, self.sets = {}, 0, [], None

    def live(self):
        return {
            id_: statement_of(one.problem, terms_of(one)) for id_, one in self.publications.items()
        }

    def live_version(self, problem):
        one = self.publications[problem]
        terms = msgspec.structs.asdict(terms_of(one))
        return LiveVersion(problem=one.problem, submissions=self.submissions, **terms)

    def publish_outline(self, outline):
        self.sets = outline

    def publish(self, publication):
        self.publications[publication.problem.id] = publication
        self.sent.append(publication.problem.id)
        return publication.problem.digest


@pytest.fixture
def service(monkeypatch):
    fake = FakeService()
    monkeypatch.setattr(module, "ServiceClient", lambda url, token: fake)
    return fake


@pytest.fixture
def path(tmp_path) -> Path:
    (tmp_path / "course.toml").write_text(COURSE)
    (tmp_path / "double.py").write_text(NOTEBOOK)
    return tmp_path


class Terminal(io.StringIO):
    def isatty(self):
        return True


def change(path, old, new):
    file = path / "double.py"
    file.write_text(file.read_text().replace(old, new))


def test_a_new_problem_is_sent_with_the_terms_of_its_course(service, path, capsys):
    assert main([str(path)]) == 0

    sent = service.publications["double"]
    assert (sent.attempts, sent.late_deduct, sent.time_zone) == (9, 0.1, "Europe/Zurich")
    assert sent.closes_at - sent.due_at == 2 * 86400
    assert "double: new" in capsys.readouterr().out


def test_publishing_again_sends_nothing(service, path, capsys):
    main([str(path)])
    assert main([str(path)]) == 0
    assert service.sent == ["double"]
    assert "double: unchanged" in capsys.readouterr().out


def test_a_changed_statement_needs_no_question(service, path):
    main([str(path)])
    service.submissions = 5
    change(path, "title: Twice", "title: Two times")
    assert main([str(path)]) == 0
    assert service.sent == ["double", "double"]


def test_a_change_of_past_verdicts_is_refused_without_a_terminal(
    service, path, capsys, monkeypatch
):
    main([str(path)])
    service.submissions = 5
    change(path, "== 4", "== 5")
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))

    assert main([str(path)]) == 1

    told = capsys.readouterr()
    assert "test changed: four (what it tests)" in told.out
    assert "5 submissions were graded on the live version" in told.out
    assert "--yes" in told.err
    assert service.sent == ["double"]
    assert main(["--yes", str(path)]) == 0
    assert service.sent == ["double", "double"]


@pytest.mark.parametrize(("answer", "status"), [("y\n", 0), ("\n", 1), ("", 1), ("no\n", 1)])
def test_at_a_terminal_it_asks(service, path, monkeypatch, answer, status):
    main([str(path)])
    service.submissions = 1
    change(path, "== 4", "== 5")
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    assert main([str(path)]) == status
    assert len(service.sent) == 2 - status


def test_a_dry_run_only_tells(service, path, capsys):
    assert main(["--dry-run", str(path)]) == 0
    assert service.sent == []
    assert "double: new" in capsys.readouterr().out


def test_other_times_of_the_same_version_are_sent(service, path, capsys):
    main([str(path)])
    course = path / "course.toml"
    course.write_text(course.read_text().replace("2030-01-31", "2030-02-01"))
    assert main([str(path)]) == 0
    assert (
        "due: Thursday 31 January 2030, 18:00 (Europe/Zurich) -> Friday" in capsys.readouterr().out
    )
    assert len(service.sent) == 2


def test_each_kind_of_change_is_told():
    old = Problem(
        id="a", title="A", tests=(Test(name="one", source="x"), Test(name="two", source="y"))
    )
    new = msgspec.structs.replace(
        old,
        limits=Limits(cpu_seconds=5.0),
        statement="More",
        tests=(Test(name="one", source="x", points=2.0), Test(name="new", source="z", hidden=True)),
    )
    service = FakeService()
    service.publish(Publication(problem=old))
    planned = plan([Publication(problem=new)], service)
    assert list(shown(planned))[1:] == [
        "  statement: changed",
        "  limit cpu_seconds: 2 -> 5",
        "  test removed: two",
        "  test changed: one (points 1 -> 2)",
        "  test added: new (1 points, hidden)",
        "  points: 2 -> 3",
    ]
    apply(planned, service)
    assert service.publications["a"].problem == new


def test_one_file_of_a_course_has_the_terms_of_the_course(path):
    (publication,) = publications_of(path / "double.py")
    assert publication.attempts == 9


def test_students_are_told_the_sets_of_the_course_and_when_they_are_due(service, path):
    assert main([str(path)]) == 0
    (told,) = service.sets.sets
    assert (service.sets.title, told.id, told.title, told.problems) == ("C", "s", "S", ("double",))
    assert told.due_at == service.publications["double"].due_at
    assert (told.points, told.late_deduct, told.attempts) == (None, 0.1, 9)


def test_two_sets_of_one_title_have_ids_of_their_own(service, path):
    (path / "triple.py").write_text(NOTEBOOK.replace("double", "triple"))
    more = '[[sets]]\ntitle = "S"\npoints = 20\nproblems = ["triple"]\n'
    (path / "course.toml").write_text(COURSE + more)
    assert main([str(path)]) == 0
    assert [(one.id, one.points) for one in service.sets.sets] == [("s", None), ("s-2", 20.0)]


def test_one_problem_of_a_course_tells_the_sets_too(service, path):
    assert main([str(path / "double.py")]) == 0
    assert service.sets.sets[0].problems == ("double",)


def test_a_problem_without_a_course_leaves_the_sets_alone(service, path):
    (path / "course.toml").unlink()
    assert main([str(path / "double.py")]) == 0
    assert service.sets is None
