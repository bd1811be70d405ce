"""A kept part that somebody has forged, with a right digest, is refused in one line, by --resume and by verify."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from .calling import call, clinics_call, judged

PART = "clinic/by-need/0-1-2.part"
Head = dict[str, Any]


def part(head: Head, tables: bytes) -> bytes:
    body = json.dumps(head).encode() + b"\n" + tables
    return body + hashlib.sha256(body).digest()


def with_head(change: Callable[[Head], object]) -> Callable[[Head, bytes], bytes]:
    def forge(head: Head, tables: bytes) -> bytes:
        change(head)
        return part(head, tables)

    return forge


def saved(array: Any) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, values=array)
    return file.getvalue() + hashlib.sha256(file.getvalue()).digest()


def shaped(table: str, *shape: Any) -> Callable[[Head, bytes], bytes]:
    return with_head(lambda head: head["shapes"].update({table: list(shape)}))


FORGED: dict[str, Callable[[Head, bytes], bytes]] = {
    "nothing": lambda head, tables: hashlib.sha256(b"").digest(),
    "no line": lambda head, tables: part(head, b"")[:20] + hashlib.sha256(part(head, b"")[:20]).digest(),
    "no object": lambda head, tables: b"[1]\n" + hashlib.sha256(b"[1]\n").digest(),
    "deep": lambda head, tables: b"[" * 99_999 + b"\n" + hashlib.sha256(b"[" * 99_999 + b"\n").digest(),
    "another format": lambda head, tables: saved(np.zeros(3)),
    "objects": lambda head, tables: saved(np.array([{}, None], object)),
    "a bomb": lambda head, tables: saved(np.zeros(10_000_000)),
    "transposed": with_head(lambda head: head["shapes"]["values"].reverse()),
    "one column less": lambda head, tables: shaped("values", 1, head["shapes"]["values"][1] - 1)(head, tables[8:]),
    "two runs": lambda head, tables: shaped("values", 2, head["shapes"]["values"][1])(
        head, tables[: 8 * head["shapes"]["values"][1]] + tables),
    "one dimension": shaped("values", 3),
    "three dimensions": shaped("values", 1, 1, 1),
    "more than there is": shaped("values", 10**9, 10**9),
    "beyond any number": shaped("values", 10**30, 1),
    "less than nothing": shaped("values", -1, -5),
    "half a row": shaped("values", 0.5, 2),
    "no shapes": with_head(lambda head: head.pop("shapes")),
    "a table missing": with_head(lambda head: head["shapes"].pop("monthly")),
    "another table": with_head(lambda head: head["shapes"].update(more=[1, 1])),
    "bytes behind": lambda head, tables: part(head, tables + bytes(8)),
    "infinite": lambda head, tables: part(head, np.array([np.inf]).tobytes() + tables[8:]),
    "no line of money": with_head(lambda head: head.update(lines=[["a"]])),
    "a line of numbers": with_head(lambda head: head.update(lines=[[1, 2, 3, 4]])),
    "no study": with_head(lambda head: head.pop("study")),
    "a point in words": with_head(lambda head: head.update(point="0")),
    "a point elsewhere": with_head(lambda head: head.update(point=7)),
    "a job backwards": with_head(lambda head: head.update(first=2, last=1)),
    "a job without end": with_head(lambda head: head.update(last=10**30)),
    "another job": with_head(lambda head: head.update(first=2, last=3)),
}  # fmt: skip


@pytest.mark.parametrize("kind", FORGED)
def test_a_part_forged_with_a_right_digest_is_refused(study: Path, kind: str) -> None:
    path = study / "kept" / PART
    body = path.read_bytes()[:-32]
    line, _, tables = body.partition(b"\n")
    path.write_bytes(FORGED[kind](json.loads(line), tables))
    before = {one: one.read_bytes() for one in study.rglob("*") if one.is_file()}
    for more in ((), ("--sample", "6")):
        code, _, wrong = judged(study, *more)
        assert (code, f"kept/{PART}: " in wrong) == (1, True), wrong
    code, said = call(*clinics_call(study.parent), "--resume")
    assert (code, said.count("\n")) == (2, 1), said
    assert f"{PART} in {study}/kept is no part of this study, although its digest is right" in said
    assert {one: one.read_bytes() for one in study.rglob("*") if one.is_file()} == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name")
@pytest.mark.parametrize("name", ["run.json", "scenario-clinic.toml", "runs.csv", "kept/study.json", f"kept/{PART}"])
def test_a_pipe_in_a_files_place_is_waited_for_by_nobody(study: Path, name: str) -> None:
    (study / name).unlink()
    os.mkfifo(study / name)
    assert judged(study, "--sample", "1")[0] in (1, 2)
    assert call("report", str(study))[0] in (0, 2)
    code, _ = call(*clinics_call(study.parent), "--resume")
    assert code == (2 if "kept" in name else 0)
