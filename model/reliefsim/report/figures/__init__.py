"""A study's files become pictures: each function takes what was read from them and returns a Figure."""

from .all_figures import FIGURES, OF_ALL, draw_all

__all__ = ["FIGURES", "OF_ALL", "draw_all"]
