"""Hard input is refused in ordinary words: long numbers, odd keys, links in circles, dear lists, long lines."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from reliefsim.cli.main import main
from reliefsim.scenario import Fault, ScenarioError, load_scenario, read, replace

from .broken_text import GOOD, FaultsOf, broken, line_of

LONG = "9" * 400  # more digits than any float has
LONGER = "9" * 5_000  # more than Python turns into a number
HEXADECIMAL = "0x" + "f" * 5_000  # no such limit, and no way back into digits
SECONDS = 0.4  # of a processor's time
NUMBER = re.compile(r'(?<![\w."-])\d+(?:\.\d+)?(?![\w-])')  # a number, and no part of a date or a name
NUMBERED = [line for line in dict.fromkeys(GOOD.split("\n")) if GOOD.count(f"\n{line}\n") == 1 and NUMBER.search(line)]
FILED = broken(
    ("dates = [2012-07-01, 2012-08-01, 2013-07-01]", 'file = "counts.csv"'), ("people = [1200, 1300, 1250]", "#")
)


def told(faults: list[Fault]) -> str:
    """All that is said."""
    return "\n".join(map(str, faults))


@pytest.mark.parametrize("written", [LONG, LONGER, HEXADECIMAL], ids=["400", "5000", "hexadecimal"])
def test_a_number_of_very_many_digits_is_a_fault_of_its_key_wherever_it_stands(written: str, faults_of: FaultsOf) -> None:
    assert len(NUMBERED) > 55
    for line in NUMBERED:
        for found in NUMBER.finditer(line):
            new = line[: found.start()] + written + line[found.end() :]
            text = broken((line, new), ("seats = 45", "seats = 0")) if "seats" not in line else broken((line, new))
            faults = faults_of(text)
            at = text[: text.index(written)].count("\n") + 1
            here = [fault for fault in faults if fault.line == at]
            assert len(here) == 1, f"{line}: {told(faults)}"
            assert here[0].path.split(".")[-1] == line.split(" = ")[0] or "{" in line or "[" in line, told(faults)
            assert len(faults) == 1 + ("seats" not in line), told(faults)
            assert len(str(here[0])) < 400


@pytest.mark.parametrize("written", [LONG, f"-{LONG}", LONGER, "1e400", HEXADECIMAL])
def test_so_it_is_of_a_setting_and_in_code(written: str, faults_of: FaultsOf) -> None:
    [fault] = faults_of(GOOD, [f"caseload.people={written}"])
    assert str(fault).startswith("--set: caseload.people: ")
    with pytest.raises(ScenarioError, match=r"replace: caseload\.people: is above 20,000,000"):
        replace(load_scenario("baseline"), {"caseload.people": 10**400, "horizon_days": 10**5_000})
    assert faults_of(broken(('kind = "convoy"', f"kind = {written}"), ("format = 1", f"extends = {written}"))) != []


@pytest.mark.parametrize("key", ["<script>", "[key]", "<count>", "<usd>", "<days>", "x" * 300, "a.b", "casework", ""])
def test_a_key_may_look_like_anything(key: str, faults_of: FaultsOf) -> None:
    for header in ("title = \"A small operation\"", *re.findall(r"\n(\[[^\n]+\])(?=\n)", GOOD)):
        if header == "[plan.shares]" or GOOD.count(f"\n{header}\n") > 1:
            continue
        text = broken((header, f'{header}\n"{key}" = 1'))
        [fault] = faults_of(text)
        assert fault.line == line_of(text, f'"{key}" = 1')
        assert "unknown key" in str(fault) or "is a team's own" in str(fault), str(fault)
    for section in ("origins", "grants", "services", "plan.shares"):
        [first, *others] = faults_of(f'{GOOD}[{section}."{key}"]\n')
        assert first.line == GOOD.count("\n") + 1 or others, told([first, *others])


def odd_files() -> dict[str, str]:
    """Names of files that cannot be read, and what is said of each."""
    Path("a.toml").symlink_to("b.toml")
    Path("b.toml").symlink_to("a.toml")
    Path("round").symlink_to("round")
    Path("gone.toml").symlink_to("nowhere.toml")
    os.mkfifo("pipe.toml")
    Path("folder.toml").mkdir()
    return {
        "a.toml": "symbolic links", "round": "symbolic links", "round/x.toml": "symbolic links",
        "gone.toml": "a link to no file", "pipe.toml": "not a plain file", "folder.toml": "a directory",
        "/dev/zero": "not a plain file", "x" * 300: "no such scenario", f"{'x' * 300}.toml": "cannot be read",
        f"{'x' * 300}/{'x' * 300}.toml": "cannot be read", "x/" * 3_000: "cannot be read",
    }  # fmt: skip


def test_what_is_no_file_is_told_as_a_scenario_a_parent_and_a_series(faults_of: FaultsOf) -> None:
    for name, words in odd_files().items():
        with pytest.raises(ScenarioError, match=words) as error:
            read(name)
        assert len(error.value.faults) == 1
        [fault] = faults_of(FILED.replace("counts.csv", name))
        assert fault.line == line_of(FILED, 'file = "counts.csv"')
        assert fault.path == "displacement.record.file"
        stem = name.removesuffix(".toml")
        if name != stem and len(name) < 64 and "/" not in name:
            [fault] = faults_of(f'\nextends = "{stem}"\n')
            assert str(fault).startswith("broken.toml:2: extends: ")
            assert words in str(fault)


def test_twenty_parents_are_read_and_no_more(faults_of: FaultsOf) -> None:
    for number in range(1_200):
        Path(f"p{number}.toml").write_text(f'extends = "p{number + 1}"\n')
    Path("p1200.toml").write_text(GOOD)
    begun = time.process_time()
    [fault] = faults_of('extends = "p0"\n')
    assert time.process_time() - begun < SECONDS
    assert str(fault).startswith("p19.toml:1: extends: has too many parents"), str(fault)
    assert faults_of('extends = "p1181"\n') == []


def test_laws_that_grow_beyond_all_people_are_told(faults_of: FaultsOf) -> None:
    law = 'law = "logistic"\ngrowth_month = 0.1\nceiling_people = 2000'
    text = broken((law, 'law = "compound"\ngrowth_month = 10')).replace("horizon_days = 200", "horizon_days = 20000")
    text = text.replace("people = 600", "people = 0")
    [fault] = faults_of(text)
    assert (fault.path, fault.problem) == ("displacement.trend", "more people displaced than live on Earth")


UNITS = ["1", "1,", "1 ", "1_", "1.", "-", " ", "'", '\\"', "[", "#", "=", "a=", "[é]", "a.", "\u00a0", "٢"]


@pytest.mark.parametrize("before", ["x = ", "x = 1", "", "x = [", "x = {", 'x = "'])
def test_a_long_line_of_anything_costs_no_time(before: str, faults_of: FaultsOf) -> None:
    for unit in UNITS:
        for behind in ("", "z"):
            line = before + unit * (20_000 // len(unit)) + behind
            begun = time.process_time()
            faults_of(f"{GOOD}{line}\n")
            faults_of(GOOD.replace("people = 600", f"people = '''{line}'''"), [f"horizon_days={line}"])
            assert time.process_time() - begun < 2 * SECONDS, (unit, behind)


@pytest.mark.parametrize(("behind", "problems"), [("]\n", []), ("\n", ["is not TOML: invalid value"])])
def test_the_longest_list_that_a_file_has_room_for_costs_no_time(
    behind: str, problems: list[str], faults_of: FaultsOf
) -> None:
    """Twice as long a list takes twice as long, not four times: the best of three, for a busy machine tells other seconds."""

    def spent(count: int) -> float:
        text = broken(("until_day = 50", "instants_days = [" + "1," * count + behind))
        begun = time.process_time()
        assert [fault.problem for fault in faults_of(text)] == problems
        return time.process_time() - begun

    whole, half = (min(spent(count) for _ in range(3)) for count in (98_000, 49_000))
    assert whole < 3 * half + 0.1
    assert whole < 8 * SECONDS


def test_a_list_longer_than_any_may_be_is_not_looked_at() -> None:
    with pytest.raises(ScenarioError, match=r"arrivals\.instants_days: holds 100,001 .*none was looked at"):
        replace(load_scenario("invented-flood"), {"arrivals": {"instants_days": [1] * 100_001}})


# A number that becomes money or a count in a list, and the key at fault.
LISTED = [
    ("unit_cost_usd = 10", "unit_cost_usd = { values_usd = [1e17, 1], shares = [0.5, 0.5] }", "unit_cost_usd.values_usd.0"),
    ("unit_cost_usd = 10", "unit_cost_usd = { values_usd = [1, 10_000_000_000.01], shares = [0.5, 0.5] }", "values_usd.1"),
    ("people = [100, 200]", "people = [100, 20_000_001]", "refugees.abroad.people.1"),
    ("people = [1200, 1300, 1250]", "people = [1200, 1300, 9_000_000_000_000_000_000]", "displacement.record.people.2"),
    ("until_day = 50", "instants_days = [1, 1e300]", "arrivals.instants_days.1"),
    ("lead_time = 30", 'lead_time = { law = "empirical", values_days = [1, 2], weights = [1, 1e300] }', "lead_time.weights.1"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "path"), LISTED)
def test_numbers_in_lists_have_the_bounds_of_others(old: str, new: str, path: str, faults_of: FaultsOf) -> None:
    [fault] = faults_of(broken((old, new)))
    assert fault.path.endswith(path), str(fault)
    assert fault.problem == "is too large"


# What is legal alone, and comes to more than 64 bits hold of cents times millionths; the keys that are named.
PRODUCTS = [
    (("unit_cost_usd = 20", "unit_cost_usd = 1e9"), ("services.trace.unit_cost_usd", "caseload.people")),
    (("unit_cost_usd = 20", "unit_cost_usd = { value = 4, high = 1e9 }"), ("services.trace.unit_cost_usd",)),
    (("unit_cost_usd = 10", "unit_cost_usd = { values_usd = [1, 1e9], shares = [0.5, 0.5] }"), ("services.bus.unit_cost_usd",)),
    (("departure_cost_usd = 500", "departure_cost_usd = 1e9"), ("services.bus.departure_cost_usd",)),
    (("item_cost_usd = 40\norder_quantity = 50", "item_cost_usd = 1e7\norder_quantity = 1e6"),
     ("services.kits.stock.item_cost_usd", "services.kits.stock.order_quantity")),
    (("cost_usd_per_30_days = 300", "cost_usd_per_30_days = 1e10"), ("teams.counsellors.cost_usd_per_30_days", "count")),
    (("find_probability = 0.8", "household_cost_usd = 1e10"), ("dtm.household_cost_usd", "caseload.people")),
    (("find_probability = 0.8", "round_cost_usd = 1e10\nevery_days = 1"), ("dtm.round_cost_usd", "dtm.every_days")),
    (('label = "Town"', "price_factor = 1000"), ("locations.town.price_factor",)),
]  # fmt: skip


@pytest.mark.parametrize(("change", "keys"), PRODUCTS)
def test_products_that_64_bits_do_not_hold_name_their_keys(
    change: tuple[str, str], keys: tuple[str, ...], faults_of: FaultsOf
) -> None:
    text = broken(change)
    if "every_days" in change[1]:
        text = text.replace("first_day = 5\nevery_days = 30\n", "first_day = 5\n")
    if "price_factor" in change[1]:
        text = text.replace("unit_cost_usd = 10\n", "unit_cost_usd = 1e6\n")
    [fault] = faults_of(text)
    assert "US dollars" in str(fault)
    assert all(key in str(fault) for key in keys), str(fault)
    assert fault.line > 1


@pytest.mark.parametrize("out", ["round", "round/x", "x" * 300])
def test_a_scenario_is_not_begun_where_there_can_be_no_folder(out: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("round").symlink_to("round")
    done = CliRunner().invoke(main, ["new", "mine", "--from", "baseline", "--out", out])
    assert (done.exit_code, done.output[:7]) == (2, "--out: "), done.output


def test_a_thousand_unknown_names_among_a_thousand_cost_no_time(faults_of: FaultsOf) -> None:
    names = [f"place-number-{number:04d}-of-a-long-name-that-is-alike" for number in range(998)]
    text = GOOD + "".join(f"[locations.{name}]\nshare = 0\n" for name in names)
    begun = time.process_time()
    faults = faults_of(text.replace('places = ["town"]', f"places = {[name + 'x' for name in names]}".replace("'", '"')))
    assert time.process_time() - begun < 3 * SECONDS  # 38 s where each is compared with each
    assert [fault.meant for fault in faults[:2]] == [f'"{name}"' for name in names[:2]]
