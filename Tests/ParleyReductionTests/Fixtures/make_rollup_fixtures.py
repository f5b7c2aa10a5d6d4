#!/usr/bin/env python3
"""Writes the expected values of the tests of sign flips, tail means and roll-ups, from implementations that share no
code with the reduction.

Run in this folder:  python3 make_rollup_fixtures.py
Needs numpy, scipy, statsmodels and mpmath, and make_fixtures.py beside it for the form of the output (which needs
inspect_ai). The tests themselves need no Python: the output is committed.
"""

import random

import numpy as np
import scipy.special
import scipy.stats
from mpmath import mp, mpf
from statsmodels.stats.meta_analysis import combine_effects

from make_fixtures import BILLION, WORKING, agree, normal_quantile, records, student_quantile, table, write


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


def chi_square_tail(x, degrees):
    with mp.workdps(WORKING):
        return mp.gammainc(mpf(degrees) / 2, mpf(x) / 2, regularized=True)


def chi_squares():
    rows = []
    for degrees in [1, 2, 3, 4, 7, 10, 29, 99, 998, 1000, 20000]:
        for ratio in [1e-6, 0.01, 0.3, 0.7, 0.95, 1.0, 1.05, 1.3, 2.0, 5.0, 20.0]:
            x = degrees * ratio
            value = chi_square_tail(x, degrees)
            if value > mpf(10) ** -280:
                agree(value, scipy.stats.chi2.sf(x, degrees), 1e-9)
                rows.append([x, degrees, value])
    for x, degrees in [(3.841458820694124, 1), (700.0, 1), (1200.0, 3), (40.0, 19), (41.0, 19)]:
        rows.append([x, degrees, chi_square_tail(x, degrees)])
    return rows


def pooled(estimates, errors):
    """statsmodels' estimates. It does not cut τ² to 0, but gives those of τ² = 0 beside the others."""
    found = combine_effects(np.array(estimates), np.array(errors) ** 2, method_re="dl", use_t=True)
    scattered = found.tau2 > 0
    return {
        "q": found.q, "tau": max(0.0, found.tau2), "share": max(0.0, found.i2),
        "mean": found.mean_effect_re if scattered else found.mean_effect_fe,
        "error": found.sd_eff_w_re if scattered else found.sd_eff_w_fe,
        "knapp": found.conf_int(use_t=True)[3 if scattered else 2],
    }


def random_effects(estimates, errors):
    """DerSimonian and Laird, with Hartung and Knapp's interval, by mpmath; statsmodels agrees."""
    y, v = [mpf(e) for e in estimates], [mpf(e) ** 2 for e in errors]
    k = len(y)
    w = [1 / x for x in v]
    centre = sum(a * b for a, b in zip(w, y)) / sum(w)
    q = sum(a * (b - centre) ** 2 for a, b in zip(w, y))
    tau = max(mpf(0), (q - (k - 1)) / (sum(w) - sum(a * a for a in w) / sum(w)))
    share = max(mpf(0), (q - (k - 1)) / q) if q > 0 else mpf(0)
    star = [1 / (x + tau) for x in v]
    mean = sum(a * b for a, b in zip(star, y)) / sum(star)
    error = 1 / mp.sqrt(sum(star))
    z = normal_quantile("0.975")
    scatter = sum(a * (b - mean) ** 2 for a, b in zip(star, y)) / (k - 1)
    half = student_quantile("0.975", k - 1) * mp.sqrt(scatter) * error
    theirs = pooled(estimates, errors)
    if max(errors) / min(errors) < 1e6:
        agree(q, theirs["q"], 1e-7) if q > 1e-12 else None
        agree(tau, theirs["tau"], 1e-6) if tau > 0 else None
        agree(share, theirs["share"], 1e-6) if share > 0 else None
        agree(mean, theirs["mean"], 1e-9)
        agree(error, theirs["error"], 1e-8)
        if scatter > 0:
            agree(mean - half, theirs["knapp"][0], 1e-6)
            agree(mean + half, theirs["knapp"][1], 1e-6)
    ends = [mean - half, mean + half] if scatter > 0 else []
    return [q, chi_square_tail(q, k - 1), share, tau, mean, error, mean - z * error, mean + z * error] + ends


def effects():
    random.seed(34)
    cases = [("two alike", [0.5, 0.5], [0.1, 0.1]), ("two apart", [0.1, 0.9], [0.02, 0.05]),
             ("all equal", [0.3] * 7, [0.01 * (i + 1) for i in range(7)]), ("within chance", [0.5, 0.52, 0.49, 0.51],
             [0.05, 0.06, 0.04, 0.05]), ("one far more exact", [0.2, 0.8, 0.5], [1e-9, 0.1, 0.2]),
             ("one cell dominates by far", [0.25, 0.75, 0.3, 0.9], [1e-13, 0.05, 0.08, 0.1]),
             ("at the ends", [0.0, 1.0, 0.0, 1.0], [0.009, 0.009, 0.004, 0.02])]
    for count, between in [(5, 0.1), (20, 0.02), (300, 0.15)]:
        errors = [random.uniform(0.005, 0.06) for _ in range(count)]
        cases.append(("%d at random" % count,
                      [min(1.0, max(0.0, 0.6 + random.gauss(0, between) + random.gauss(0, e))) for e in errors], errors))
    return [[name, estimates, errors, random_effects(estimates, errors)] for name, estimates, errors in cases]


def surprises():
    """Externally studentised residuals: each estimate against statsmodels' random-effects mean of the others."""
    random.seed(35)
    rows = []
    for name, count, between in [("scattered", 12, 0.1), ("one far off", 8, 0.0), ("three", 3, 0.05)]:
        errors = [random.uniform(0.01, 0.05) for _ in range(count)]
        estimates = [0.2 + random.gauss(0, between) + random.gauss(0, e) for e in errors]
        if name == "one far off":
            estimates[3] += 0.4
        expected = []
        for i in range(count):
            others = pooled(np.delete(estimates, i), np.delete(errors, i))
            spread = np.sqrt(errors[i] ** 2 + others["tau"] + others["error"] ** 2)
            expected.append((estimates[i] - others["mean"]) / spread)
        rows.append([name, estimates, errors, expected])
    return rows


def main():
    body = []
    body += records("exactSignFlips", "Differences in billionths, scipy's p value over all signs.", "SignFlipCase",
                    exact_sign_flips(), ["differences", "pValue"])
    body += records("drawnSignFlips", "Differences in billionths, p value of a million draws.", "SignFlipCase",
                    drawn_sign_flips(), ["differences", "pValue"])
    body += records("worsts", "Samples, mean and standard error of the tail means.", "EpochCase", worsts(),
                    ["name", "samples", "scores", "reducers", "expected"])
    body += table("chiSquares", "x, degrees of freedom, P(X > x)", chi_squares())
    body += records("effects", "Q, its p, I², τ², μ, its error, normal interval, Hartung and Knapp's if there is one.",
                    "EffectsCase", effects(), ["name", "estimates", "errors", "expected"])
    body += records("surprises", "z of each estimate against the others.", "EffectsCase", surprises(),
                    ["name", "estimates", "errors", "expected"])
    write("RollUpFixtures.swift", "sign flips, tail means and roll-ups by numpy, scipy, statsmodels and mpmath.",
          "RollUpFixtures", body, script="make_rollup_fixtures.py")


if __name__ == "__main__":
    main()
