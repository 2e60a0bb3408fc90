"""Compiling a program in a box of its own, before the limits of the problem begin to count."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from nbjudge_course.errors import Unavailable
from nbjudge_course.languages import Language
from nbjudge_course.problem import MIB, Limits
from nbjudge_course.verdict import Status

from nbjudge_worker.grading.inbox import BoxLost, BoxMessage
from nbjudge_worker.grading.pair import Candidate
from nbjudge_worker.grading.results import Outcome
from nbjudge_worker.grading.watch import Budget, wait_for
from nbjudge_worker.sandbox.box import Role, Sandbox

LIMITS = Limits(
    cpu_seconds=30.0,
    wall_seconds=60.0,
    memory_bytes=1024 * MIB,
    processes=128,
    file_bytes=128 * MIB,
)
"""What a compiler may use."""
_MAX_MESSAGE_BYTES = 48 * MIB

_TOO_MUCH = {
    Status.TIME_LIMIT_EXCEEDED: "the compiler takes longer than it may",
    Status.MEMORY_LIMIT_EXCEEDED: "the compiler needs more memory than it may have",
}


@dataclass(frozen=True)
class Program:
    """A source that was made ready to run."""

    files: Mapping[str, str]
    """By name, in base64."""
    language: Language

    def job(self, memory_bytes: int) -> dict[str, Any]:
        """Return what a candidate needs to run it."""
        memory = str(memory_bytes // MIB)
        return {
            "files": dict(self.files),
            "run": [word.replace("{memory}", memory) for word in self.language.run],
            "environment": dict(self.language.environment),
        }


def compiled(
    sandbox: Sandbox, language: Language, source: str, cancelled: Callable[[], bool]
) -> Program | Outcome:
    """Return the program, or how compiling it failed. Raises Unavailable without a compiler."""
    answer = _asked(sandbox, language, source, language.compile, cancelled)
    if isinstance(answer, Outcome):
        return answer
    if answer.op == "compiled":
        return Program(answer.files, language)
    return Outcome(Status.COMPILE_ERROR, answer.message)


def version(sandbox: Sandbox, language: Language) -> str:
    """Return what a compiler says of itself. Raises Unavailable when it is not installed."""
    told = replace(language, artifacts=())
    answer = _asked(sandbox, told, "", language.version, lambda: False)
    said = answer.message.strip().splitlines()
    if isinstance(answer, Outcome) or answer.op != "compiled" or not said:
        raise Unavailable(f"{language.title} does not start: {' '.join(said)}")
    return said[0]


def _asked(
    sandbox: Sandbox,
    language: Language,
    source: str,
    command: Sequence[str],
    cancelled: Callable[[], bool],
) -> BoxMessage | Outcome:
    """Have a command run on the source, in a box of its own."""
    candidate = Candidate(sandbox.take(Role.CANDIDATE, LIMITS), _MAX_MESSAGE_BYTES)
    try:
        candidate.compile(_job(language, source, command))
        budget = Budget(candidate, LIMITS, turns_only=False)
        message = wait_for(candidate.inbox, budget, candidate.ended, cancelled)
    except BoxLost:
        why = _TOO_MUCH.get(candidate.why(), "the compiler was ended")
        return Outcome(Status.COMPILE_ERROR, why)
    finally:
        candidate.close()
    if message.op == "missing":
        raise missing(language, message.message)
    return message


def missing(language: Language, told: str = "") -> Unavailable:
    """Return what to raise when commands of a language are not here: those told of, else all.

    Nothing else of what a box has told gets into it, for it is read by who looks after the worker.
    """
    known = [name for name in language.commands if name in told.split(" and ")]
    commands = " and ".join(known or language.commands)
    return Unavailable(
        f"there is no {commands} for {language.title} here: "
        f"sudo apt-get install {language.packages}"
    )


def with_own_needs(limits: Limits, language: Language | None) -> Limits:
    """Return the limits with what the language needs for itself on top."""
    if language is None:
        return limits
    return msgspec.structs.replace(
        limits,
        memory_bytes=limits.memory_bytes + language.own_memory_bytes,
        processes=min(1024, limits.processes + language.own_processes),
    )


def _job(language: Language, source: str, command: Sequence[str]) -> dict[str, Any]:
    return {
        "op": "compile",
        "file": language.file,
        "source": source,
        "command": list(command),
        "needs": list(language.commands),
        "artifacts": list(language.artifacts),
        "environment": dict(language.environment),
    }
