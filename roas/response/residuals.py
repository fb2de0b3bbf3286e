"""Whether what the model leaves over is noise."""

from __future__ import annotations

import numpy as np

from roas.response._arrays import Array


def residual_checks(values: Array) -> dict[str, float]:
    """Test whitened residuals, shape (T,), with statsmodels."""
    from statsmodels.stats.diagnostic import acorr_ljungbox
    from statsmodels.stats.stattools import jarque_bera

    lags = max(1, min(10, len(values) // 5))
    box = acorr_ljungbox(values, lags=[lags])["lb_pvalue"].iloc[0]
    _, normal, _, kurtosis = jarque_bera(values)
    lag = float(np.corrcoef(values[1:], values[:-1])[0, 1]) if len(values) > 3 else 0.0
    return {
        "lag_1": lag,
        "ljung_box": float(box),
        "jarque_bera": float(normal),
        "kurtosis": float(kurtosis),
    }
