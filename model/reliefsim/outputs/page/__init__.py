"""A study's folder becomes report.html: one page in English and French that opens anywhere and asks nothing of a network."""

from .writing import FILE, PageTooLargeError, write_page

__all__ = ["FILE", "PageTooLargeError", "write_page"]
