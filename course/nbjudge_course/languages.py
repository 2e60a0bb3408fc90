"""The languages in which a program can be handed in: one table of files and commands.

Commands run in the folder of the source. `{memory}` stands for the problem's memory in MiB, and
`{folder}` in the environment for that folder.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from types import MappingProxyType

from nbjudge_course.problem import MIB, Kind


@dataclass(frozen=True)
class Language:
    """How a source becomes a running program."""

    name: str
    title: str
    file: str
    """The name of the source's file."""
    run: tuple[str, ...]
    version: tuple[str, ...]
    packages: str
    """What to install on Debian and Ubuntu when it is missing."""
    compile: tuple[str, ...] = ()
    """Checks the syntax in languages that are not compiled."""
    artifacts: tuple[str, ...] = ()
    """What is needed to run, as patterns of names; the source itself when there is none."""
    environment: Mapping[str, str] = field(default_factory=dict)
    own_cpu_seconds: float = 0.0
    """What starting takes, in each run. It is not the student's."""
    own_memory_bytes: int = 0
    own_processes: int = 0

    def variables(self, folder: str) -> dict[str, str]:
        """Return the environment for a source in this folder."""
        return {key: text.replace("{folder}", folder) for key, text in self.environment.items()}

    @property
    def commands(self) -> tuple[str, ...]:
        """The programs that must be installed."""
        words = (self.compile[:1], self.run[:1])
        return tuple(dict.fromkeys(word for [word] in filter(None, words) if "/" not in word))


_PYTHON = Language(
    name="python",
    title="Python",
    file="main.py",
    run=("python3", "main.py"),
    version=("python3", "--version"),
    packages="python3",
)
_C = Language(
    name="c",
    title="C",
    file="main.c",
    compile=("cc", "-O2", "-std=gnu17", "-pipe", "-o", "program", "main.c", "-lm"),
    artifacts=("program",),
    run=("./program",),
    version=("cc", "--version"),
    packages="gcc libc6-dev",
)
_CPP = Language(
    name="cpp",
    title="C++",
    file="main.cpp",
    compile=("c++", "-O2", "-std=gnu++20", "-pipe", "-o", "program", "main.cpp"),
    artifacts=("program",),
    run=("./program",),
    version=("c++", "--version"),
    packages="g++",
)
_JAVA = Language(
    name="java",
    title="Java",
    file="Main.java",
    compile=(
        "javac", "-J-Xmx512m", "-J-XX:+UseSerialGC", "-J-XX:TieredStopAtLevel=1",
        "-J-XX:-UsePerfData", "-encoding", "UTF-8", "Main.java",
    ),
    artifacts=("*.class",),
    run=(
        "java", "-Xmx{memory}m", "-Xss64m", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-cp", ".",
        "Main",
    ),
    version=("javac", "-version"),
    packages="default-jdk-headless",
    own_cpu_seconds=1.0,
    own_memory_bytes=128 * MIB,
    own_processes=32,
)  # fmt: skip
_JAVASCRIPT = Language(
    name="javascript",
    title="JavaScript",
    file="main.js",
    compile=("node", "--check", "main.js"),
    run=("node", "--max-old-space-size={memory}", "main.js"),
    version=("node", "--version"),
    packages="nodejs",
    own_cpu_seconds=0.3,
    own_memory_bytes=96 * MIB,
    own_processes=16,
)
_GO = Language(
    name="go",
    title="Go",
    file="main.go",
    compile=("go", "build", "-o", "program", "main.go"),
    artifacts=("program",),
    run=("./program",),
    version=("go", "version"),
    packages="golang-go",
    environment={
        "GOCACHE": "{folder}/.go", "GO111MODULE": "off", "CGO_ENABLED": "0", "GOTOOLCHAIN": "local",
    },
    own_cpu_seconds=0.1,
    own_memory_bytes=32 * MIB,
    own_processes=24,
)  # fmt: skip
_RUST = Language(
    name="rust",
    title="Rust",
    file="main.rs",
    compile=("rustc", "-O", "--edition", "2021", "-o", "program", "main.rs"),
    artifacts=("program",),
    run=("./program",),
    version=("rustc", "--version"),
    packages="rustc",
)
_R = Language(
    name="r",
    title="R",
    file="main.R",
    compile=("Rscript", "--vanilla", "-e", "invisible(parse('main.R'))"),
    run=("Rscript", "--vanilla", "main.R"),
    version=("Rscript", "--version"),
    packages="r-base-core",
    own_cpu_seconds=0.5,
    own_memory_bytes=128 * MIB,
    own_processes=8,
)
_BASH = Language(
    name="bash",
    title="Bash",
    file="main.sh",
    compile=("bash", "-n", "main.sh"),
    run=("bash", "main.sh"),
    version=("bash", "--version"),
    packages="bash",
)

LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {
        language.name: language
        for language in (_PYTHON, _C, _CPP, _JAVA, _JAVASCRIPT, _GO, _RUST, _R, _BASH)
    }
)
"""Every language that a program problem may name, by the name that stands in its `languages`."""

LANGUAGES_OF: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {Kind.PROGRAM: tuple(LANGUAGES), Kind.FUNCTION: ("python", "javascript")}
)
"""The languages in which each kind of problem can be solved."""

ENDINGS: Mapping[str, str] = MappingProxyType(
    {PurePath(language.file).suffix.lower(): name for name, language in LANGUAGES.items()}
    | dict.fromkeys((".cc", ".cxx", ".c++"), "cpp")
    | dict.fromkeys((".mjs", ".cjs"), "javascript")
)
"""The language of a file, by the ending of its name in lower case."""
