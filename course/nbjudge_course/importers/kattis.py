"""Problem packages of Kattis and the ICPC: problem.yaml, data, submissions, output validators.

The format is that of https://icpc.io/problem-package-format, in its legacy version and that of
2025-09. Sample data become public tests, secret data hidden ones.
"""

import argparse
import base64
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from nbjudge_course.errors import BadProblem, NbjudgeError
from nbjudge_course.importers.assignment import Note
from nbjudge_course.languages import ENDINGS, LANGUAGES
from nbjudge_course.notebook_file import encoded_problem, new_notebook, problem_id
from nbjudge_course.options import comment_mark

FAILED, BAD_USAGE = 1, 2
DEFAULT_SECONDS = 2.0
_VERDICTS = {
    "wrong_answer": "wrong_answer",
    "time_limit_exceeded": "time_limit_exceeded",
    "run_time_error": "runtime_error",
}
_SHORT_BYTES = 2000
_MAX_CASE_BYTES = 8 * 1024 * 1024
_NAMES = {"python": "python", "python3": "python", "cpp": "cpp", "c++": "cpp"}


@dataclass
class Package:
    """A problem package, read."""

    folder: Path
    about: Mapping[str, Any]
    notes: list[Note] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The name, in English when there are several."""
        name = self.about.get("name") or self.folder.name
        if isinstance(name, Mapping):
            name = name.get("en") or next(iter(name.values()), self.folder.name)
        return str(name)

    def note(self, message: str) -> None:
        """Tell the author something."""
        self.notes.append(Note(message))


def main(arguments: Sequence[str]) -> int:
    """Make a problem of a Kattis or ICPC problem package: `nbjudge import kattis FOLDER OUT`."""
    parser = argparse.ArgumentParser(prog="nbjudge import kattis", description=main.__doc__)
    parser.add_argument("package", type=Path, help="the folder that holds problem.yaml")
    parser.add_argument("out", type=Path, help="the folder that the problem is written to")
    options = parser.parse_args(arguments)
    try:
        package = read_package(options.package)
        content = encoded(package)
        place = options.out / f"{_id(package)}.ipynb"
        if place.exists():
            raise BadProblem(f"{place} is there already; remove it or choose another folder")
        options.out.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    except (NbjudgeError, OSError) as error:
        sys.stderr.write(f"nbjudge import kattis: {error}\n")
        return FAILED
    sys.stdout.write(f"{place}\n" + "".join(f"  {note}\n" for note in package.notes))
    return 0


def read_package(folder: Path) -> Package:
    """Read problem.yaml. Raises BadProblem that says what is wrong with it."""
    path = folder / "problem.yaml"
    try:
        about = yaml.safe_load(path.read_text("utf-8")) or {}
    except FileNotFoundError:
        raise BadProblem(f"{folder} has no problem.yaml, so it is no problem package") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadProblem(f"{path} cannot be read: {error}") from error
    if not isinstance(about, dict):
        raise BadProblem(f"{path} must be a mapping such as `name: Hello`")
    return Package(folder, about)


def encoded(package: Package) -> bytes:
    """Return the problem notebook's file, after it was read as `nbjudge publish` reads it.

    Raises BadProblem when the package is of a kind that cannot be translated.
    """
    return encoded_problem(problem_notebook(package), _id(package))


def problem_notebook(package: Package) -> dict[str, Any]:
    """Return the problem notebook, of format 4.5, and fill the package's notes."""
    sources = list(_sources(package))
    tests = list(_tests(package))
    if not tests:
        raise BadProblem(f"{package.folder} has no data/sample or data/secret with .in files")
    front = yaml.safe_dump(_front(package), sort_keys=False, allow_unicode=True)
    cells = [
        ("raw", f"---\n{front}---"),
        ("code", "%load_ext nbjudge_course.programs"),
        ("markdown", _statement(package)),
        *(("code", source) for source in sources),
        ("code", f"#| setup\n{_setup(package)}"),
        *(("code", test) for test in tests),
    ]
    for folder in ("input_validators", "input_format_validators", "generators", "graders"):
        if (package.folder / folder).exists():
            package.note(f"{folder} is not taken along: tests need no such program")
    return new_notebook(cells)


