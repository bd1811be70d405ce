"""A study's folder becomes report.html: one page in English and French that opens anywhere and asks nothing of a network."""

from .page_writing import END_OF_ANSWERS, FILE, OF_ANSWERS, PageTooLargeError, write_page

__all__ = ["END_OF_ANSWERS", "FILE", "OF_ANSWERS", "PageTooLargeError", "write_page"]
