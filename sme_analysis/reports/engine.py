"""The papermill engine: `papermill --engine sme_analysis in.ipynb out.ipynb`.

Runs a notebook as papermill's own engine does, cell by cell with the same outputs, but in a kernel
forked from a warm process. Calls of `papermill.execute_notebook` from one program share that
process, so that all but the first start in a fraction of a second.

This module is light, as papermill imports every installed engine, and imports no papermill, which
imports this module while it is half imported itself.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from . import warm

_PYTHONS = {"python", "python3", f"python3.{sys.version_info.minor}"}


class ForkEngine:
    """A papermill engine; see the module."""

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, **kwargs: Any) -> Any:
        """Execute a notebook; arguments and result are those of papermill's own engine."""
        from papermill.engines import NBClientEngine

        if "kernel_manager_class" in kwargs or not forks(kernel_name):
            return NBClientEngine.execute_notebook(nb, kernel_name, **kwargs)
        try:
            parent = warm.shared()
            if not parent.ready():
                raise warm.WarmError(parent.log())
        except warm.WarmError as error:
            _log(f"nothing can be forked here ({error}); using an ordinary kernel.")
            return NBClientEngine.execute_notebook(nb, kernel_name, **kwargs)
        from .kernel import forked_kernel

        with tempfile.TemporaryDirectory(dir=parent.home, ignore_cleanup_errors=True) as folder:
            kwargs["kernel_manager_class"] = forked_kernel(parent, Path(folder))
            return NBClientEngine.execute_notebook(nb, kernel_name, **kwargs)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        """Return the kernel that a notebook names."""
        from papermill.utils import nb_kernel_name

        return str(nb_kernel_name(nb, name))

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> str:
        """Return the language that a notebook names."""
        from papermill.utils import nb_language

        return str(nb_language(nb, language))


def forks(kernel_name: str) -> bool:
    """Whether a fork can stand for the kernel of this name: it is IPython of this interpreter."""
    if not warm.available():
        return False
    if Path("matplotlibrc").is_file():
        return False  # settings that matplotlib reads when imported, which is long past
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec(kernel_name)
    except NoSuchKernel:
        return False  # papermill says so itself
    python, *rest = [*spec.argv, ""]
    if rest[:4] != ["-m", "ipykernel_launcher", "-f", "{connection_file}"] or spec.env:
        return False
    return python in _PYTHONS or os.path.realpath(python) == os.path.realpath(sys.executable)


def _log(message: str) -> None:
    from papermill.log import logger

    logger.warning(message)
