"""A submission as a widget: it follows the verdict in the page, and Python knows it as well."""

from importlib.metadata import version
from typing import Any

import msgspec
import traitlets
from ipywidgets import DOMWidget, register
from nbjudge_course.errors import BadMessage
from nbjudge_course.submission import Snapshot
from nbjudge_course.wire import Refusal, decode_json, encode_json

from nbjudge.client import NotAccepted, fetch
from nbjudge.settings import from_environment
from nbjudge.words import MIME_TYPE, as_html, as_text

MODULE = "nbjudge"
MODULE_VERSION = version("nbjudge")


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
        """Return the widget, and beside it what needs no kernel and no widgets."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data is not None and self.submission:
            known = self._known()
            data[MIME_TYPE] = {
                "id": self.submission,
                "problem": self.problem,
                "snapshot": self.snapshot or None,
            }
            data["text/html"] = as_html(self.problem, known, self._not_yet())
            data["text/plain"] = as_text(self.problem, known, self._not_yet())
        return bundle

    def _known(self) -> Snapshot | None:
        try:
            return decode_json(encode_json(self.snapshot), Snapshot)
        except BadMessage:
            return None

    def _not_yet(self) -> Refusal:
        return Refusal(reason="unknown", message="open it in JupyterLab to see it")


def watch(submission: str) -> VerdictWidget:
    """Return a widget of one of your submissions. Raises NotAccepted when there is none such."""
    known = fetch(from_environment(), submission)
    return VerdictWidget(
        submission=known.id, problem=known.problem, snapshot=msgspec.to_builtins(known)
    )


__all__ = ["MODULE_VERSION", "NotAccepted", "VerdictWidget", "watch"]
