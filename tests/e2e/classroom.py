"""The real thing for a browser to use: all of nbjudge on free ports, and a student at a notebook."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
SECONDS = 1000.0
START_SECONDS = 90.0

RIGHT = """#| problem: two-sum
def two_sum(prices, total):
    seen = {}
    for place, price in enumerate(prices):
        if total - price in seen:
            return [seen[total - price], place]
        seen[price] = place
"""
WRONG = """#| problem: two-sum
def two_sum(prices, total):
    places = {price: place for place, price in enumerate(prices)}
    for place, price in enumerate(prices):
        if total - price in places:
            return sorted([place, places[total - price]])
"""
SLOW = """#| problem: two-sum
import time

def two_sum(prices, total):
    time.sleep(3)
"""
PARTLY = """#| problem: two-sum
def two_sum(prices, total):
    for i in range(len(prices)):
        for j in range(i + 1, len(prices)):
            if prices[i] + prices[j] == total:
                return [i, j] if min(prices) > 0 else []
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Classroom:
    """A running nbjudge."""

    process: subprocess.Popen[bytes]
    data: Path
    url: str
    token: str

    def copy(self, name: str, problem: str = "two-sum") -> str:
        """Lay another copy of a problem's notebook out and return its name."""
        folder = self.data / "notebooks"
        shutil.copyfile(folder / f"{problem}.ipynb", folder / f"{name}.ipynb")
        return f"{name}.ipynb"

    def saved(self, name: str) -> str:
        return (self.data / "notebooks" / name).read_text()

    def end_kernels(self) -> None:
        """Shut every kernel down, as a hub does with idle ones."""
        for session in json.loads(self._ask("GET", "api/sessions")):
            self._ask("DELETE", f"api/sessions/{session['id']}")

    def _ask(self, method: str, path: str) -> bytes:
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(f"{self.url}/{path}", method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return bytes(answer.read())

    @contextlib.contextmanager
    def without_service(self) -> Iterator[None]:
        """Keep the grader service down: each that the launcher starts is ended at once."""
        enough = threading.Event()

        def keep_down() -> None:
            while not enough.wait(0.05):
                for pid in self._services():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)

        keeper = threading.Thread(target=keep_down)
        keeper.start()
        try:
            time.sleep(0.3)
            yield
        finally:
            enough.set()
            keeper.join()

    @contextlib.contextmanager
    def without_workers(self) -> Iterator[None]:
        """Freeze the workers and what starts them, so that what is submitted stays queued."""
        scalers = _children(self.process.pid, b"nbjudge_worker")
        workers = [pid for scaler in scalers for pid in _children(scaler, b"nbjudge_worker")]
        assert workers
        frozen = [*scalers, *workers]
        for pid in frozen:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in frozen:
                os.kill(pid, signal.SIGCONT)

    def submissions(self, limit: int) -> list[dict[str, Any]]:
        """Return the student's newest submissions as the service has them, the newest first."""
        answer = json.loads(self._ask("GET", f"nbjudge/api/submissions?limit={limit}"))
        return list(answer["submissions"])

    def _services(self) -> list[int]:
        return _children(self.process.pid, b"nbjudge_grader_service")


def _children(parent: int, command: bytes) -> list[int]:
    """Return those among the children of a process whose command has this in it."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    found = []
    for pid in map(int, children.split()):
        with contextlib.suppress(OSError):
            if command in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


@contextlib.contextmanager
def open_classroom(folder: Path) -> Iterator[Classroom]:
    """Start everything below a folder, and stop it."""
    port = free_port()
    config = folder / "lab"
    config.mkdir()
    (config / "jupyter_lab_config.json").write_text('{"LabApp": {"expose_app_in_browser": true}}')
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("NBJUDGE_")},
        "NBJUDGE_SERVICE_PORT": str(free_port()),
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTER_PREFER_ENV_PATH": "1",
        **{f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("DATA", "RUNTIME")},
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "IPYTHONDIR": str(folder / "ipython"),
    }
    arguments = [sys.executable, "-m", "nbjudge_course", "run", "--no-browser", "--workers", "1"]
    arguments += ["--data", str(folder / "run"), "--port", str(port)]
    output = folder / "run.log"
    with output.open("wb") as log:
        process = subprocess.Popen(
            arguments, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        yield Classroom(process, folder / "run", *_address(process, output))
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _address(process: subprocess.Popen[bytes], output: Path) -> tuple[str, str]:
    deadline = time.monotonic() + START_SECONDS
    while True:
        found = re.search(r"(http://[^/\s]+)/lab\?token=(\w+)", output.read_text())
        if found:
            return found[1], found[2]
        assert process.poll() is None and time.monotonic() < deadline, output.read_text()
        time.sleep(0.1)


@contextlib.contextmanager
def open_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


class Notebook:
    """A notebook in a student's browser."""

    def __init__(self, page: Page, classroom: Classroom) -> None:
        self.page = page
        self._classroom = classroom

    def open(self, name: str) -> "Notebook":
        """Open it and wait until it can be worked in."""
        url = f"{self._classroom.url}/lab/tree/{name}?reset&token={self._classroom.token}"
        self.page.goto(url)
        self.cell.wait_for(timeout=60 * SECONDS)
        return self

    def reload(self) -> None:
        self.page.reload()
        self.cell.wait_for(timeout=60 * SECONDS)

    @property
    def cell(self) -> Locator:
        """The student's cell: the first of code."""
        return self.page.locator(".jp-Notebook .jp-CodeCell").first

    @property
    def view(self) -> Locator:
        """What nbjudge shows below it."""
        return self.cell.locator(".nbj-Submission")

    @property
    def status(self) -> Locator:
        return self.view.get_by_role("status")

    @property
    def button(self) -> Locator:
        return self.page.locator(".nbj-Submit").first

    def write(self, source: str) -> None:
        """Replace the text of the cell."""
        self.cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)

    def submit(self, source: str) -> None:
        self.write(source)
        self.button.click()

    def run(self) -> None:
        """Run the cell in the kernel, once there is one."""
        self.page.wait_for_function(
            "window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status"
            " === 'idle'",
            timeout=60 * SECONDS,
        )
        self.cell.locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")

    def save(self) -> None:
        self.page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")

    def paint(self, theme: str) -> None:
        """Change the colours: `Light` or `Dark`."""
        self.page.evaluate(
            "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})",
            f"JupyterLab {theme}",
        )
        light = "true" if theme == "Light" else "false"
        self.page.locator(f"body[data-jp-theme-light={light}]").wait_for(state="attached")
