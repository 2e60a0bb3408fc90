"""The documents say what the code does: every verb, setting, verdict and link."""

import re
import subprocess
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from nbjudge_course.languages import LANGUAGES
from nbjudge_course.verdict import Status
from nbjudge_grader_service import openapi
from nbjudge_grader_service.metrics import Metrics
from nbjudge_grader_service.settings import Settings as ServiceSettings
from nbjudge_worker.examiner.tools import Tools
from nbjudge_worker.settings import Settings as WorkerSettings

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
PRODUCT = ["course", "extension/nbjudge", "grader_service", "worker"]
SETTING = re.compile(r"\bNBJUDGE_[A-Z_]+[A-Z]\b")


def pages() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "*.md"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return [ROOT / name for name in sorted(listed.split("\0")) if name]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("verb", sorted(entry_points(group="nbjudge.commands").names))
def test_every_verb_is_described_in_its_own_words(verb):
    (point,) = entry_points(group="nbjudge.commands", name=verb)
    summary = (point.load().__doc__ or "").partition("\n")[0]

    page = (REFERENCE / "commands.md").read_text("utf-8")

    assert summary, f"{verb} has no help"
    assert f"## `nbjudge {verb}`\n\n{summary}" in page


def test_the_commands_page_describes_no_verb_that_is_gone():
    page = (REFERENCE / "commands.md").read_text("utf-8")

    described = set(re.findall(r"^## `nbjudge ([\w-]+)`", page, re.MULTILINE))
    assert described == set(entry_points(group="nbjudge.commands").names)


def test_the_settings_page_has_each_setting_that_the_code_reads_and_no_other():
    sources = [path for part in PRODUCT for path in (ROOT / part).rglob("*.py")]
    read = {name for path in sources for name in SETTING.findall(path.read_text("utf-8"))}

    page = (REFERENCE / "settings.md").read_text("utf-8")

    assert set(re.findall(r"^\| `(NBJUDGE_[A-Z_]+)`", page, re.MULTILINE)) == read


@pytest.mark.parametrize("settings", [ServiceSettings, WorkerSettings])
def test_a_setting_with_the_value_that_the_page_calls_its_default_changes_nothing(settings):
    page = (REFERENCE / "settings.md").read_text("utf-8")
    rows = re.findall(r"^\| `(NBJUDGE_\w+)` \|.*\| `?([^|`,]+?)`?(?:,.*)? \|$", page, re.MULTILINE)
    defaults = {name: value for name, value in rows if value not in {"none", "made up"}}

    named = {"NBJUDGE_WORKER_NAME": "one"}
    plain = settings.from_environment(named)

    assert len(defaults) > 10
    assert settings.from_environment({**named, **defaults}) == plain


def test_the_http_page_has_each_path_that_the_service_describes_and_no_other():
    page = (REFERENCE / "http-api.md").read_text("utf-8")
    listed = re.findall(r"^\| `([A-Z]+) (/[^`?]*)[^`]*`", page, re.MULTILINE)

    described = {
        (method.upper(), re.sub(r"\{\w+\}", "ID", path))
        for path, methods in openapi.document()["paths"].items()
        for method in set(methods) - {"parameters"}
    }
    not_in_it = {("GET", "/api/live"), ("GET", "/api/openapi.json")}
    assert set(listed) == described | not_in_it


def test_the_metrics_page_has_each_metric_in_its_own_words_and_no_other():
    page = (REFERENCE / "metrics.md").read_text("utf-8")
    listed = re.findall(r"^\| `(\w+)` \| (\w+) \|.*\| (.+) \|$", page, re.MULTILINE)

    suffixes = {"counter": "_total", "info": "_info"}
    exported = {
        (f"{one.name}{suffixes.get(one.type, '')}", one.type, one.documentation)
        for one in Metrics().families()
        if one.name.startswith("nbjudge_")
    }
    assert set(listed) == exported


def test_the_verdicts_page_has_each_status_and_no_other():
    page = (REFERENCE / "verdicts.md").read_text("utf-8")

    assert re.findall(r"^\| `(\w+)`", page, re.MULTILINE) == [status.value for status in Status]


@pytest.mark.parametrize("page", pages(), ids=name)
def test_every_link_within_the_repository_leads_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    targets += re.findall(r"(?:src|srcset)=\"([^\"]+)\"", text)
    local = [target for target in targets if "://" not in target and not target.startswith("#")]

    assert [link for link in local if not (page.parent / link.partition("#")[0]).exists()] == []


def test_the_index_of_the_documents_leads_to_every_page():
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    records = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    written = [page for page in (ROOT / "docs").rglob("*.md") if page.name != "README.md"]

    assert len(written) > 30
    assert [name(page) for page in written if f"{page.name})" not in index + records] == []


def test_the_page_of_programs_has_every_language_as_the_table_has_it():
    page = (REFERENCE / "programs.md").read_text("utf-8")
    for language in LANGUAGES.values():
        row = next(line for line in page.splitlines() if line.startswith(f"| `{language.name}` |"))
        assert f"`{language.file}`" in row
        if language.name != "python":
            assert f"`{' '.join(language.compile)}`" in row
            assert f"`{' '.join(language.run)}`" in row
            assert f"| {language.packages} |" in row


def test_the_page_of_programs_has_every_name_that_a_test_finds():
    page = (REFERENCE / "programs.md").read_text("utf-8")
    of_functions = {"stdout", "feed", "seed"}
    for name in set(Tools(lambda _: None).names(of_programs=True)) - of_functions:
        assert re.search(rf"`{name}\b", page), name
