"""`nbjudge check`: rehearse problems before students meet them, and tell how strong tests are."""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn
from xml.etree import ElementTree

import msgspec

from nbjudge_course.course_file import COURSE_FILE, ENDINGS, notebook_of, read_course
from nbjudge_course.errors import NbjudgeError, in_words
from nbjudge_course.rehearsal import Rehearsal, rehearse
from nbjudge_course.rehearsal.report import Finding
from nbjudge_course.rehearsal.stage import Stage, open_stage

FAILED, BAD_USAGE = 1, 2
_LOOK_SECONDS = 0.5


def main(arguments: Sequence[str]) -> int:
    """Rehearse problems: run them, grade their solutions and wrong cells, try the tests."""
    options = _parser().parse_args(arguments)
    try:
        notebooks = list(_notebooks(options.paths or [Path()]))
        with open_stage(options.sandbox, options.jobs) as stage:
            seen = _saved_at(notebooks)
            rehearsals = _rehearsed(notebooks, stage, options)
            if options.junit is not None:
                options.junit.write_bytes(_junit(rehearsals))
            if options.watch:
                _watch(notebooks, seen, stage, options)
    except (NbjudgeError, OSError) as error:
        sys.stderr.write(f"nbjudge check: {in_words(error)}\n")
        return BAD_USAGE
    except KeyboardInterrupt:
        return 130
    return 0 if all(rehearsal.passed for rehearsal in rehearsals) else FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nbjudge check", description=main.__doc__)
    parser.add_argument("paths", nargs="*", type=Path, help="notebooks or folders of a course")
    parser.add_argument("--json", action="store_true", help="one line of JSON for each problem")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write a JUnit report as well")
    parser.add_argument("--watch", action="store_true", help="rehearse again whatever is saved")
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help="so many at once")
    parser.add_argument(
        "--strength",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="the share of wrong programs that tests must reject, such as 0.8",
    )
    parser.add_argument(
        "--mutants",
        type=int,
        default=40,
        metavar="N",
        help="make at most so many wrong programs of a solution; 0 for none",
    )
    parser.add_argument("--no-kernel", action="store_true", help="do not run the notebooks")
    parser.add_argument("--sandbox", default="auto", help="the engine, as in `nbjudge doctor`")
    return parser


def _notebooks(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the problems: files as they are, of a folder those of its course file or all."""
    for path in paths:
        if path.is_file():
            yield path
        elif (path / COURSE_FILE).exists():
            course = read_course(path)
            yield from (notebook_of(path, name) for s in course.sets for name in s.problems)
        elif path.is_dir():
            found = sorted(file for file in path.iterdir() if file.suffix == ENDINGS[0])
            if not found:
                raise NbjudgeError(f"{path} holds no course.toml and no notebook")
            yield from found
        else:
            raise NbjudgeError(f"there is no {path}")


def _rehearsed(
    notebooks: Sequence[Path], stage: Stage, options: argparse.Namespace
) -> list[Rehearsal]:
    """Rehearse them side by side and tell each as soon as it and those before it are done."""
    run_all = None if options.no_kernel else stage.run_all

    def one(path: Path) -> Rehearsal:
        done = rehearse(path, stage.grade, run_all, most_mutants=options.mutants)
        return _strong_enough(done, options.strength)

    began, rehearsals = time.monotonic(), list[Rehearsal]()
    _progress(0, len(notebooks), options)
    with ThreadPoolExecutor(max(1, min(len(notebooks), 4))) as several:
        for number, done in enumerate(several.map(one, notebooks), 1):
            rehearsals.append(done)
            _progress(None, len(notebooks), options)
            sys.stdout.write(_json(done) if options.json else _text(done))
            sys.stdout.flush()
            _progress(number, len(notebooks), options)
    _progress(None, len(notebooks), options)
    if not options.json:
        sys.stdout.write(_summary(rehearsals, time.monotonic() - began))
    return rehearsals


def _strong_enough(done: Rehearsal, share: float) -> Rehearsal:
    if done.strength is None or done.strength.share >= share:
        return done
    said = f"the tests reject {done.strength.share:.0%} of wrong programs, {share:.0%} are wanted"
    findings = (*done.findings, Finding("strength", said))
    return msgspec.structs.replace(done, passed=False, findings=findings)


def _watch(
    notebooks: Sequence[Path], seen: dict[Path, float], stage: Stage, options: argparse.Namespace
) -> NoReturn:
    """Rehearse whatever is saved, also while others are rehearsed, until Ctrl-C."""
    while True:
        now = _saved_at(notebooks)
        changed = [path for path in notebooks if now[path] != seen[path]]
        seen = now
        if changed:
            _rehearsed(changed, stage, options)
        time.sleep(_LOOK_SECONDS)


def _saved_at(notebooks: Sequence[Path]) -> dict[Path, float]:
    return {path: path.stat().st_mtime if path.exists() else 0.0 for path in notebooks}


# ---- Telling


def _progress(done: int | None, total: int, options: argparse.Namespace) -> None:
    """Show how many are done, in a terminal; None takes the bar away for what is told."""
    if not options.json and sys.stderr.isatty():
        bar = "" if done is None else f"[{'#' * (30 * done // total):<30}] {done}/{total}"
        sys.stderr.write(f"\r\033[K{bar}")
        sys.stderr.flush()


def _json(done: Rehearsal) -> str:
    return msgspec.json.encode(done).decode() + "\n"


def _text(done: Rehearsal) -> str:
    lines = [] if done.passed else [f"{done.problem}: {_count(done.findings)}"]
    lines += [f"  {_place(finding)}{finding.message}" for finding in done.findings]
    survivors = done.strength.survivors if done.strength is not None else ()
    if survivors:
        lines.append(f"{done.problem}: these wrong programs would get full marks")
    for survivor in survivors:
        lines += [f"    {line}" for line in survivor.diff.splitlines()] + [""]
    return "".join(f"{line}\n" for line in lines)


def _count(findings: Sequence[Finding]) -> str:
    return "1 finding" if len(findings) == 1 else f"{len(findings)} findings"


def _place(finding: Finding) -> str:
    where = [f"cell {finding.cell}"] if finding.cell is not None else []
    where += [f"line {finding.line}"] if finding.line is not None else []
    return ", ".join(where) + ": " if where else ""


def _summary(rehearsals: Sequence[Rehearsal], seconds: float) -> str:
    width = max((len(done.problem) for done in rehearsals), default=0)
    lines = []
    for done in rehearsals:
        verdict = "ready" if done.passed else "NOT READY"
        strength = ""
        if done.strength is not None:
            share, killed = f"{done.strength.share:.0%}", done.strength.killed
            strength = f"test strength {share:>4} ({killed} of {done.strength.total})"
        lines.append(f"{done.problem:<{width}}  {verdict:<9}  {strength}".rstrip())
    ready = sum(done.passed for done in rehearsals)
    lines.append(f"{ready} of {len(rehearsals)} problems are ready, in {seconds:.1f} s")
    return "\n".join(lines) + "\n"


def _junit(rehearsals: Sequence[Rehearsal]) -> bytes:
    failures = str(sum(not done.passed for done in rehearsals))
    suite = ElementTree.Element(
        "testsuite", name="nbjudge check", tests=str(len(rehearsals)), failures=failures
    )
    for done in rehearsals:
        case = ElementTree.SubElement(suite, "testcase", classname="nbjudge", name=done.problem)
        if not done.passed:
            failure = ElementTree.SubElement(case, "failure", message=done.findings[0].message)
            failure.text = _text(done)
    written: bytes = ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True)
    return written