# ---- What the problem is


def _id(package: Package) -> str:
    return problem_id(package.folder.resolve().name)


def _front(package: Package) -> dict[str, Any]:
    limits = package.about.get("limits") or {}
    for name in _names(package):
        if name not in LANGUAGES:
            package.note(f"the language {name} is not offered here")
    seconds = _seconds(package, limits)
    memory = limits.get("memory", 2048)
    return {
        "id": _id(package),
        "title": package.title,
        "kind": "program",
        "languages": _languages(package),
        "limits": {
            "cpu": f"{seconds:g}s",
            "wall": f"{3 * seconds + 1:g}s",
            "memory": f"{memory}MiB",
            "output": f"{limits.get('output', 8)}MiB",
        },
    }


def _seconds(package: Package, limits: Mapping[str, Any]) -> float:
    said = limits.get("time_limit")
    file = package.folder / ".timelimit"
    if said is None and file.exists():
        said = file.read_text("utf-8").strip()
    if said is None:
        package.note(f"it names no time limit, so {DEFAULT_SECONDS:g} s of CPU time are taken")
        return DEFAULT_SECONDS
    return float(said)


def _languages(package: Package) -> list[str]:
    """Return the languages that are offered here among those that it names."""
    return [name for name in _names(package) if name in LANGUAGES] or list(LANGUAGES)


def _names(package: Package) -> list[str]:
    """Return the languages that the package names, as they are called here."""
    said = package.about.get("languages", "all")
    words = said if isinstance(said, list) else str(said).split()
    if "all" in words:
        return list(LANGUAGES)
    return list(dict.fromkeys(_NAMES.get(str(word), str(word)) for word in words))


def _statement(package: Package) -> str:
    title = f"# {package.title}"
    for folder in ("statement", "problem_statement"):
        for name in ("problem.en.md", "problem.md"):
            path = package.folder / folder / name
            if path.exists():
                text = path.read_text("utf-8").strip()
                return text if text.startswith("#") else f"{title}\n\n{text}"
        for name in ("problem.en.tex", "problem.tex"):
            path = package.folder / folder / name
            if path.exists():
                package.note("the statement is LaTeX; please write it as Markdown")
                return f"{title}\n\n```latex\n{path.read_text('utf-8').strip()}\n```"
    package.note("it has no statement in English")
    return title


# ---- What it is tested with


def _tests(package: Package) -> Iterator[str]:
    for path in sorted((package.folder / "data").rglob("*.in")):
        answer = path.with_suffix(".ans")
        name = path.relative_to(package.folder / "data").with_suffix("").as_posix()
        if not answer.exists():
            package.note(f"{name} has no answer file, so it is no test")
            continue
        if path.stat().st_size + answer.stat().st_size > _MAX_CASE_BYTES:
            package.note(f"{name} is larger than {_MAX_CASE_BYTES // 2**20} MiB, so it is no test")
            continue
        is_hidden = not name.startswith("sample/")
        head = [f"#| test: {name}", *(["#| hidden: true"] if is_hidden else [])]
        hint = path.with_suffix(".hint")
        if hint.exists():
            head.append(f"#| hint: {' '.join(hint.read_text('utf-8').split())}")
        data, right = (_literal(file.read_text("utf-8")) for file in (path, answer))
        yield "\n".join([*head, f"data = {data}", f"right(run(data), data, {right})"])


def _literal(text: str) -> str:
    if len(text) <= _SHORT_BYTES:
        return repr(text)
    packed = base64.b85encode(zlib.compress(text.encode(), 9)).decode("ascii")
    return f"unpacked({packed!r})"


