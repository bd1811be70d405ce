"""A scenario file, its parents and the settings become one table, with the file and line of every value."""

from __future__ import annotations

import os
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..growth import pools
from . import settings as given
from .count_series import read_counts
from .faults import Fault, Finding, KeyPath, dotted, listed, nearest, shown
from .scenario_files import LARGEST_FILE, Document, find, load, read_bytes, real
from .shipped import shipped_folder
from .stated_texts import FILE_NAME_RULE, MOST_NAMES, name_problem

ENTRY_KEYS = frozenset(["value", "law", "values_usd", "values", "from"])  # a table with one is one value, replaced whole
MOST_PARENTS = 20
OWN_KEYS = ("extends", "remove", "title", "question", "name")  # a file's own, never inherited


@dataclass
class Resolved:
    """One table and where it comes from: ``documents``, the youngest first."""

    table: dict[str, Any]
    documents: list[Document]
    faults: list[Fault] = field(default_factory=list)
    unread: list[KeyPath] = field(default_factory=list)
    whole: bool = True
    hashes: dict[str, str] = field(default_factory=dict)
    more: int = 0  # faults counted and not told
    decided: frozenset[str] = frozenset()  # keys of decisions that the youngest file states itself

    def supplier(self, path: KeyPath) -> Document:
        """The document a key comes from: the youngest that has it, or that has the nearest table around it."""
        while path:
            for document in self.documents:
                if path in document.lines:
                    return document
            path = path[:-1]
        return next((one for one in self.documents if one.file != given.PLACE), self.documents[0])

    def locate(self, finding: Finding) -> Fault:
        """A finding with the file and line of its key."""
        path = finding.path
        inner = (*path, finding.part) if finding.part else path
        # An entry is replaced whole: whoever states it states its parts, which a parent may have written one by one.
        stating = (one for one in self.documents if path in one.lines or inner in one.lines)
        document = next(stating, None) or self.supplier(inner)
        line = 0 if document.file == given.PLACE else document.line(inner)
        words = (finding.problem, finding.rule, finding.got, finding.meant, finding.level)
        return Fault(document.file, line, dotted(path), *words)

    def origin(self, path: KeyPath) -> str:
        """`file:line` of a key, the same on every machine."""
        document = self.supplier(path)
        return document.origin if document.origin == given.PLACE else f"{document.origin}:{document.line(path)}"


def resolve(name_or_path: str | Path, settings: Sequence[str], largest: int) -> Resolved:
    """Read a file of at most so many bytes and its parents, lay the child over the parent, and the settings over all."""
    found = find(name_or_path)
    if isinstance(found, Fault):
        return Resolved({}, [], [found], whole=False)
    chain = _chain(*found, largest)
    resolved = Resolved({}, chain)
    for document in reversed(chain):
        _lay_over(resolved, document, oldest=document is chain[-1])
    for key in OWN_KEYS:
        resolved.table.pop(key, None)
        if key in chain[0].table and key not in ("extends", "remove"):
            resolved.table[key] = chain[0].table[key]
    _name(resolved, chain[0])
    for document in chain:
        resolved.faults += document.faults
        resolved.unread += document.unread
        resolved.whole &= document.whole
        resolved.more += document.more
        resolved.hashes[document.origin] = document.sha256
    stated = chain[0].table.get("decisions")
    resolved.decided = frozenset(stated if isinstance(stated, dict) else ())
    _apply_settings(resolved, settings)
    _read_series(resolved)
    _read_pools(resolved)
    return resolved


def _chain(path: Path, file: str, largest: int) -> list[Document]:
    """The file and its parents, the child first."""
    chain = [load(path, file, largest)]
    while "extends" in chain[-1].table:
        child = chain[-1]
        parent = _parent(child, [real(one.path) for one in chain])
        if isinstance(parent, Fault):
            child.faults.append(parent)
            chain[-1] = replace(child, whole=False)
            break
        chain.append(parent)
    return chain


