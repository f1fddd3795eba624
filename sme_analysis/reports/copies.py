"""Copies of the notebooks, for those who installed the package and cloned nothing."""

from __future__ import annotations

from pathlib import Path

from .. import locations
from ..errors import ParameterError
from .files import folder_named, write_whole
from .rules import shown

START = "00_start_here.ipynb"


def copy_notebooks(folder: str | Path, *, force: bool = False) -> list[Path]:
    """Copy every notebook into a folder, created if missing.

    Parameters
    ----------
    folder : path
    force : bool
        Replace notebooks that are there and differ.

    Returns
    -------
    list of Path
        The notebooks in the folder, in their order.

    Raises
    ------
    ParameterError
        If one of them is there already, changed, and `force` is not set: nothing is copied then.
        Also if `folder` cannot be a folder.
    """
    target = folder_named(folder)
    name = shown(str(target), limit=400)
    kept = sorted(locations.folder("notebooks").glob("*.ipynb"))
    try:
        target.mkdir(parents=True, exist_ok=True)
        changed = [path.name for path in kept if _differs(path, target / path.name)]
    except FileExistsError:
        raise ParameterError(f"cannot copy to {name}: it is a file, not a folder.") from None
    except OSError as error:
        raise ParameterError(f"cannot use the folder {name}: {error.strerror}.") from error
    if changed and not force:
        raise ParameterError(
            f"{name} holds {_listed(changed)} already, and not as shipped: "
            "choose another folder, or replace them with --force."
        )
    for path in kept:
        if not _same(path, target / path.name):
            write_whole(target / path.name, path.read_bytes())
    return [target / path.name for path in kept]


def _same(kept: Path, there: Path) -> bool:
    return there.is_file() and there.read_bytes() == kept.read_bytes()


def _differs(kept: Path, there: Path) -> bool:
    return there.exists() and not _same(kept, there)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    return ", ".join(names[:2]) + more
