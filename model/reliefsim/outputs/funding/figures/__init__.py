"""The figures that a donor reads in ten seconds: each function takes what was read from tables and returns a Figure."""

from .all import FIGURES, draw_funding

__all__ = ["FIGURES", "draw_funding"]