def _parent(child: Document, seen: list[Path]) -> Document | Fault:
    """The file a child extends, or why it may not."""
    name = child.table["extends"]
    path: KeyPath = ("extends",)
    rule = "extends names one scenario in the same folder, or a shipped one"
    if not isinstance(name, str):
        return child.fault(path, "must be a name", rule, shown(name))
    if name_problem(name):
        outside = "/" in name or "\\" in name or ".." in name
        meant = name.removesuffix(".toml") if not name_problem(name.removesuffix(".toml")) else ""
        problem = "leads out of the scenario folder" if outside else name_problem(name)
        return child.fault(path, problem, f"{rule}. {FILE_NAME_RULE}", shown(name), meant)
    if len(seen) > MOST_PARENTS:
        return child.fault(path, "has too many parents", f"At most {MOST_PARENTS} scenarios upon one another", shown(name))
    folders = list(dict.fromkeys([real(child.path).parent, real(shipped_folder())]))
    folder = next((folder for folder in folders if os.path.lexists(folder / f"{name}.toml")), None)
    if folder is None:
        beside = {one.stem for place in folders for one in place.glob("*.toml")} - {"sources"}
        return child.fault(path, "no such scenario", rule, shown(name), nearest(name, beside))
    parent = folder / f"{name}.toml"
    if real(parent).parent not in folders:
        return child.fault(path, "leads out of the scenario folder", rule, shown(name))
    if real(parent) in seen:
        if real(parent) == seen[-1]:
            return child.fault(path, "extends itself", rule, shown(name))
        circle = " → ".join([*(one.stem for one in seen[seen.index(real(parent)) :]), name])
        return child.fault(path, f"extends in a circle: {circle}", rule)
    shipped = folder == real(shipped_folder()) and folder != real(child.path).parent
    beside_child = str(Path(child.file).parent / f"{name}.toml")
    found = load(parent, f"scenarios/{name}.toml" if shipped else beside_child)
    unread = next((one.problem for one in found.faults if not one.line), "")
    return child.fault(path, unread, rule, shown(name)) if unread else found


def _lay_over(resolved: Resolved, document: Document, oldest: bool) -> None:
    """Take away what the document removes, then lay what it says over what was there."""
    wanted = document.table.get("remove", [])
    if not isinstance(wanted, list) or len(wanted) > MOST_NAMES or not all(isinstance(one, str) for one in wanted):
        rule = f'A list of dotted keys, as in ["grants.cerf"], at most {MOST_NAMES:,}'
        document.faults.append(document.fault(("remove",), "must be a list of keys", rule, shown(wanted)))
        wanted = []
    for number, key in enumerate(wanted):
        if oldest:
            fault = document.fault(("remove", number), "nothing is inherited", "remove goes with extends", shown(key))
            document.faults.append(fault)
            continue
        removed = given.apply(resolved.table, given.split_path(key), None, document.file, None)
        if isinstance(removed, Fault) and document.whole:
            what = f"removes what is not inherited: {removed.problem}"
            fault = document.fault(("remove", number), what, removed.rule, shown(key), removed.meant)
            document.faults.append(fault)
    _merge(resolved.table, deepcopy(document.table))


def _merge(below: dict[str, Any], above: dict[str, Any]) -> None:
    """Lay one table over another, table by table; entries, lists and plain values are replaced whole."""
    for key, value in above.items():
        old = below.get(key)
        if isinstance(value, dict) and isinstance(old, dict) and not ENTRY_KEYS & (set(value) | set(old)):
            _merge(old, value)
        else:
            below[key] = value


def _name(resolved: Resolved, document: Document) -> None:
    """A scenario without a name has that of its file."""
    if "name" in resolved.table or not document.whole:
        return
    stem = document.path.stem
    if name_problem(stem):
        rule = f'{FILE_NAME_RULE}; name = "…" in the file gives another'
        resolved.faults.append(Fault(document.file, 1, "name", "the file's name is no legal name", rule, shown(stem)))
        stem = "scenario"
    resolved.table["name"] = stem


def _apply_settings(resolved: Resolved, settings: Sequence[str]) -> None:
    """Lay the settings over the table, as a document of their own."""
    changes, faults = given.parse_settings(settings)
    resolved.faults += faults
    if not changes:
        return
    lines: dict[KeyPath, int] = {}
    for path, value in changes:
        applied = given.apply(resolved.table, path, value, given.PLACE, given.SET_SOURCE)
        if not isinstance(applied, Fault):
            lines[applied] = 0
        elif resolved.whole:
            resolved.faults.append(applied)
    resolved.documents.insert(0, Document(given.PLACE, given.PLACE, resolved.documents[0].path, lines=lines))