_UNPACKED = '''\
import base64
import zlib


def unpacked(text):
    """Return a long text that is kept short here."""
    return zlib.decompress(base64.b85decode(text)).decode()


'''
_BY_WORDS = """\
def right(ended, data, answer):
    check(ended, answer, {checker})
"""


def _setup(package: Package) -> str:
    return _UNPACKED + (_by_validator(package) or _BY_WORDS.format(checker=_checker(package)))


def _checker(package: Package) -> str:
    """Return the checker that does what the default validator does with its flags."""
    flags = str(package.about.get("validator_flags") or "").split()
    tolerances = [
        flags[place + 1]
        for place, flag in enumerate(flags[:-1])
        if flag in ("float_tolerance", "float_relative_tolerance", "float_absolute_tolerance")
    ]
    if "space_change_sensitive" in flags:
        return "exact"
    if tolerances:
        return f"floats({max(tolerances, key=float)})"
    return "tokens" if "case_sensitive" in flags else "lambda text: text.lower().split()"


def _by_validator(package: Package) -> str:
    """Return the setup of a package with an output validator of its own; else an empty text."""
    kind = f"{package.about.get('validation', '')} {package.about.get('type', '')}"
    if "interactive" in kind or "multi-pass" in kind:
        raise BadProblem(
            f"{package.folder.name} is interactive: its validator talks with the program. Write "
            "such a problem with `talk()`, see the page about program problems"
        )
    places = [package.folder / name for name in ("output_validator", "output_validators")]
    files = [
        p for place in places if place.is_dir() for p in sorted(place.rglob("*")) if p.is_file()
    ]
    mains = [file for file in files if ENDINGS.get(file.suffix.lower()) in ("python", "c", "cpp")]
    if not mains:
        return ""
    if len(mains) > 1:
        package.note(f"of several output validators {mains[0].name} is taken")
    language = LANGUAGES[ENDINGS[mains[0].suffix.lower()]]
    compile_command = [mains[0].name if w == language.file else w for w in language.compile]
    run_command = [mains[0].name if w == language.file else w for w in language.run]
    kept = {
        f.name: f.read_text("utf-8") for f in files if f == mains[0] or f.suffix in (".h", ".hpp")
    }
    flags = str(package.about.get("validator_flags") or "").split()
    told = "".join(f", {flag!r}" for flag in flags)
    return (
        f"validator = OutputValidator(\n    {kept!r},\n    run={run_command!r},\n"
        f"    compile={compile_command!r},\n)\n\n\n"
        f"def right(ended, data, answer):\n    validator(ended, data, answer{told})\n"
    )


# ---- What it is solved with


def _sources(package: Package) -> Iterator[str]:
    """Yield the cells of solutions and of wrong programs."""
    solved: set[str] = set()
    for path in _programs(package, "accepted"):
        language = ENDINGS[path.suffix.lower()]
        if language in solved:
            package.note(f"{path.name} is one more accepted program in {language}; left out")
            continue
        solved.add(language)
        yield _source("solution", language, path)
    if not solved:
        package.note("it has no accepted program, so nothing shows that it can be solved")
    for kind, verdict in _VERDICTS.items():
        for path in _programs(package, kind):
            head = f"wrong: {path.stem}, verdict: {verdict}"
            yield _source(head, ENDINGS[path.suffix.lower()], path)


def _programs(package: Package, kind: str) -> Iterator[Path]:
    folder = package.folder / "submissions" / kind
    offered = _languages(package)
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir():
            package.note(f"submissions/{kind}/{path.name} is a folder of several files; left out")
        elif ENDINGS.get(path.suffix.lower()) in offered:
            yield path
        elif not path.name.startswith("."):
            package.note(f"submissions/{kind}/{path.name} is in no language of the problem")


def _source(role: str, language: str, path: Path) -> str:
    mark = comment_mark(language)
    head = f"{mark}| {role}\n{mark}| language: {language}\n"
    return head + path.read_text("utf-8")
