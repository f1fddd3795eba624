"""The analytic hierarchy process: weights from pairwise judgements, with their consistency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..errors import ParameterError
from .arrays import Floats

# Mean consistency index of random reciprocal matrices of size 1, 2, ...: Saaty (1980), table 1.3.
RANDOM_INDEX = (
    0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59,
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Judgement:
    """Weights drawn from a matrix of pairwise comparisons.

    Attributes
    ----------
    weights : array (n,), the principal eigenvector, summing to one
    eigenvalue : float, the largest one; n for perfectly consistent judgements
    index : float, consistency index (eigenvalue - n) / (n - 1)
    ratio : float, consistency ratio: the index over that of random judgements; 0 for n < 3
    """

    weights: Floats
    eigenvalue: float
    index: float
    ratio: float


def judge(matrix: pd.DataFrame | Floats | Sequence[Sequence[float]]) -> Judgement:
    """Weights and consistency of a reciprocal comparison matrix, entry (i, j) = w_i / w_j.

    Raises
    ------
    ParameterError
        If the matrix is not square, of size 1 to 15, positive, with ones on the diagonal and
        entry (j, i) within two per cent of 1 / (i, j), which allows for rounded reciprocals.

    References
    ----------
    Saaty (1980), *The Analytic Hierarchy Process*; OECD/JRC (2008), 6.7.

    Examples
    --------
    >>> found = judge([[1, 2, 4], [1 / 2, 1, 2], [1 / 4, 1 / 2, 1]])
    >>> [round(weight, 3) for weight in found.weights.tolist()], round(abs(found.ratio), 6)
    ([0.571, 0.286, 0.143], 0.0)
    """
    try:
        entries = np.array(matrix, dtype="float64")
    except (TypeError, ValueError) as error:
        raise ParameterError(f"a comparison matrix must hold numbers: {error}.") from None
    if entries.ndim != 2 or entries.shape[0] != entries.shape[1] or not 1 <= len(entries) <= 15:
        raise ParameterError(
            f"a comparison matrix must be square, of size 1 to 15, not {entries.shape}."
        )
    if not (np.isfinite(entries) & (entries > 0)).all():
        raise ParameterError("a comparison matrix must hold finite numbers above zero.")
    off = np.abs(entries * entries.T - 1.0)
    np.fill_diagonal(off, np.abs(np.diag(entries) - 1.0))
    if off.max() > 0.02:
        i, j = (int(place) for place in np.unravel_index(off.argmax(), off.shape))
        raise ParameterError(
            f"a comparison matrix must be reciprocal: entry ({i}, {j}) is {entries[i, j]:g} and "
            f"entry ({j}, {i}) is {entries[j, i]:g}."
        )
    values, vectors = np.linalg.eig(entries)
    first = int(values.real.argmax())
    weights = np.abs(vectors[:, first].real)
    n, largest = len(entries), float(values[first].real)
    index = (largest - n) / (n - 1) if n > 1 else 0.0
    ratio = index / RANDOM_INDEX[n - 1] if n > 2 else 0.0
    return Judgement(weights / weights.sum(), largest, index, ratio)


def agree(matrices: Sequence[Floats]) -> Floats:
    """One matrix from several judges: the geometric mean of their entries.

    The only synthesis that keeps reciprocity: Aczel and Saaty (1983).
    """
    return np.asarray(np.exp(np.mean([np.log(matrix) for matrix in matrices], axis=0)))