def _read_series(resolved: Resolved) -> None:
    """Put the dates and people of a law's CSV file into the law."""
    laws = resolved.table.get("displacement")
    for name, law in sorted(laws.items()) if isinstance(laws, dict) else ():
        key = "counts" if isinstance(law, dict) and "counts" in law else "file"
        path: KeyPath = ("displacement", name, key)
        if not isinstance(law, dict) or not isinstance(law.get(key), str):
            continue
        file = law.pop(key)
        document = resolved.supplier(path)
        if "dates" in law or "people" in law:
            rule = "Either a file, or dates and people"
            resolved.faults.append(document.fault(path, "stands beside dates or people", rule, shown(file)))
            continue
        is_fitted = key == "counts"
        counts = read_counts(document.path.parent, file, in_order=not is_fitted)
        resolved.faults += [_placed(document, path, file, one) for one in counts.faults]
        inner: list[KeyPath] = [("displacement", name, key) for key in ("dates", "people")]
        resolved.more += counts.more
        if counts.faults:
            resolved.unread += inner
        elif Path(file).is_absolute():  # no output tells where a user's folders are
            file = Path(file).resolve().relative_to(document.path.parent.resolve()).as_posix()
        law.update(dates=counts.dates, people=counts.people)
        if is_fitted and counts.breaks:
            law.setdefault("breaks", sorted(counts.breaks))
        if not counts.faults:
            law.setdefault("source", file)
        lines = {one: document.line(path) for one in inner}
        resolved.documents.insert(0, replace(document, lines=lines, faults=[], unread=[]))
        resolved.hashes[file] = counts.sha256


def _read_pools(resolved: Resolved) -> None:
    """Put what a pool file beside the scenario teaches in the place of its name, and what one without a group of crises
    does; a shipped pool that is whole goes by its name."""
    laws = resolved.table.get("displacement")
    for name, law in sorted(laws.items()) if isinstance(laws, dict) else ():
        stated, left_out = (law.get("pool", pools.SHIPPED), law.get("without")) if isinstance(law, dict) else (None, None)
        if isinstance(stated, str) and isinstance(left_out, str | None) and not name_problem(Path(stated).stem):
            _read_pool(resolved, ("displacement", name), law, stated, left_out)


def _read_pool(resolved: Resolved, here: KeyPath, law: dict[str, Any], stated: str, left_out: str | None) -> None:
    key = "pool" if "pool" in law else "without"
    document = resolved.supplier((*here, key))
    raw = read_bytes(document.path.parent / stated, LARGEST_FILE)
    try:
        if not isinstance(raw, str):
            found = pools.read(raw, stated)
        elif left_out is not None:
            found = pools.shipped(stated)
        else:
            return  # it may be shipped; if not, the schema says so
        taught = pools.without(found, left_out)
    except KeyError as error:
        groups = sorted(error.args[0])
        document = resolved.supplier((*here, "without"))
        rule, near = f"There are: {listed(groups)}", nearest(left_out or "", groups)
        fault = document.fault((*here, "without"), "is no group of crises of the pool", rule, shown(left_out), near)
    except (OSError, ValueError) as error:
        problem = " ".join(str(error).split())[:200] if isinstance(error, ValueError) else "There is no such file"
        fault = document.fault((*here, key), "is no pool", problem, shown(stated))
    else:
        law.pop("without", None)
        law["pool"] = {one: taught[one] for one in ("name", "sha256", "count_error", *pools.PARAMETERS)}
        law["pool"]["scores"] = taught.get("scores", [])
        if left_out is not None:
            law["pool"]["left_out"] = left_out
        resolved.hashes[stated] = taught["sha256"]
        return
    resolved.faults.append(fault)
    resolved.unread += [(*here, "pool"), (*here, "without")]


def _placed(document: Document, path: KeyPath, file: str, fault: Fault) -> Fault:
    """A fault of a CSV file, or, if that cannot be read at all, of the key that names it."""
    if fault.line:
        return replace(fault, file=str(Path(document.file).parent / file))
    return document.fault(path, fault.problem, fault.rule, shown(file))
