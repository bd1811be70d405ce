"""Markdown becomes plain text for a terminal of a width: paragraphs are wrapped, tables laid out, code left as it is."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

_LEAST = 40  # no text is wrapped to less
_MARK = re.compile(r"\*\*|(?<![\w`])\*(?=\w)|(?<=\w)\*(?![\w`])")
_LINK = re.compile(r"!?\[([^\]`]*)\]\(([^)]+)\)")
_ITEM = re.compile(r"(\s*)(- |\d+\. )")


def plain(text: str, width: int) -> str:
    """A text of Markdown at a width (columns)."""
    return "\n\n".join(part for part in _parts(text.split("\n"), max(width, _LEAST)) if part) + "\n"


def _parts(lines: list[str], width: int) -> Iterator[str]:
    """Headings, paragraphs, items, tables and blocks of code, one after another."""
    block: list[str] = []
    is_code = False
    for line in [*lines, ""]:
        if line.startswith("```"):
            if is_code:
                yield textwrap.indent("\n".join(block), "    ")
            else:
                yield _laid_out(block, width)
            block, is_code = [], not is_code
        elif is_code:
            block.append(line)
        elif line.startswith("#"):
            yield _laid_out(block, width)
            block = []
            yield _heading(line, width)
        elif line.strip():
            block.append(line)
        else:
            yield _laid_out(block, width)
            block = []


def _heading(line: str, width: int) -> str:
    marks, _, words = line.partition(" ")
    words = _wrapped(_inline(words), width, "", "")
    under = {1: "═", 2: "─"}.get(len(marks))
    return words if under is None else f"{words}\n{under * max(map(len, words.splitlines()))}"


def _laid_out(block: list[str], width: int) -> str:
    """Lines without an empty one between them."""
    if not block:
        return ""
    if block[0].startswith("|"):
        return _table(block, width)
    if all(line.startswith("    ") for line in block):
        return "\n".join(block)
    found: list[str] = []
    for line in block:
        if _ITEM.match(line) or not found:
            found.append(line.rstrip())
        else:
            found[-1] += f" {line.strip()}"
    return "\n".join(_paragraph(one, width) for one in found)


def _paragraph(line: str, width: int) -> str:
    item = _ITEM.match(line)
    begin = item[0] if item else ""
    return _wrapped(_inline(line[len(begin) :]), width, begin, " " * len(begin))


def _wrapped(text: str, width: int, first: str, then: str) -> str:
    return textwrap.fill(
        text, width, initial_indent=first, subsequent_indent=then, break_on_hyphens=False, break_long_words=False
    )


def _inline(text: str) -> str:
    """Text without marks of emphasis; a link is followed by its address."""
    pieces = re.split(r"(`[^`]*`)", _LINK.sub(lambda link: f"{link[1]} ({link[2]})", text))
    return "".join(one if one.startswith("`") else _MARK.sub("", one) for one in pieces).replace("\\|", "|")


def _table(block: list[str], width: int) -> str:
    """A table: in columns where it fits, else row under row, with what each cell is before all but the last."""
    rows = [[_inline(cell.strip()) for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]] for line in block]
    heads, rows = rows[0], rows[2:]
    sizes = [max(len(row[at]) for row in [heads, *rows]) for at in range(len(heads))]
    room = width - sum(sizes[:-1]) - 2 * (len(sizes) - 1)
    if room >= max(30, min(sizes[-1], width // 2)):
        rule = ["─" * size for size in sizes]
        rule[-1] = "─" * min(sizes[-1], room)
        return "\n".join(_in_columns(row, sizes, width) for row in [heads, rule, *rows])
    return "\n".join(_stacked(heads, row, width) for row in rows)


def _in_columns(row: list[str], sizes: list[int], width: int) -> str:
    begin = "".join(f"{cell:{size}}  " for cell, size in zip(row[:-1], sizes, strict=False))
    return _wrapped(row[-1], width, begin, " " * len(begin)) if row[-1] else begin.rstrip()


def _stacked(heads: list[str], row: list[str], width: int) -> str:
    between = "; ".join(f"{head}: {cell}" for head, cell in zip(heads[1:-1], row[1:-1], strict=True) if cell)
    lines = [_wrapped(row[0], width, "", "  ")]
    lines += [_wrapped(one, width, "    ", "    ") for one in (between, row[-1]) if one]
    return "\n".join(lines)
