"""A study's files come into being as one folder, whole or not at all, and are read back as rows."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import FrameType

Row = dict[str, str]

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n")


class FolderError(Exception):
    """The output folder cannot be used; the message is one line."""


def check_free(folder: Path) -> None:
    """Raise FolderError unless ``folder`` is absent or empty and a folder can be made there."""
    if (folder / "run.json").exists():
        raise FolderError(f"{folder} holds another study. Name a new folder, or move that one away")
    if folder.is_dir() and any(folder.iterdir()):
        raise FolderError(f"{folder} is not empty. Name a new or an empty folder")
    if folder.exists() and not folder.is_dir():
        raise FolderError(f"{folder} is a file. Name a folder")
    parent = next(one for one in folder.absolute().parents if one.exists())
    if not parent.is_dir():
        raise FolderError(f"{parent} is a file. Name a folder in a folder")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise FolderError(f"{parent} may not be written to. Name another folder")


@contextlib.contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A hidden folder to fill beside ``folder``, renamed to it at the end, or removed with all in it if that fails.

    A request to end the process (SIGTERM) counts as a failure. Raises FolderError, or OSError if the disk refuses.
    """
    check_free(folder)
    made = _make_parents(folder.absolute().parent)
    with ended_politely():
        try:
            hidden = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".unfinished", dir=folder.parent))
            try:
                yield hidden
                hidden.chmod(0o777 & ~_umask())
                check_free(folder)
                hidden.rename(folder)  # onto an empty folder too; never onto a filled one
            finally:
                shutil.rmtree(hidden, ignore_errors=True)
        except BaseException:
            for parent in reversed(made):
                with contextlib.suppress(OSError):
                    parent.rmdir()
            raise


def _make_parents(folder: Path) -> list[Path]:
    """Make a folder and its parents; those that were not there, the outermost first."""
    made = [one for one in (folder, *folder.parents) if not one.exists()][::-1]
    folder.mkdir(parents=True, exist_ok=True)
    return made


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextlib.contextmanager
def ended_politely() -> Iterator[None]:
    """SIGTERM ends the process by an exception, so that what is unfinished is removed and helpers are let go."""

    def end(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    try:
        before = signal.signal(signal.SIGTERM, end)
    except ValueError:  # not in the main thread, where signals cannot be set
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def number(value: float) -> str:
    """The shortest text that reads back as the same number; a whole number without a point; empty for NaN."""
    if value != value:
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 2**53 else repr(float(value))


def inert(text: str) -> str:
    """Text that no spreadsheet takes for a formula (OWASP, CSV injection); a carriage return becomes a line feed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # Python's csv does not quote a carriage return
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def as_meant(text: str) -> str:
    """Text as it was before ``inert``."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA_STARTS) else text


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str | float]]) -> None:
    """Write a CSV file (RFC 4180, UTF-8, lines end with a line feed); texts are made inert, numbers are exact."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([inert(cell) if isinstance(cell, str) else number(cell) for cell in row])


def read_table(path: Path) -> list[Row]:
    """The rows of a CSV file that ``write_table`` wrote."""
    with path.open(encoding="utf-8", newline="") as file:
        return [{key: _cell(text) for key, text in row.items()} for row in csv.DictReader(file)]


def _cell(text: str) -> str:
    return as_meant(text) if text.startswith("'") else text


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
