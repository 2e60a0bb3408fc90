"""The browser's types are those of the contract."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[3]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "contract.py"))


def test_the_types_of_the_browser_are_fresh() -> None:
    written = (ROOT / "extension" / "src" / "contract.ts").read_text("utf-8")
    assert written == SCRIPT["typescript"](), "stale: run `make contract`"


def test_every_field_that_is_read_is_there_and_what_is_sent_may_leave_out_defaults() -> None:
    text = SCRIPT["typescript"]()
    assert "readonly verdict: Verdict | null;" in text
    assert "readonly language?: string;" in text
    assert "readonly type: 'hello';" in text
    assert "export type Frame = HelloFrame | SubmissionFrame | ProblemFrame;" in text


def test_a_statement_has_no_list_of_tests_in_the_browser_either() -> None:
    text = SCRIPT["typescript"]()
    statement = text[text.index("export interface Statement") :].split("}\n")[0]
    assert "readonly tests: number;" in statement
