"""Households have the mean size and the variation that the scenario states."""

from __future__ import annotations

import numpy as np
import pytest

from reliefsim.world.households import size_shares


@pytest.mark.parametrize("mean", [2.0, 2.3, 3.7, 5.0, 5.2, 6.69, 11.5])
@pytest.mark.parametrize("cv", [0.12, 0.2, 0.3, 0.45, 0.5, 0.8])
def test_sizes_have_the_stated_mean_and_variation(mean: float, cv: float) -> None:
    """Where the wanted variance is above what two neighbouring sizes have; below that these two are what there is."""
    sizes, shares = np.arange(1, 201), size_shares(mean, (cv * mean) ** 2, 200)
    found = float(sizes @ shares)
    variance = float((sizes - found) ** 2 @ shares)
    assert shares.min() >= 0
    assert found == pytest.approx(mean, rel=1e-9)
    if (cv * mean) ** 2 >= 0.26:
        assert variance == pytest.approx((cv * mean) ** 2, rel=1e-6)
    else:
        assert set(np.flatnonzero(shares) + 1) <= {int(mean), int(mean) + 1}
