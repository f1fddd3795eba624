"""Small pieces of sentences that are computed."""

from __future__ import annotations

from collections.abc import Iterable

# The qualifier that a source prints with a figure, as it stands before the figure in a sentence.
QUALIFIERS = {
    "exact": "",
    "about": "about ",
    "over": "over ",
    "under": "under ",
    "nearly": "nearly ",
    "at_least": "at least ",
    "at_most": "at most ",
}


def listed(items: Iterable[str]) -> str:
    """Join items as a sentence does.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *most, last = list(items) or [""]
    return f"{', '.join(most)} and {last}" if most else last
