"""`backtest` and `fit-pool`: how often bands over counts were right, and what several crises teach."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..screen import say, spelled
from . import options
from .typed import BadCall, Checked

if TYPE_CHECKING:
    from ..growth.recorded import Recorded

SOURCES = "SOURCES.csv"


@click.command(
    cls=Checked, short_help="How well counts of your own would have been foreseen.",
    epilog=options.example("backtest counts.csv --out results/backtest"),
)  # fmt: skip
@click.argument("counts", type=click.Path(path_type=Path))
@click.option("--break", "breaks", multiple=True, metavar="DATE", help="The way of counting changed then; may be given often.")
@click.option("--count-error", metavar="SHARE", help="How far a count lies off the truth.  [default: the pool's]")
@click.option("--pool", type=click.Path(path_type=Path), help="A pool file.  [default: the one that is shipped]")
@click.option("--without", metavar="GROUP", help="A group of the pool's crises that is to have no part in what it teaches.")
@click.option("--out", type=click.Path(path_type=Path), help="A new folder for backtest.csv and scorecard.csv.")
def backtest(
    counts: Path, breaks: tuple[str, ...], count_error: str | None, pool: Path | None, without: str | None, out: Path | None
) -> None:
    """Foresee each count of a series from those before it, as the law fitted does, and say how often that was right.

    COUNTS is a CSV file with the columns date and people. The last value, with a spread learned from other crises, is the
    rival: where it wins, that is said. A record that the pool has learned from is foreseen too well: leave its group out.
    """
    from ..growth import pools
    from ..report.backtest_report import foreseen, told, write_backtest

    faults: list[str] = []
    table = pools.shipped() if pool is None else _pool(pool, faults)
    try:
        table = pools.without(table, without)
    except (KeyError, ValueError):
        groups = ", ".join(sorted(table.get("without", {}))) or "none"
        faults.append(f"--without: is no group of crises of the pool (got {spelled(without or '')}). There are: {groups}")
    error = _share(count_error, float(table.get("count_error", 0.02)), faults)
    record = _recorded(counts, "", _dates(breaks, faults), faults)
    if faults or record is None:
        raise BadCall("\n".join(faults))
    try:
        of, mine, last = foreseen(record, pools.learned(table), error, table["last_value"])
    except ValueError as failed:
        raise BadCall(f"COUNTS: {failed}") from None
    say(told(of, mine, last, table))
    if out is not None:
        _written(out, lambda folder: write_backtest(folder, of, mine, last))


@click.command(
    "fit-pool", cls=Checked, short_help="Learn from the counts of several crises.",
    epilog=options.example("fit-pool series --out my-pool.toml"),
)  # fmt: skip
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A new file: the pool.")
@click.option("--count-error", metavar="SHARE", default="0.02", show_default=True, help="How far a count lies off the truth.")
def fit_pool(folder: Path, out: Path, count_error: str) -> None:
    """Fit what a law fitted learns from other crises, and score it on each crisis by what the others teach.

    FOLDER holds a CSV file a crisis (date, people, and flag: `break` where the count is not comparable with the one before),
    and SOURCES.csv: name (of the file), group (crises that are not independent have one), agency, licence.
    """
    from ..report.backtest_report import fitted_pool

    faults: list[str] = []
    error = _share(count_error, 0.02, faults)
    if out.exists():
        faults.append(f"--out: {out} exists already. Name a new file")
    records, rows = _pooled(folder, faults)
    if faults:
        raise BadCall("\n".join(faults))
    try:
        text = fitted_pool(records, rows, error)
    except ValueError as failed:
        raise BadCall(f"FOLDER: {failed}") from None
    partial = out.with_name(f".{out.name}.new")
    try:
        partial.write_text(text, encoding="utf-8", newline="\n")
        partial.replace(out)
    except OSError as failed:
        partial.unlink(missing_ok=True)
        raise BadCall(f"--out: {failed.strerror or failed}") from None
    say(f"Written: {spelled(str(out))}")


def _pooled(folder: Path, faults: list[str]) -> tuple[list[Recorded], list[dict[str, str]]]:
    from ..store import read_table

    try:
        rows = read_table(folder / SOURCES)
    except (OSError, ValueError) as failed:
        faults.append(f"FOLDER: {folder / SOURCES} cannot be read: {getattr(failed, 'strerror', None) or failed}")
        return [], []
    if not rows or not {"name", "group"} <= rows[0].keys():
        faults.append(f"FOLDER: {SOURCES} has a row a crisis, with the columns name and group")
        return [], []
    found = []
    for row in rows:
        one = _recorded(folder / f"{row['name']}.csv", row["group"], (), faults)
        if one is not None:
            found.append(one)
    if len({one.group for one in found}) < 2 and not faults:
        faults.append("FOLDER: holds fewer than two groups of crises: what is learned could not be held against another")
    return found, rows


def _recorded(path: Path, group: str, breaks: tuple[datetime.date, ...], faults: list[str]) -> Recorded | None:
    """The counts of a file; a break where it is said, else where the file's column ``flag`` has it."""
    from ..growth.laws import reopened
    from ..growth.recorded import recorded
    from ..scenario.count_series import read_counts

    counts = read_counts(path.parent, path.name, in_order=False)
    faults += [str(one) for one in counts.faults]
    if counts.faults:
        return None
    try:
        pairs = zip(counts.dates, counts.people, strict=True)
        return recorded(path.stem, pairs, reopened(counts.dates, breaks or counts.breaks), group=group)
    except ValueError as failed:
        faults.append(f"{path.name}: {failed}")
        return None


def _dates(texts: tuple[str, ...], faults: list[str]) -> tuple[datetime.date, ...]:
    found = []
    for text in texts:
        try:
            found.append(datetime.date.fromisoformat(text.strip()))
        except ValueError:
            faults.append(f"--break: a date is written YYYY-MM-DD (got {text.strip()[:40]})")
    return tuple(found)


def _share(text: str | None, usual: float, faults: list[str]) -> float:
    if text is None:
        return usual
    try:
        share = float(text)
    except ValueError:
        share = math.nan
    if not 0 < share < 1:
        faults.append(f"--count-error: must be a share, above 0 and below 1 (got {text.strip()[:40]})")
    return share


def _pool(path: Path, faults: list[str]) -> dict[str, Any]:
    from ..growth import pools

    try:
        return pools.read(path.read_bytes(), path.name)
    except (OSError, ValueError) as failed:
        faults.append(f"--pool: {path}: {getattr(failed, 'strerror', None) or failed}")
        return {}


def _written(folder: Path, write: Callable[[Path], None]) -> None:
    from ..store import FolderError, check_free, made_folder, new_files

    try:
        check_free(folder)
        with made_folder(folder), new_files(folder) as hidden:
            write(hidden)
    except FolderError as failed:
        raise BadCall(f"--out: {failed}") from None
    except OSError as failed:
        raise BadCall(f"--out: {failed.strerror or failed}") from None
    say(f"Files in {spelled(str(folder))}/: backtest.csv, scorecard.csv")


