"""A study's files come into being whole or not at all, and are read back as rows."""

from __future__ import annotations

import contextlib
import csv
import errno
import hashlib
import json
import math
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from .screen import spelled

Row = dict[str, str]

LAST = "run.json"  # written last: a folder without it holds no finished study
KEPT, STUDY = "kept", "study.json"  # the folder in which results are kept as they come, and what says of which study
_NEW = ".new-"
_SEAL, _END = b',\n  "digest": "', b"\n}\n"  # how the last entry of run.json begins, and the file ends

_DIGITS, _NOISE = 12, 1e-14  # money to the cent up to ten thousand million; what adding up floats may lose
_FORMULA = re.compile("'*(?:[\\s\u200b\u2060\ufeff]*[=+\\-@＝＋－＠]|[\t\n])")  # full-width signs, too


class FolderError(Exception):
    """The output folder cannot be used; the message is one line."""

    def __str__(self) -> str:
        return spelled(super().__str__())


def check_free(folder: Path) -> None:
    """Raise FolderError unless ``folder`` is absent or empty and a folder can be made there."""
    if (folder / LAST).exists():
        raise FolderError(f"{folder} holds another study. Name a new folder, or move that one away")
    if (folder / KEPT / STUDY).exists():
        raise FolderError(f"{folder} holds an unfinished study. Add --resume to go on with it, or name a new folder")
    if folder.is_dir() and any(folder.iterdir()):
        raise FolderError(f"{folder} is not empty. Name a new or an empty folder")
    check_possible(folder)


def check_possible(folder: Path) -> None:
    """Raise FolderError unless ``folder`` is one, or can be made, and may be written to."""
    if folder.exists() and not folder.is_dir():
        raise FolderError(f"{folder} is a file. Name a folder")
    place = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    if not place.is_dir():
        raise FolderError(f"{place} is a file. Name a folder in a folder")
    if not os.access(place, os.W_OK | os.X_OK):
        raise FolderError(f"{place} may not be written to. Name another folder")


@contextlib.contextmanager
def made_folder(folder: Path) -> Iterator[None]:
    """Make a folder, and its parents; if what follows fails, those made here are removed again as far as empty.

    Raises OSError if the disk refuses.
    """
    made = [one for one in (folder, *folder.absolute().parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for one in made:
            with contextlib.suppress(OSError):
                one.rmdir()
        raise


@contextlib.contextmanager
def new_files(folder: Path) -> Iterator[Path]:
    """A hidden folder to fill, inside ``folder``; at the end its files take their places there, run.json last and sealed.

    If that fails, nothing of them is left. Whoever finds no run.json finds a study that is not finished; whoever finds
    one, after a loss of power too, finds the others whole. Raises OSError if the disk refuses.
    """
    for old in folder.glob(f"{_NEW}*"):
        shutil.rmtree(old, ignore_errors=True)  # of a process that was killed
    hidden = Path(tempfile.mkdtemp(prefix=_NEW, dir=folder))
    try:
        yield hidden
        if (hidden / LAST).exists():
            (hidden / LAST).write_bytes(sealed((hidden / LAST).read_bytes()))
        files = sorted(hidden.iterdir(), key=lambda path: (path.name == LAST, path.name))
        for path in (*files, hidden):
            flush(path)
        made = {path.name for path in files}
        for name in _named_by(folder / LAST):
            if name not in made:
                (folder / name).unlink(missing_ok=True)  # of the study as it was before, and not of this one
        (folder / LAST).unlink(missing_ok=True)
        for path in files:
            if path.name == LAST:
                flush(folder)
            path.replace(folder / path.name)
        flush(folder)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A hidden file to write, beside ``path``, whose place it takes at the end; if that fails, nothing of it is left.

    Raises OSError if the disk refuses.
    """
    prefix = f"{_NEW}{path.name}-"
    for old in path.parent.glob(f"{prefix}*"):
        shutil.rmtree(old, ignore_errors=True)  # of a process that was killed
    hidden = Path(tempfile.mkdtemp(prefix=prefix, dir=path.parent))
    try:
        yield hidden / path.name
        flush(hidden / path.name)
        (hidden / path.name).replace(path)
        flush(path.parent)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def flush(path: Path) -> None:
    """Wait until the disk holds a file, or the names in a folder, as they are. Raises OSError if the disk refuses."""
    is_folder = path.is_dir()
    if is_folder and os.name == "nt":
        return  # Windows opens no folder
    number = os.open(path, os.O_RDONLY if is_folder else os.O_RDWR)
    try:
        os.fsync(number)
    except OSError as error:
        if not is_folder or error.errno not in (errno.EINVAL, errno.ENOTSUP):  # of disks that do so by themselves
            raise
    finally:
        os.close(number)


def sealed(text: bytes) -> bytes:
    """The text of a JSON object, with a SHA-256 of all before as its last entry; other text stays as it is."""
    if not text.endswith(_END):
        return text
    body = text.removesuffix(_END)
    return body + _SEAL + hashlib.sha256(body).hexdigest().encode() + b'"' + _END


def is_sealed(text: bytes) -> bool:
    """Whether text is, to the byte, what ``sealed`` gave."""
    body, seal, _ = text.rpartition(_SEAL)
    return bool(seal) and sealed(body + _END) == text


def _named_by(path: Path) -> list[str]:
    """The files beside it that a run.json names; none if there is none."""
    try:
        return [Path(name).name for name in json.loads(path.read_text(encoding="utf-8"))["outputs"]] if path.is_file() else []
    except (OSError, ValueError, KeyError, TypeError):
        return []


def number(value: float) -> str:
    """A number as text: twelve digits where no more than rounding is lost (2982.635, not 2982.6349999999998), else the
    shortest that reads back as the same; a whole number without a point; empty for NaN."""
    if value != value:
        return ""
    if value == int(value) and abs(value) < 2**53:
        return str(int(value))
    short = f"{value:.{_DIGITS}g}"
    return short if math.isclose(float(short), value, rel_tol=_NOISE, abs_tol=0) else repr(float(value))


def inert(text: str) -> str:
    """Text that no spreadsheet takes for a formula (OWASP, CSV injection); a carriage return becomes a line feed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # Python's csv does not quote a carriage return
    return f"'{text}" if _FORMULA.match(text) else text


def as_meant(text: str) -> str:
    """Text as it was before ``inert``."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text, 1) else text


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str | float]]) -> None:
    """Write a CSV file (RFC 4180, UTF-8, lines end with a line feed); texts are made inert, see ``number``."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([inert(cell) if isinstance(cell, str) else number(cell) for cell in row])


def read_table(path: Path) -> list[Row]:
    """The rows of a CSV file that ``write_table`` wrote. Raises ValueError if it is none any more."""
    if path.exists() and not path.is_file():
        raise ValueError(f"{path.name} is no file")  # a pipe would be waited for
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        try:
            columns = next(rows, [])
            return [{key: _cell(text) for key, text in zip(columns, row, strict=True)} for row in rows]
        except (csv.Error, ValueError) as error:
            raise ValueError(f"{path.name} cannot be read: {error}") from None


def _cell(text: str) -> str:
    return as_meant(text) if text.startswith("'") else text


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
