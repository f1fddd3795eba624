"""Principal components, varimax rotation and the weights that OECD/JRC (2008) takes from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import DataError, ParameterError
from .arrays import Floats


@dataclass(frozen=True, eq=False)
class Components:
    """Principal components of the correlation matrix of n units by m indicators.

    Attributes
    ----------
    eigenvalues : array (m,), largest first; they sum to m
    loadings : array (m, m), one column a component: correlation of indicator and component
    """

    eigenvalues: Floats
    loadings: Floats

    @property
    def shares(self) -> Floats:
        """Share of the variance that each component explains."""
        return np.asarray(self.eigenvalues / self.eigenvalues.sum())


def principal(x: Floats) -> Components:
    """Principal components of units (rows) by indicators (columns), on their correlations.

    Units with a missing value are left out (listwise), so that the matrix is positive
    semi-definite. Each component is signed so that its loadings sum to something positive.

    Raises
    ------
    DataError
        If fewer than three units are complete, or an indicator is constant among them.

    References
    ----------
    OECD/JRC (2008), 4.1 and 4.2.
    """
    complete = x[~np.isnan(x).any(axis=1)]
    if len(complete) < 3:
        raise DataError(
            f"principal components need three units without gaps, and {len(complete)} of {len(x)} "
            "have none: impute first."
        )
    if (np.ptp(complete, axis=0) == 0).any():
        raise DataError("principal components need indicators that vary among complete units.")
    values, vectors = np.linalg.eigh(np.atleast_2d(np.corrcoef(complete, rowvar=False)))
    values, vectors = np.clip(values[::-1], 0.0, None), vectors[:, ::-1]
    vectors = vectors * np.where(vectors.sum(axis=0) < 0, -1.0, 1.0)
    return Components(values, vectors * np.sqrt(values))


def varimax(loadings: Floats, tolerance: float = 1e-12, rounds: int = 1000) -> Floats:
    """Rotate loadings (m, k) by varimax with Kaiser's normalisation.

    Maximises the variance of the squared loadings within factors, each indicator scaled to unit
    communality first. Factors come out in the order, and with the sign, of the rotation.

    References
    ----------
    Kaiser (1958), "The varimax criterion for analytic rotation in factor analysis".
    """
    scale = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    scale = np.where(scale > 0, scale, 1.0)
    unit = loadings / scale
    rotation, reached = np.eye(loadings.shape[1]), 0.0
    for _ in range(rounds):
        turned = unit @ rotation
        gradient = unit.T @ (turned**3 - turned * (turned**2).mean(axis=0))
        left, singular, right = np.linalg.svd(gradient)
        rotation = left @ right
        if singular.sum() <= reached * (1 + tolerance):
            break
        reached = float(singular.sum())
    result = (unit @ rotation) * scale
    return np.asarray(result * np.where(result.sum(axis=0) < 0, -1.0, 1.0))


def factor_weights(x: Floats, factors: int | None = None) -> Floats:
    """Weights (m,) from rotated principal components, summing to one.

    Each indicator goes to the factor on which it loads most; its weight is its squared loading as
    a share of that factor's explained variance, times the factor's share of what all retained
    factors explain.

    Parameters
    ----------
    x : array (units, indicators)
    factors : int, optional
        Number of components kept; by default those with an eigenvalue above one that explain
        more than a tenth of the variance each, and at least one.

    References
    ----------
    OECD/JRC (2008), 6.1, tables 16 to 18, after Nicoletti, Scarpetta and Boylaud (2000).
    """
    found = principal(x)
    size = len(found.eigenvalues)
    if factors is None:
        factors = max(1, int(((found.eigenvalues > 1) & (found.shares > 0.1)).sum()))
    if not 1 <= factors <= size:
        raise ParameterError(f"factors must be from 1 to {size}, not {factors}.")
    kept = found.loadings[:, :factors]
    squared = (varimax(kept) if factors > 1 else kept) ** 2
    explained = squared.sum(axis=0)
    scaled = squared / np.where(explained > 0, explained, 1.0)
    own = np.argmax(squared, axis=1)
    weights = scaled[np.arange(size), own] * (explained / explained.sum())[own]
    return np.asarray(weights / weights.sum())


def first_weights(x: Floats) -> Floats:
    """Weights (m,) proportional to the squared loadings on the first component."""
    squared = principal(x).loadings[:, 0] ** 2
    return np.asarray(squared / squared.sum())
