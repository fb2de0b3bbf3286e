"""The draws that a page of a plan holds, unpacked as its script does."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np


def unpacked(channel: dict[str, Any], draws: int) -> np.ndarray:
    """Read a channel as the page does: change in currency, shape (amounts, draws)."""
    whole = np.frombuffer(base64.b64decode(channel["gain"]), "<i2").reshape(len(channel["money"]), draws)
    scale: np.ndarray = np.frombuffer(base64.b64decode(channel["scale"]), "<f4").astype(float)
    return np.asarray(whole * scale)


def drawn(data: dict[str, Any], cents: list[int]) -> np.ndarray:
    out = np.zeros(data["draws"])
    for channel, amount in zip(data["channels"], cents, strict=True):
        if "money" in channel:
            out += [np.interp(amount, channel["money"], row) for row in unpacked(channel, data["draws"]).T]
    return out
