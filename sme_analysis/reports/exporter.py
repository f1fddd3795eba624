"""The page, for users of nbconvert.

`jupyter nbconvert --to sme_analysis.reports.exporter.ReportExporter NOTEBOOK`
"""

from __future__ import annotations

from typing import Any

from nbconvert.exporters.base import Exporter
from traitlets import Bool

from .export import page


class ReportExporter(Exporter):
    """Writes a notebook as the same self-contained page that `sme-analysis report` writes."""

    export_from_notebook = "Report of sme_analysis"
    output_mimetype = "text/html"
    code = Bool(False, help="Show the code cells.").tag(config=True)

    def _file_extension_default(self) -> str:
        return ".html"

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> Any:
        """Return the page and nbconvert's resources."""
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        return page(notebook, code=self.code), resources
