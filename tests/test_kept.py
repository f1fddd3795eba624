"""What is kept: made once, the oldest gone first."""

from __future__ import annotations

import pytest

from sme_analysis.kept import Kept


def test_a_result_is_made_once_and_the_oldest_goes() -> None:
    kept: Kept[str] = Kept(2)
    made: list[str] = []

    def get(key: str) -> str:
        return kept.get(key, lambda: made.append(key) or key.upper())

    assert [get(key) for key in "aabcb"] == ["A", "A", "B", "C", "B"]
    assert made == ["a", "b", "c"]
    assert get("a") == "A"
    assert made == ["a", "b", "c", "a"]


def test_what_fails_is_not_kept_and_costs_nothing() -> None:
    kept: Kept[int] = Kept(1)
    assert kept.get("a", lambda: 1) == 1
    with pytest.raises(ZeroDivisionError):
        kept.get("b", lambda: 1 // 0)
    assert kept.get("a", lambda: 2) == 1
