"""A folder's page and workbook are held against what its own tables give."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ... import __version__
from ..pack import FILES, PAGE, as_it_would_be
from .made import Made

_ANSWERED = b'<meta name="answers" content="'


@dataclass(frozen=True)
class OfPack:
    """By its name, each file that is other than its folder gives, and a line that says so; and what was not checked."""

    wrong: dict[str, str] = field(default_factory=dict)
    noted: tuple[str, ...] = ()


def pack_of(folder: Path, made: Made) -> OfPack:
    """Make the page and the workbook again, aside. With answers of other folders in them they cannot be checked."""
    there = [name for name in FILES if (folder / name).is_file()]
    if not there:
        return OfPack()
    if (folder / PAGE).is_file() and _has_answers((folder / PAGE).read_bytes()):
        return OfPack(noted=(f"{', '.join(there)}: made with answers of other folders, not checked",))
    try:
        ways = [as_it_would_be(folder, version=version) for version in {__version__, made.version}]
    except Exception as error:  # its tables are damaged, which is told of them
        return OfPack(noted=(f"{', '.join(there)}: not checked ({error})",))
    wrong = {
        name: f"{name}: other than the folder's tables give. `reliefsim report` makes it again"
        for name in there
        if all((folder / name).read_bytes() != wanted.get(name) for wanted in ways)
    }
    return OfPack(wrong)


def _has_answers(page: bytes) -> bool:
    _, found, rest = page.partition(_ANSWERED)
    return bool(found) and not rest.startswith(b'0"')
