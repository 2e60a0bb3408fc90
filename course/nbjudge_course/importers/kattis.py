"""Problem packages of Kattis and the ICPC: problem.yaml, data, submissions, output validators.

The format is that of https://icpc.io/problem-package-format, in its legacy version and that of
2025-09. Sample data become public tests, secret data hidden ones.
"""

import argparse
import base64
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from nbjudge_course.errors import BadProblem, NbjudgeError, in_words
from nbjudge_course.importers.kattis_package import Package, read_package
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


def main(arguments: Sequence[str]) -> int:
    """Make a problem of a Kattis or ICPC problem package: `nbjudge import kattis FOLDER OUT`."""
    parser = argparse.ArgumentParser(prog="nbjudge import kattis", description=main.__doc__)
    parser.add_argument("package", type=Path, help="the folder that holds problem.yaml")
    parser.add_argument("out", type=Path, help="the folder that the problem is written to")
    parser.add_argument("--force", action="store_true", help="replace the problem that is there")
    options = parser.parse_args(arguments)
    try:
        package = read_package(options.package)
        content = encoded(package)
        place = options.out / f"{_id(package)}.ipynb"
        if place.exists() and not options.force:
            raise BadProblem(f"{place} is there already; say --force to replace it")
        options.out.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    except (NbjudgeError, OSError) as error:
        sys.stderr.write(f"nbjudge import kattis: {in_words(error)}\n")
        return FAILED
    sys.stdout.write(f"{place}\n" + "".join(f"  {note}\n" for note in package.notes))
    return 0


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
    _note_what_is_left(package)
    return new_notebook(cells)


def _note_what_is_left(package: Package) -> None:
    """Name what the package has and the problem has not."""
    for folder in ("input_validators", "input_format_validators", "generators", "graders"):
        if (package.folder / folder).exists():
            package.note(f"{folder} is not taken along: tests need no such program")
    for folder in ("include", "attachments"):
        if (package.folder / folder).exists():
            package.note(f"{folder} is not taken along: what students need, give them in the text")
    if "scoring" in str(package.about.get("type", "")):
        package.note("its scoring is not taken along: each test is worth one point")
    submissions = package.folder / "submissions"
    for kind in sorted(submissions.iterdir()) if submissions.is_dir() else ():
        if kind.is_dir() and kind.name not in {"accepted", *_VERDICTS}:
            package.note(f"submissions/{kind.name} has no verdict of its own here; left out")


# ---- What the problem is


def _id(package: Package) -> str:
    return problem_id(package.folder.resolve().name)


def _front(package: Package) -> dict[str, Any]:
    limits = package.about.get("limits") or {}
    for name in _names(package):
        if name not in LANGUAGES:
            package.note(f"the language {name} is not offered here")
    seconds = _seconds(package, limits)
    memory, output = (_number(limits, *of) for of in (("memory", 2048), ("output", 8)))
    return {
        "id": _id(package),
        "title": package.title,
        "kind": "program",
        "languages": _languages(package),
        "limits": {
            "cpu": f"{seconds:g}s",
            "wall": f"{3 * seconds + 1:g}s",
            "memory": f"{memory:g}MiB",
            "output": f"{output:g}MiB",
        },
    }


def _seconds(package: Package, limits: Mapping[str, Any]) -> float:
    file = package.folder / ".timelimit"
    if "time_limit" not in limits and file.exists():
        limits = {"time_limit": (package.text(file) or "").strip()}
    if "time_limit" not in limits:
        package.note(f"it names no time limit, so {DEFAULT_SECONDS:g} s of CPU time are taken")
    return _number(limits, "time_limit", DEFAULT_SECONDS)


def _number(limits: Mapping[str, Any], name: str, default: float) -> float:
    said = limits.get(name, default)
    try:
        number = float(said)
    except (TypeError, ValueError):
        number = 0.0
    if not 0 < number < float("inf"):
        raise BadProblem(f"its limit `{name}: {said}` is no number above 0")
    return number


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
                text = (package.text(path) or "").strip()
                return text if text.startswith("#") else f"{title}\n\n{text}"
        for name in ("problem.en.tex", "problem.tex"):
            path = package.folder / folder / name
            if path.exists():
                package.note("the statement is LaTeX; please write it as Markdown")
                return f"{title}\n\n```latex\n{(package.text(path) or '').strip()}\n```"
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
        data, right = package.text(path), package.text(answer)
        if data is None or right is None:
            continue
        is_hidden = not name.startswith("sample/")
        head = [f"#| test: {name}", *(["#| hidden: true"] if is_hidden else [])]
        hint = path.with_suffix(".hint")
        said = " ".join((package.text(hint) or "").split()) if hint.exists() else ""
        head += [f"#| hint: {said}"] if said else []
        tried = f"right(run(data), data, {_literal(right)})"
        yield "\n".join([*head, f"data = {_literal(data)}", tried])


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
        if files:
            package.note(
                f"its output validator, {files[0].name}, is in no language that checks here; "
                "answers are compared word by word instead: write `right` in the setup cell"
            )
        return ""
    if len(mains) > 1:
        package.note(f"of several output validators {mains[0].name} is taken")
    language = LANGUAGES[ENDINGS[mains[0].suffix.lower()]]
    compile_command = [mains[0].name if w == language.file else w for w in language.compile]
    run_command = [mains[0].name if w == language.file else w for w in language.run]
    kept = {
        f.name: package.text(f) or "" for f in files if f == mains[0] or f.suffix in (".h", ".hpp")
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
        source = package.text(path)
        if source is not None:
            solved.add(language)
            yield _source("solution", language, source)
    if not solved:
        package.note("it has no accepted program, so nothing shows that it can be solved")
    for kind, verdict in _VERDICTS.items():
        for path in _programs(package, kind):
            head = f"wrong: {path.stem}, verdict: {verdict}"
            source = package.text(path)
            if source is not None:
                yield _source(head, ENDINGS[path.suffix.lower()], source)


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


def _source(role: str, language: str, source: str) -> str:
    mark = comment_mark(language)
    return f"{mark}| {role}\n{mark}| language: {language}\n{source}"
