"""How the chance of meeting a target, and the people reached, grow with more money."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...results.answer_folder import ASK, AnswerFolder, read_answers
from ...store import Row
from ..text.said import capital
from ..text.spread import grouped
from ..text.tongue import Plain
from ..views.ask_sentences import finding
from ..views.ask_words import asked
from .canvas import COLOURS, GREY, figure
from .figure_saving import draw_and_save

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAME = "10-ask"


def draw_ask(folder: Path) -> set[str]:
    """Draw ask.csv of a folder into it, as PNG and SVG; the letters that no font of this machine has."""
    return draw_and_save(lambda: ask_curve(*read_answers([folder], ASK)), folder, NAME)


def ask_curve(answer: AnswerFolder) -> Figure:
    """The chance by amount, with its interval and the certainty that is wanted; below it, people reached."""
    made = figure(7.5, 5.6)
    above, below = made.subplots(2, 1, sharex=True)
    ask, plain = asked(answer), Plain()
    _chances(above, answer.part("chance"), ask)
    _reached(below, [row for row in answer.part("curve") if row["indicator"] == "people_reached"])
    below.set_xlabel(f"Additional USD, thousand, there on {plain.date(ask['arrives'])}")
    made.suptitle(textwrap.fill(capital(plain.told(finding(answer))), 76), x=0.01, ha="left", fontsize=11, weight="bold")
    note = (
        f"{ask['scenario']}, rule {ask['rule']}, {int(ask['replications']):,} runs. Bands: 95 % interval of the chance "
        "(Clopper and Pearson); bars: interval of the mean. The ask is the upper 97.5 % limit of the amount that is "
        "enough in the wanted share of runs."
    )
    made.supxlabel(textwrap.fill(note, 105), x=0.01, ha="left", fontsize=8, color=GREY)
    return made


def _chances(axes: Axes, rows: Sequence[Row], ask: Row) -> None:
    amounts = [float(row["additional_usd"]) / 1000 for row in rows]
    chance, low, high = ([100 * float(row[name]) for row in rows] for name in ("chance", "chance_low", "chance_high"))
    axes.fill_between(amounts, low, high, color=COLOURS[0], alpha=0.2, linewidth=0)
    axes.plot(amounts, chance, color=COLOURS[0])
    wanted = 100 * float(ask["certainty"])
    axes.axhline(wanted, color=GREY, linestyle="--", linewidth=0.9)
    axes.annotate(f"wanted: {wanted:.0f} %", (0, wanted), (2, 3), textcoords="offset points", fontsize=8, color=GREY)
    if ask["additional_usd"]:
        usd = float(ask["additional_usd"])
        axes.axvline(usd / 1000, color=COLOURS[1], linestyle="-.", linewidth=1.2)
        _label(axes, usd / 1000, f"USD {grouped(usd)}", amounts)
    axes.set_ylim(-3, 103)
    axes.set_ylabel("Target is met in\n% of runs")
    axes.grid(axis="y")


def _label(axes: Axes, at: float, text: str, amounts: Sequence[float]) -> None:
    """On the side of the line that has room: beyond the ask the curve is high."""
    left = at > 0.85 * max(amounts, default=1.0)
    where: dict[str, Any] = {"textcoords": "offset points", "ha": "right" if left else "left", "fontsize": 9}
    axes.annotate(text, (at, 30), (-9 if left else 5, 0), color=COLOURS[1], weight="bold", **where)


def _reached(axes: Axes, rows: Sequence[Row]) -> None:
    """Means and their intervals, where there are any."""
    amounts = [float(row["additional_usd"]) / 1000 for row in rows]
    means = [float(row["mean"]) for row in rows]
    ends = [(float(row["ci_low"] or row["mean"]), float(row["ci_high"] or row["mean"])) for row in rows]
    below = [max(0.0, mean - low) for mean, (low, _) in zip(means, ends, strict=True)]
    above = [max(0.0, high - mean) for mean, (_, high) in zip(means, ends, strict=True)]
    axes.errorbar(amounts, means, yerr=[below, above], color=COLOURS[2], marker="s", markersize=4, capsize=3)
    axes.set_ylabel("People reached\n(mean)")
    axes.yaxis.set_major_formatter(lambda value, _: grouped(value))
    axes.grid(axis="y")
