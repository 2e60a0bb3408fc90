"""Mutants: one small change each, none that means the same, in a fixed order."""

from nbjudge_course.rehearsal.mutants import mutants

SOURCE = '''
def clamp(n: int, low: int = 0) -> int:
    """Keep it above."""
    if n < low and n != 7:
        raise ValueError("too low")
    return n + 1
'''


def test_the_usual_mistakes_are_made_one_at_a_time():
    sources = [mutant.source for mutant in mutants(SOURCE, 100)]

    for made in ("n <= low", "n < low or n != 7", "n == 7", "n - 1", "n + 2", "return None",
                 "not (n < low and n != 7)", "low: int=1"):  # fmt: skip
        assert any(made in source for source in sources), made


def test_what_only_speaks_to_people_is_left_as_it_is():
    for mutant in mutants(SOURCE, 100):
        assert "too low" in mutant.source
        assert "n: int" in mutant.source


def test_a_mutant_that_means_the_same_is_left_out():
    assert mutants('"""Only words."""\n1\n', 100) == []


def test_they_are_spread_over_the_program_when_there_are_too_many():
    few = mutants(SOURCE, 4)

    assert len(few) == 4
    assert few == mutants(SOURCE, 4)
    assert [mutant.line for mutant in few] == sorted(mutant.line for mutant in few)


def test_each_tells_its_line_and_its_difference():
    [mutant] = [m for m in mutants(SOURCE, 100) if "return None" in m.source]

    assert mutant.line == 6
    assert mutant.diff.splitlines()[-2:] == ["-    return n + 1", "+    return None"]


def test_what_is_no_python_has_none():
    assert mutants("def", 10) == []
