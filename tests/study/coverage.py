"""Distributions with known means, and how often an interval covers them: ``python -m tests.study.coverage``."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import t

from reliefsim.study.statistics.intervals import METHODS, OF_TWO, SKEWED, SKEWED_FEW, Floats, Intervals, intervals

RUNS = (2, 3, 5, 10, 20, 50, 200, 1000)
SAMPLES = 4_000
OFTEN = 0.2
NAMED_95 = (SKEWED,)
NAMED_LESS = (SKEWED_FEW, OF_TWO)
Draw = Callable[[np.random.Generator, tuple[int, int]], Floats]


def lognormal(variation: float) -> Draw:
    square = np.log(1 + variation**2)
    return lambda random, shape: random.lognormal(-square / 2, np.sqrt(square), shape)


def gamma(form: float) -> Draw:
    return lambda random, shape: random.gamma(form, size=shape)


def binomial(count: int, probability: float) -> Draw:
    return lambda random, shape: random.binomial(count, probability, shape).astype(np.float64)


def poisson(mean: float) -> Draw:
    return lambda random, shape: random.poisson(mean, shape).astype(np.float64)


def now_and_then(probability: float, draw: Draw) -> Draw:
    return lambda random, shape: np.where(random.random(shape) < probability, draw(random, shape), 0.0)


def less(minuend: Draw, subtrahend: Draw) -> Draw:
    return lambda random, shape: minuend(random, shape) - subtrahend(random, shape)


def normal(random: np.random.Generator, shape: tuple[int, int]) -> Floats:
    return random.normal(size=shape)


def mirrored(random: np.random.Generator, shape: tuple[int, int]) -> Floats:
    return -random.exponential(size=shape)


def fifth(random: np.random.Generator, shape: tuple[int, int]) -> Floats:
    return random.exponential(0.2, shape)


CASES: dict[str, tuple[Draw, float]] = {
    "normal": (normal, 0.0),
    "uniform": (lambda random, shape: random.random(shape), 0.5),
    "Student's t, 3 degrees of freedom": (lambda random, shape: random.standard_t(3, shape), 0.0),
    "exponential": (gamma(1), 1.0),
    "exponential, mirrored": (mirrored, -1.0),
    "lognormal, cv 1": (lognormal(1), 1.0),
    "lognormal, cv 2": (lognormal(2), 1.0),
    "gamma, shape 0.5": (gamma(0.5), 0.5),
    "gamma, shape 0.25": (gamma(0.25), 0.25),
    "Pareto, tail 3": (lambda random, shape: random.pareto(3, shape), 0.5),
    "0, or one in 5 exponential": (now_and_then(0.2, gamma(1)), 0.2),
    "0, or one in 10 exponential": (now_and_then(0.1, gamma(1)), 0.1),
    "0, or one in 10 gamma 0.5": (now_and_then(0.1, gamma(0.5)), 0.05),
    "0, or one in 10 normal": (now_and_then(0.1, normal), 0.0),
    "0 or 1, p 0.02": (binomial(1, 0.02), 0.02),
    "0 or 1, p 0.1": (binomial(1, 0.1), 0.1),
    "0 or 1, p 0.5": (binomial(1, 0.5), 0.5),
    "binomial, 4 of p 0.1": (binomial(4, 0.1), 0.4),
    "Poisson 0.2": (poisson(0.2), 0.2),
    "Poisson 1.5": (poisson(1.5), 1.5),
    "geometric from 0, mean 1": (lambda random, shape: (random.geometric(0.5, shape) - 1).astype(np.float64), 1.0),
    "Poisson 0.1 less Poisson 0.2": (less(poisson(0.1), poisson(0.2)), -0.1),
    "Poisson 0.1 less Poisson 0.1": (less(poisson(0.1), poisson(0.1)), 0.0),
    "exponential less a fifth of one": (less(gamma(1), fifth), 0.8),
}


@dataclass(frozen=True)
class Coverage:
    """Of the samples of one case that are not all equal. ``names``: by code, how many have it and how many are covered.

    ``width``: the median, in widths of Student's interval of the same sample.
    """

    names: dict[int, tuple[int, int]]
    student: float
    width: float
    samples: int

    def of(self, *codes: int) -> tuple[float, int]:
        """Coverage of these names together, and of how many samples."""
        count = sum(self.names.get(code, (0, 0))[0] for code in codes)
        return sum(self.names.get(code, (0, 0))[1] for code in codes) / max(count, 1), count


def measure(case: str, runs: int, samples: int = SAMPLES, make: Callable[[Floats], Intervals] = intervals) -> Coverage:
    draw, mean = CASES[case]
    random = np.random.Generator(np.random.Philox(key=[zlib.crc32(case.encode()), runs]))
    values = draw(random, (runs, samples))
    values = values[:, (values != values[0]).any(axis=0)]
    found, student = make(values), student_intervals(values)
    covers = (found.low <= mean) & (mean <= found.high)
    codes = [int(code) for code in np.unique(found.codes)]
    return Coverage(
        {code: (int((found.codes == code).sum()), int(covers[found.codes == code].sum())) for code in codes},
        float(((student.low <= mean) & (mean <= student.high)).mean()),
        float(np.median((found.high - found.low) / (student.high - student.low))),
        values.shape[1],
    )


def student_intervals(values: Floats) -> Intervals:
    """What the intervals were before: Student's, said to cover 95 % whatever the values are."""
    count = len(values)
    half = t.ppf(0.975, count - 1) * values.std(axis=0, ddof=1) / np.sqrt(count)
    mean = values.mean(axis=0)
    return Intervals(mean - half, mean + half, np.full(len(mean), SKEWED))


def worst(runs: int, codes: tuple[int, ...], make: Callable[[Floats], Intervals] = intervals) -> tuple[float, int, str]:
    """The least coverage of these names, of how many samples, and in which case, if one sample in five has them.

    Of a name that is rarer in a case, coverage says little: where events are rare, samples with many of them are the
    ones that mislead, and no interval that is printed for those alone can cover.
    """
    found = {case: measure(case, runs, make=make) for case in CASES}
    often = [(*one.of(*codes), case) for case, one in found.items() if one.of(*codes)[1] >= OFTEN * one.samples]
    return min(often, default=(1.0, 0, "none"))


def main() -> None:
    for runs in RUNS:
        print(f"\n{runs} runs: what Student's t covers, the width of ours in widths of it, what each name covers")
        for case in CASES:
            found = measure(case, runs)
            shares = {code: count / found.samples for code, (count, _) in found.names.items()}
            named = (f"{METHODS[code]}: {found.of(code)[0]:.1%} ({share:.0%})" for code, share in shares.items())
            print(f"  {case:34}{found.student:7.1%} {found.width:5.2f}  " + "; ".join(named))
    print("\nThe worst case in which one sample in five has the name: 95 %; a lower one; Student's t")
    for runs in RUNS:
        rows = (worst(runs, NAMED_95), worst(runs, NAMED_LESS), worst(runs, NAMED_95, student_intervals))
        print(f"  {runs:5}  " + "; ".join(f"{covered:.1%} ({case})" if n else "-" for covered, n, case in rows))


if __name__ == "__main__":
    main()
