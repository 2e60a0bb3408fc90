"""A submission as a widget: it follows the verdict in any front end that knows ipywidgets."""

import html
from typing import Any

import traitlets
from ipywidgets import DOMWidget, register
from nbjudge_course.submission import Snapshot, State
from nbjudge_course.verdict import Verdict

MODULE = "nbjudge"
MODULE_VERSION = "^0.1.0"
MIME_TYPE = "application/vnd.nbjudge.submission+json"


@register
class VerdictWidget(DOMWidget):  # type: ignore[misc]  # ipywidgets has no types
    """Shows one submission; `snapshot` is what is known of it now."""

    _model_name = traitlets.Unicode("VerdictModel").tag(sync=True)
    _model_module = traitlets.Unicode(MODULE).tag(sync=True)
    _model_module_version = traitlets.Unicode(MODULE_VERSION).tag(sync=True)
    _view_name = traitlets.Unicode("VerdictView").tag(sync=True)
    _view_module = traitlets.Unicode(MODULE).tag(sync=True)
    _view_module_version = traitlets.Unicode(MODULE_VERSION).tag(sync=True)

    submission = traitlets.Unicode().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    snapshot = traitlets.Dict().tag(sync=True)

    @property
    def verdict(self) -> dict[str, Any] | None:
        """The verdict, once there is one."""
        return self.snapshot.get("verdict")

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:  # noqa: ANN401  # IPython's
        bundle = super()._repr_mimebundle_(**kwargs)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data is not None and self.submission:
            data[MIME_TYPE] = {
                "id": self.submission,
                "problem": self.problem,
                "snapshot": self.snapshot or None,
            }
        return bundle


def as_text(snapshot: Snapshot) -> str:
    """Return a submission in plain text, for a terminal."""
    head = f"{snapshot.title}, submission {snapshot.number}"
    if snapshot.verdict is None:
        return f"{head}: {_waiting(snapshot)}"
    verdict = snapshot.verdict
    lines = [f"{head}: {words(verdict.status)}, {_points(verdict)}"]
    lines += [f"  {line}" for line in verdict.message.splitlines()]
    for test in verdict.tests:
        mark = "+" if test.status == "accepted" else "-"
        points = f"{test.points:g} / {test.max_points:g}"
        lines.append(f"  {mark} {test.name}: {words(test.status)}, {points}")
        lines += [f"      {line}" for line in test.message.splitlines()]
    if verdict.output:
        lines += ["  Printed:", *(f"  | {line}" for line in verdict.output.splitlines())]
    return "\n".join(lines)


def as_html(snapshot: Snapshot) -> str:
    """Return a submission as HTML in which all text is escaped."""
    return f'<pre class="nbjudge-verdict" role="status">{html.escape(as_text(snapshot))}</pre>'


def words(status: str) -> str:
    """Return a status as people say it."""
    return str(status).replace("_", " ")


def _points(verdict: Verdict) -> str:
    return f"{verdict.points:g} / {verdict.max_points:g} points"


def _waiting(snapshot: Snapshot) -> str:
    if snapshot.state is State.RUNNING and snapshot.progress is not None:
        return f"test {snapshot.progress.done + 1} of {snapshot.progress.total} is running"
    if snapshot.position is not None:
        return f"{snapshot.position} before you in the queue"
    return "waiting in the queue"
