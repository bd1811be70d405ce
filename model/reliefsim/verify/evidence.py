"""A folder's page and workbook are held against what its own tables give."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from .. import __version__
from ..report.pack import as_it_would_be
from ..report.page import END_OF_ANSWERS, OF_ANSWERS
from ..results.manifest import PACK, PAGE, DamagedError, Manifest, read_manifest, unfit_to_show
from ..store import LAST, FolderError, sha256

_ANSWERED = b'<meta name="answers" content="'
_LEAST = re.compile(rb'<meta name="disclosure" content="(\d{1,4})">')
_NAMED = re.compile(rb'<meta name="answer" content="([0-9a-f]{64}) ([^"<>&]+)">')


@dataclass(frozen=True)
class OfPack:
    """By its name, each file that is other than its folder gives, and a line that says so; and what was not checked."""

    wrong: dict[str, str] = field(default_factory=dict)
    noted: tuple[str, ...] = ()


def pack_of(folder: Path, manifest: Manifest) -> OfPack:
    """Make the page and the workbook again, aside, with the answers that the page names where they lie near it.

    Where they do not, the page is held against all that the study's own folder tells, and the rest is noted.
    """
    there = [name for name in PACK if (folder / name).is_file()]
    if not there:
        return OfPack()
    page = (folder / PAGE).read_bytes() if PAGE in there else b""
    named = [(name.decode(errors="replace"), digest.decode()) for digest, name in _NAMED.findall(page)]
    others = [one for one in (_beside(folder, *each) for each in named) if one is not None]
    is_whole = len(others) == len(named) and (bool(named) or not _has_answers(page))
    try:
        least = int(found[1]) if (found := _LEAST.search(page)) else None
        ways = [as_it_would_be(folder, others if is_whole else (), one, least) for one in {__version__, manifest.version}]
    except Exception as error:  # its tables are damaged, which is told of them
        return OfPack(noted=(f"{', '.join(there)}: not checked ({error})",))
    if is_whole:
        wrong = [name for name in there if all((folder / name).read_bytes() != wanted.get(name) for wanted in ways)]
        noted = []
    else:
        wrong = [PAGE] if all(_own(page) != _own(wanted.get(PAGE, b"")) for wanted in ways) else []
        missing = ", ".join(name for name, _ in named) or "not named"
        noted = [f"{', '.join(there)}: made with answers of other folders ({missing}), which are not checked"]
    told = "other than the folder's tables give. `reliefsim report` makes it again"
    return OfPack({name: f"{name}: {told}" for name in wrong}, tuple(noted))


def _beside(folder: Path, name: str, digest: str) -> Path | None:
    """A folder of answers, as it was when they were shown, in or beside a study's or the current one."""
    for place in (folder, folder.resolve().parent, Path()):
        one = place / name
        if Path(name).name == name and (one / LAST).is_file() and sha256(one / LAST) == digest:
            with suppress(DamagedError, FolderError):
                return None if unfit_to_show(one, read_manifest(one)) else one
    return None


def _own(page: bytes) -> list[bytes]:
    """A page without what answers have put into it."""
    return re.split(b"%s.*?%s" % (OF_ANSWERS.encode(), END_OF_ANSWERS.encode()), page, flags=re.DOTALL)


def _has_answers(page: bytes) -> bool:
    _, found, rest = page.partition(_ANSWERED)
    return bool(found) and not rest.startswith(b'0"')
