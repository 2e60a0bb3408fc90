"""Authors' notebooks, good and broken: each is imported, or refused with the cell and the fix."""

import json

import pytest
from nbjudge_course.importers.command import main
from other_graders import DATA

FOLDER = DATA / "nbgrader-malformed"
ITEMS = json.loads((FOLDER / "expect.json").read_text())["items"]
OLD = {"test-v1.ipynb"}
"""nbgrader wants its schema updated first; all that it says is understood here."""
SAYS = {
    "test-no-metadata.ipynb": "cell 3, line 6: a region SOLUTION in a plain cell",
    "too-new.ipynb": "cell 1: its nbgrader metadata is of schema version 10",
    "pre-blank-points.ipynb": "cell 1: `id1` is graded, but has no points; give it a number",
    "pre-duplicate-grade-ids.ipynb": "cell 2: cell 1 has the same grade_id 'id1'; give one",
}


@pytest.mark.parametrize("name", sorted(ITEMS))
def test_a_notebook_is_imported_or_refused_as_by_nbgrader(name, tmp_path, capsys):
    out = tmp_path / "problems"
    status = main(["nbgrader", str(FOLDER / name), str(out)])

    told = capsys.readouterr()
    assert status == (0 if ITEMS[name]["released"] or name in OLD else 1)
    if status:
        assert f"nbjudge import nbgrader: {name}: {SAYS[name]}" in told.err
        assert not out.exists()
    else:
        assert told.out.startswith(name)
        assert not told.err
