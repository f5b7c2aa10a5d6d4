#!/usr/bin/env python3
"""Writes the expected values of the tests of sign flips, tail means and roll-ups, from implementations that share no
code with the reduction.

Run in this folder:  python3 make_rollup_fixtures.py
Needs numpy, scipy, statsmodels and mpmath, and make_fixtures.py beside it for the form of the output (which needs
inspect_ai). The tests themselves need no Python: the output is committed.
"""

import random

import numpy as np
import scipy.stats

from make_fixtures import BILLION, records, write


def exact_sign_flips():
    """scipy's permutation test of pairs, over all choices of signs. It counts sums within rounding as equal, as we do."""
    random.seed(31)
    cases = [[3, -1], [5, 5, 5], [2, 1, -1], [0, 4, 0, -3, 9], [7, -7, 2], [10, -9, 8, -7, 6, -5]]
    cases += [[random.randint(-9, 12) for _ in range(n)] for n in (6, 9, 11, 14)]
    cases += [[random.randint(-BILLION // 2, BILLION) for _ in range(n)] for n in (5, 10, 16)]
    rows = []
    for differences in cases:
        values = np.array(differences, dtype=float) / BILLION
        # scipy flips zeros too, which changes no share.
        found = scipy.stats.permutation_test(
            (values, np.zeros_like(values)), lambda x, y, axis: np.abs(np.sum(x - y, axis=axis)), vectorized=True,
            permutation_type="samples", n_resamples=np.inf, alternative="greater")
        rows.append([differences, found.pvalue])
    return rows


def drawn_sign_flips():
    """A million draws of signs by numpy, in whole numbers."""
    generator = np.random.default_rng(32)
    cases = [generator.integers(-1000, 1000, 17), generator.integers(-900, 1000, 64), generator.integers(-80, 100, 120),
             generator.integers(-BILLION // 2, BILLION * 6 // 10, 500), generator.choice([-1, 0, 1], 300) * BILLION // 3]
    rows = []
    for differences in cases:
        observed, reached, draws = abs(int(differences.sum())), 0, 1_000_000
        for _ in range(100):
            signs = generator.integers(0, 2, (draws // 100, len(differences))) * 2 - 1
            reached += int((np.abs(signs @ differences) >= observed).sum())
        rows.append([[int(d) for d in differences], (1 + reached) / (1 + draws)])
    return rows


def worsts():
    """Tail means over epochs: numpy's sort of each sample, then mean and standard error over samples."""
    random.seed(33)
    rows = []
    for name, epochs, graded in [("one epoch", lambda j: 1, True), ("twenty variations", lambda j: 20, True),
                                 ("unequal", lambda j: 1 + j % 23, True), ("rate", lambda j: 20, False)]:
        samples, scores = [], []
        for j in range(40):
            ability = random.random()
            for _ in range(epochs(j)):
                samples.append(j)
                value = random.betavariate(1 + 4 * ability, 2) if graded else float(random.random() < 0.9 + ability / 10)
                scores.append(round(value * BILLION))
        expected, reducers = [], []
        for percent in (1, 10, 25, 50, 99):
            reduced = []
            for j in range(40):
                own = np.sort([score for sample, score in zip(samples, scores) if sample == j]) / BILLION
                # −(−a // b) is a / b rounded up, in whole numbers.
                reduced.append(own[: -(-len(own) * percent // 100)].mean())
            reducers.append("worst_%d" % percent)
            expected.append([len(reduced), np.mean(reduced), np.std(reduced, ddof=1) / np.sqrt(len(reduced))])
        rows.append([name, samples, scores, reducers, expected])
    return rows


def main():
    body = []
    body += records("exactSignFlips", "Differences in billionths, scipy's p value over all signs.", "SignFlipCase",
                    exact_sign_flips(), ["differences", "pValue"])
    body += records("drawnSignFlips", "Differences in billionths, p value of a million draws.", "SignFlipCase",
                    drawn_sign_flips(), ["differences", "pValue"])
    body += records("worsts", "Samples, mean and standard error of the tail means.", "EpochCase", worsts(),
                    ["name", "samples", "scores", "reducers", "expected"])
    write("RollUpFixtures.swift", "sign flips, tail means and roll-ups by numpy, scipy, statsmodels and mpmath.",
          "RollUpFixtures", body, script="make_rollup_fixtures.py")


if __name__ == "__main__":
    main()
