"""The verbs `nbjudge backup` and `nbjudge restore`: the database is all there is to keep."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from nbjudge_course.environment import setting
from nbjudge_course.errors import NbjudgeError, Unavailable

from nbjudge_grader_service.settings import Settings
from nbjudge_grader_service.store.copies import back_up, count, restore


def backup_main(arguments: Sequence[str]) -> int:
    """Copy the database into one file, also while the service runs: `nbjudge backup FILE`."""
    options = _parser("backup", backup_main).parse_args(arguments)
    return _done("backup", lambda: _back_up(_url(options), options.file))


def restore_main(arguments: Sequence[str]) -> int:
    """Put a copy in the place of the database, while no service runs: `nbjudge restore FILE`."""
    options = _parser("restore", restore_main).parse_args(arguments)
    return _done("restore", lambda: _restore(_url(options), options.file))


def _back_up(url: str, file: Path) -> str:
    back_up(url, file)
    submissions, _ = count(url)
    size = file.stat().st_size // 1000
    return f"{file}: {size:,} kB; the database has {submissions} submissions"


def _restore(url: str, file: Path) -> str:
    aside = restore(url, file)
    submissions, open_ = count(url)
    told = f"{submissions} submissions are back; {open_} of them will be graded"
    return told if aside is None else f"{told}\nwhat was there before is now {aside}"


def _done(verb: str, work: Callable[[], str]) -> int:
    try:
        told = work()
    except (NbjudgeError, ValueError) as error:
        sys.stderr.write(f"nbjudge {verb}: {error}\n")
        return 1
    sys.stdout.write(f"{told}\n")
    return 0


def _url(options: argparse.Namespace) -> str:
    """Return the database as said, of the environment, or of `nbjudge run` in this folder."""
    if options.database:
        return str(options.database)
    of_run: Path = options.data / "nbjudge.db"
    try:
        settings = Settings.from_environment()
    except msgspec.ValidationError as error:
        raise Unavailable(f"a setting of the service is wrong: {error}") from error
    if setting(os.environ, "NBJUDGE_DATABASE_URL") is None and of_run.exists():
        return f"sqlite:///{of_run.absolute()}"
    return settings.database_url


def _parser(verb: str, main: Callable[[Sequence[str]], int]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"nbjudge {verb}", description=main.__doc__)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument(
        "--database", metavar="URL", help="the database (default: $NBJUDGE_DATABASE_URL)"
    )
    parser.add_argument(
        "--data", type=Path, default=Path(".nbjudge"), help="where `nbjudge run` runs (%(default)s)"
    )
    return parser
