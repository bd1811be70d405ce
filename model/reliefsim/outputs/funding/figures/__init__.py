"""The fundraiser's tables become pictures: each function takes what was read from them and returns a Figure."""

from .all import FIGURES, draw_funding

__all__ = ["FIGURES", "draw_funding"]
