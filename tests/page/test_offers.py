"""Each chart gives its values to a pointer, and its numbers and its picture to keep, from the page alone."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from page.conftest import Opened
from page.test_browser import SHOWN
from page.test_report import rows

from reliefsim.results.disclosure import hidden

Open = Callable[..., Opened]


def saved(page: Any, button: Any) -> tuple[str, bytes]:
    """What a button saves: the file's name, and what it holds."""
    with page.expect_download() as found:
        button.click()
    return found.value.suggested_filename, Path(found.value.path()).read_bytes()


def test_each_chart_saves_its_numbers_and_its_picture(report: Path, opened: Open) -> None:
    one = opened(report)
    page = one.page
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    charts = page.locator(f"{SHOWN}:is(.bars, .map, .plot, .curve)")
    offers = page.locator(f"{SHOWN}.offers")
    assert offers.count() == charts.count() > 5
    first = [f"{SHOWN}.finding .bars .offers", f"{SHOWN}.map .offers", *(f"{SHOWN}.{one}-offers" for one in ("plot", "curve"))]
    for place in first:  # a browser saves ten files of a page at once at most
        buttons = page.locator(place).first.locator("button")
        numbers, picture = (saved(page, buttons.nth(which)) for which in (0, 1))
        table = list(csv.reader(io.StringIO(numbers[1].decode("utf-8-sig"))))
        assert numbers[0].endswith(".csv")
        assert len(table) > 0
        assert all(len(row) > 1 for row in table)
        if picture[0].endswith(".svg"):
            text = picture[1].decode("utf-8")
            assert text.count("<svg") == 1
            assert "class=" not in text  # it looks the same without the page's style
        else:
            assert picture[1].startswith(b"\x89PNG")
    assert one.said == []
    assert one.asked == [report.as_uri()] or all(url.startswith("blob:") for url in one.asked[1:])


def test_the_map_is_shaded_by_those_who_are_not_reached_and_says_so_at_the_pointer(
    report: Path, study_folder: Path, opened: Open
) -> None:
    page = opened(report).page
    found = {}
    for row in rows(study_folder / "indicators.csv"):
        alone = not any(row[one] for one in ("service", "group", "origin", "grant", "period"))
        if row["scenario"] == "baseline" and row["location"] and alone and row["mean"]:
            found[row["indicator"], row["location"]] = float(row["mean"])
    places = [place for name, place in found if name == "people_in_need"]
    small = {place for name in ("people_in_need", "people_reached")
             for place, one in zip(places, hidden([found[name, place] for place in places]), strict=True) if one}  # fmt: skip
    left = {place: 1 - found["people_reached", place] / found["people_in_need", place] for place in places
            if found["people_in_need", place] > 0 and place not in small}  # fmt: skip
    assert len(left) > 2
    regions = page.locator(f"{SHOWN}.map path.region").evaluate_all(
        "all => all.map(one => [one.className.baseVal, one.textContent])"
    )
    steps = sorted(int(style[-1]) for style, _ in regions if "unserved" in style)
    assert steps == sorted(sum(share > edge for edge in (0.25, 0.5, 0.75)) for share in left.values())
    told = sorted(int(one[1]) for _, text in regions if (one := re.search(r"(\d+)% not reached", text)))
    assert told == sorted(round(100 * share) for share in left.values())


def test_a_chart_tells_its_values_under_the_pointer(report: Path, opened: Open) -> None:
    page = opened(report).page
    plot = page.locator(f"{SHOWN}.plot .u-over")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 3, box["y"] + 40)
    page.wait_for_selector(f"{SHOWN}.plot .tip")
    tip = page.inner_text(f"{SHOWN}.plot .tip").splitlines()
    last = page.locator(f"{SHOWN}.numbers tbody tr").last.locator("th, td").evaluate_all("all => all.map(one => one.textContent)")
    assert tip[0] == last[0]
    assert tip[1] == f"Stable displacement: {last[1]} ({last[2]})"
