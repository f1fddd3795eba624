"""Fixed effects taken out of a weighted regression exactly, one or two sets of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..statistics.numbers import Floats


class Effects:
    """One or two sets of fixed effects, to be partialled out under any weights.

    The larger set is removed by group means. What it leaves of the smaller set is a sparse system
    of normal equations, solved directly and so without iteration. It lacks as many dimensions as
    the two sets have connected components (Abowd, Creecy and Kramarz 2002); in each of these one
    level is set to zero, which residuals do not depend on.

    Parameters
    ----------
    sets : DataFrame, shape (rows, 1 or 2); the labels of each set, none missing
    """

    def __init__(self, sets: pd.DataFrame) -> None:
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        codes = [pd.factorize(sets[name])[0] for name in sets]
        codes.sort(key=lambda code: -int(code.max()))
        self.large = codes[0]
        self.small = codes[1] if len(codes) > 1 else np.zeros_like(self.large)
        self.levels = int(self.large.max()) + 1, int(self.small.max()) + 1
        nodes = sum(self.levels)
        links = coo_array(
            (np.ones(len(self.large)), (self.large, self.levels[0] + self.small)), (nodes, nodes)
        )
        part = connected_components(links, directed=False)[1][self.levels[0] :]
        self.free = np.setdiff1d(np.arange(self.levels[1]), np.unique(part, return_index=True)[1])

    def residuals(self, columns: Floats, weights: Floats) -> Floats:
        """Residuals of weighted regressions of each column on all the effects.

        Parameters
        ----------
        columns : array, shape (rows, k)
        weights : array, shape (rows,), above zero
        """
        from scipy.sparse import csr_array, eye_array
        from scipy.sparse.linalg import splu

        rows = np.arange(len(weights))
        large = csr_array((weights, (self.large, rows)), shape=(self.levels[0], len(rows)))
        mass = np.bincount(self.large, weights, self.levels[0])[:, None]
        left = columns - (large @ columns / mass)[self.large]
        if len(self.free):
            small = csr_array((weights, (self.small, rows)), shape=(self.levels[1], len(rows)))
            # Scaled to a unit diagonal: effects of little and of much weight are treated alike.
            scale = np.sqrt(np.bincount(self.small, weights, self.levels[1]))[:, None]
            shared = weights / (np.sqrt(mass[self.large]) * scale[self.small]).ravel()
            both = csr_array((shared, (self.large, self.small)), shape=self.levels)[:, self.free]
            normal = (eye_array(len(self.free)) - both.T @ both).tocsc()
            shift = np.zeros((self.levels[1], columns.shape[1]))
            shift[self.free] = splu(normal).solve((small @ left / scale)[self.free])
            left = left - (shift / scale)[self.small]
            left = left - (large @ left / mass)[self.large]
        return np.asarray(left, dtype="float64")
