"""What the wheel carries beside the package: the ontology, the data and the site's files."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHARED = ("ontology", "data", "web")


class SharedFiles(BuildHookInterface[Any]):
    """Puts the shared folders under ``rallynov_graph/_shared``.

    An editable install reads them where they lie, so a copy there would only grow stale.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        for folder in SHARED:
            path = Path(self.root, folder)
            if any(path.rglob("*.*")):
                build_data["force_include"][str(path)] = f"rallynov_graph/_shared/{folder}"
