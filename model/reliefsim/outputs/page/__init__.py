"""A study's folder becomes report.html: one page in English and French that opens anywhere and asks nothing of a network."""

from .writing import FILE, write_page

__all__ = ["FILE", "write_page"]
