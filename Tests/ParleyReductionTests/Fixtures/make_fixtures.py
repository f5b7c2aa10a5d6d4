#!/usr/bin/env python3
"""Writes the expected values of the reduction's tests, from implementations that share no code with it.

Run in this folder:  python3 make_fixtures.py
Needs numpy, scipy, statsmodels, inspect_ai and mpmath. The tests themselves need no Python: the output is committed.

Special functions come from mpmath at 60 digits. Statistics come from mpmath or exact fractions where a closed form
exists, and are held against statsmodels and scipy here (`agree`), so that two oracles stand behind each number.
"""

import math
import random
from fractions import Fraction

import numpy as np
import scipy.special
import scipy.stats
import statsmodels.api as sm
from inspect_ai.scorer import Score, at_least, max_score, mean_score, median_score, mode_score, pass_at
from mpmath import mp, mpf
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

mp.dps = 60
BILLION = 10**9
WORKING = 240  # digits, so that one minus a value of 1 − 10⁻¹⁵⁰ keeps more than enough of them


def agree(ours, theirs, tolerance=1e-9):
    ours, theirs = float(ours), float(theirs)
    assert abs(ours - theirs) <= tolerance * max(abs(theirs), 1e-12), (ours, theirs)
    return ours


def normal_quantile(p):
    return mp.sqrt(2) * mp.erfinv(2 * mpf(p) - 1)


def beta_series(a, b, x, y):
    """I_x(a, b) by DLMF 8.17.8, a series of positive terms."""
    front = mp.exp(a * mp.log(x) + b * mp.log(y) - mp.loggamma(a) - mp.loggamma(b) + mp.loggamma(a + b)) / a
    term, total, n = mpf(1), mpf(1), 0
    while term * 10**8 > total * mp.eps:
        term *= x * (a + b + n) / (a + 1 + n)
        total += term
        n += 1
    return front * total


def beta_pair(a, b, x, y):
    """I_x(a, b) and its complement, from the side where the series converges fast, with digits to spare."""
    with mp.workdps(WORKING):
        a, b, x, y = mpf(a), mpf(b), mpf(x), mpf(y)
        if x < y:
            value = beta_series(a, b, x, y)
            return value, 1 - value
        rest = beta_series(b, a, y, x)
        return 1 - rest, rest


def student_two_sided(t, df):
    with mp.workdps(WORKING):
        t, df = mpf(t), mpf(df)
        return beta_pair(df / 2, mpf(1) / 2, df / (df + t * t), t * t / (df + t * t))[0]


def student_quantile(p, df):
    """Solves on the tail, from scipy's value."""
    p = mpf(p)
    tail = min(p, 1 - p)
    if tail == mpf(1) / 2:
        return mpf(0)
    start = abs(mpf(float(scipy.stats.t.ppf(float(tail), float(df)))))
    root = mp.findroot(lambda t: student_two_sided(t, df) / (2 * tail) - 1, (start, start * (1 + mpf(10) ** -9)))
    return root if p > mpf(1) / 2 else -root


# Special functions -------------------------------------------------------------------------------------------------

def exponentials():
    xs = [0.0, 1e-300, -1e-10, 1e-5, 0.1, -0.1, 0.34657359, -0.35, 0.5, 1.0, -1.0, 2.5, -3.75, 10.0, -10.0, 55.5, -100.0,
          300.25, -345.6, 700.0, -700.0, 709.5, -708.0]
    return [[x, mp.exp(mpf(x))] for x in xs]


def logarithms():
    xs = [1e-308, 1e-100, 1e-5, 0.1, 0.3, 0.5, 0.7071, 0.70711, 0.9, 0.999999, 1.0000001, 1.2, 1.41421, 1.41422, 2.0, 3.0,
          10.0, 12345.678, 1e10, 1e100, 1.7e308]
    return [[x, mp.log(mpf(x))] for x in xs]


def logarithms_of_one_plus():
    xs = [-0.9, -0.5, -0.29, -0.1, -1e-5, -1e-17, 1e-20, 1e-8, 0.01, 0.2, 0.4, 0.41, 0.42, 1.0, 10.0, 1e6]
    return [[x, mp.log1p(mpf(x))] for x in xs]


def log_gammas():
    xs = [1e-10, 0.001, 0.1, 0.25, 0.4999, 0.5, 0.75, 0.999, 0.9999999, 1.0000001, 1.001, 1.25, 1.4999, 1.5, 1.75, 1.999,
          2.0000001, 2.001, 2.49, 2.5, 3.0, 4.5, 7.25, 9.999, 10.0, 10.5, 15.0, 50.0, 123.456, 1e3, 5e4, 1e6, 1e10]
    return [[x, mp.loggamma(mpf(x))] for x in xs]


def incomplete_betas():
    rows = []
    for a in [0.5, 1.0, 2.5, 10.0, 49.5, 500.0, 2e4]:
        for b in [0.5, 1.0, 3.0, 40.0, 1000.0]:
            for x in [1e-6, 0.03125, 0.25, 0.5, 0.75, 0.984375]:
                value, rest = beta_pair(a, b, x, 1 - x)
                if min(value, rest) > mpf(10) ** -80:
                    agree(value, scipy.special.betainc(a, b, x), 1e-10)
                    agree(rest, scipy.special.betaincc(a, b, x), 1e-10)
                    rows.append([a, b, x, 1 - x, value, rest])
    return rows


def normal_cumulatives():
    xs = [-35.0, -20.0, -8.5, -6.0, -4.0, -3.0, -2.5001, -2.4999, -1.96, -1.0, -0.5, -1e-3, -1e-12, 0.0, 1e-12, 0.25, 1.0,
          1.645, 2.4999, 2.5, 3.0, 5.0, 8.0]
    return [[x, mp.erfc(-mpf(x) / mp.sqrt(2)) / 2] for x in xs]


def normal_quantiles():
    ps = [1e-300, 1e-100, 1e-15, 1e-6, 0.001, 0.005, 0.025, 0.1, 0.2, 0.25, 0.2500001, 0.3, 0.4, 0.49, 0.4999999, 0.51, 0.6,
          0.75, 0.8, 0.9, 0.95, 0.975, 0.995, 0.9995]
    rows = []
    for p in ps:
        if p < 0.5:
            start = mpf(float(scipy.stats.norm.ppf(p)))
            root = mp.findroot(lambda z: mp.log(mp.erfc(-z / mp.sqrt(2)) / 2) - mp.log(mpf(p)), start)
        else:
            root = normal_quantile(p)
        rows.append([p, agree(root, scipy.stats.norm.ppf(p))])
    return rows


DEGREES = [1.0, 2.0, 3.0, 4.5, 7.0, 29.0, 99.0, 299.0, 1319.0, 99999.0, 1e6]


def student_cumulatives():
    rows = []
    for df in DEGREES:
        for t in [-30.0, -8.0, -2.5, -1.0, -0.01, 0.3, 1.7, 1.9599, 4.0]:
            half = student_two_sided(t, df) / 2
            value = half if t < 0 else 1 - half
            if value > mpf(10) ** -150:
                rows.append([t, df, value])
    return rows


def student_quantiles():
    rows = []
    for df in DEGREES:
        for p in [1e-8, 0.001, 0.025, 0.1, 0.3, 0.45, 0.6, 0.8, 0.9, 0.95, 0.975, 0.995, 0.9995]:
            rows.append([p, df, agree(student_quantile(p, df), scipy.stats.t.ppf(p, df), 1e-8)])
    return rows


# Statistics --------------------------------------------------------------------------------------------------------

def wilsons():
    rows = []
    for successes, n in [(0, 1), (1, 1), (0, 10), (10, 10), (1, 10), (5, 10), (7, 300), (150, 300), (299, 300),
                         (1, 100000), (54321, 100000), (3, 1000000000)]:
        for level in [0.9, 0.95, 0.99]:
            p, z = Fraction(successes, n), normal_quantile((1 + mpf(level)) / 2)
            rate = mpf(p.numerator) / p.denominator
            middle = (rate + z * z / (2 * n)) / (1 + z * z / n)
            half = z / (1 + z * z / n) * mp.sqrt(rate * (1 - rate) / n + z * z / (4 * mpf(n) ** 2))
            lower, upper = proportion_confint(successes, n, alpha=1 - level, method="wilson")
            agree(middle + half, upper)
            if successes > 0:
                agree(middle - half, lower, 1e-6)
            rows.append([successes, n, level, middle - half if successes else 0.0, middle + half])
    return rows


def beta_quantile(p, a, b):
    """Solves on the tail, from scipy's value."""
    if p == 0 or p == 1:
        return mpf(p)
    start = mpf(float(scipy.stats.beta.ppf(float(p), float(a), float(b))))
    with mp.workdps(WORKING):
        low_tail = p < mpf(1) / 2
        wanted = p if low_tail else 1 - p
        root = mp.findroot(
            lambda x: mp.log(beta_pair(a, b, x, 1 - x)[0 if low_tail else 1] / wanted),
            (start, start * (1 + mpf(10) ** -9)), tol=mpf(10) ** -60)
    return agree(root, scipy.stats.beta.ppf(float(p), float(a), float(b)), 1e-8)


def binomials():
    """Clopper and Pearson's, and Jeffreys', interval."""
    rows = []
    for successes, n in [(0, 1), (1, 1), (0, 20), (3, 20), (20, 20), (1, 40), (250, 500), (499, 500), (1, 10000),
                         (60000, 100000)]:
        for level in [0.9, 0.95, 0.99]:
            tail = (1 - mpf(level)) / 2
            k, rest = successes, n - successes
            exact = [beta_quantile(tail, k, rest + 1) if k else 0.0,
                     beta_quantile(1 - tail, k + 1, rest) if rest else 1.0]
            theirs = proportion_confint(successes, n, alpha=1 - level, method="beta")
            agree(exact[0], theirs[0], 1e-7)
            agree(exact[1], theirs[1], 1e-7)
            half = mpf(1) / 2
            bayes = [beta_quantile(tail, k + half, rest + half) if k else 0.0,
                     beta_quantile(1 - tail, k + half, rest + half) if rest else 1.0]
            rows.append([successes, n, level, *exact, *bayes])
    return rows


def bootstraps():
    """Standard error, percentile and BCa interval by scipy with 200,000 resamples of whole samples: known to a few
    thousandths of the standard error, and so is ours."""
    rows = []
    generator = np.random.default_rng(15)
    for name, count, epochs, level in [("rate", 40, 3, 0.95), ("skewed", 25, 1, 0.95), ("unbalanced", 60, 0, 0.9)]:
        samples, scores = [], []
        for j in range(count):
            effect = generator.beta(1, 6) if name == "rate" else generator.gamma(0.7)
            for _ in range(epochs or 1 + j % 5):
                samples.append(j)
                value = float(generator.random() < effect) if name == "rate" else effect + generator.normal() * 0.05
                scores.append(round(value * BILLION))
        sums, counts = np.zeros(count), np.zeros(count)
        for sample, score in zip(samples, scores):
            sums[sample] += score / BILLION
            counts[sample] += 1

        def ratio(s, c, axis=-1):
            return s.sum(axis=axis) / c.sum(axis=axis)

        found = {}
        for method in ("percentile", "BCa"):
            result = scipy.stats.bootstrap(
                (sums, counts), ratio, paired=True, n_resamples=200_000, batch=10_000, confidence_level=level,
                method=method, rng=np.random.default_rng(16))
            found[method] = [result.confidence_interval.low, result.confidence_interval.high]
        rows.append([name, samples, scores, [level, result.standard_error, *found["percentile"], *found["BCa"]]])
    return rows


def mcnemars():
    rows = []
    for b, c in [(0, 0), (0, 1), (0, 2), (1, 1), (0, 6), (1, 9), (9, 1), (3, 4), (3, 5), (10, 25), (40, 61), (0, 60),
                 (100, 150), (480, 520), (900, 1200), (4900, 5100), (49000, 51000), (49990, 50010), (0, 1000), (30000, 70000)]:
        n, k = b + c, min(b, c)
        if k * 2 >= n - 1:
            p = Fraction(1)
        else:
            term, total = 1, 1
            for i in range(1, k + 1):
                term = term * (n - i + 1) // i
                total += term
            p = Fraction(2 * total, 2**n)
        value = mpf(p.numerator) / mpf(p.denominator)
        theirs = mcnemar([[0, b], [c, 0]], exact=True).pvalue
        agree(min(value, 1), theirs, 1e-6) if theirs > 1e-200 else None
        rows.append([b, c, value])
    return rows


def holms():
    random.seed(11)
    tables = [[0.01, 0.04, 0.03, 0.005], [0.5], [0.02, 0.02, 0.02], [1.0, 0.9, 0.0001, 0.6, 0.049],
              [round(random.random() ** 3, 6) for _ in range(24)]]
    return [[list(table), list(multipletests(table, method="holm")[1])] for table in tables]


def benjamini_hochbergs():
    return [[raw, list(multipletests(raw, method="fdr_bh")[1])] for raw, _ in holms()]


def quantiles():
    random.seed(12)
    rows = []
    for n in [1, 2, 3, 19, 20, 21, 99, 100, 101, 200, 777]:
        values = [random.choice([random.randrange(50), random.randrange(10**6), random.randrange(10**12)]) for _ in range(n)]
        found = [int(np.percentile(np.array(values), q, method="inverted_cdf")) for q in (50, 95, 99)]
        rows.append([values, found])
    return rows


def clustered_mean(samples, scores):
    """Mean, CR1 standard error and t interval at 95 %, in exact fractions and then mpmath; statsmodels agrees."""
    n = len(scores)
    exact = [Fraction(s, BILLION) for s in scores]
    mean = sum(exact) / n
    clusters = {}
    for sample, score in zip(samples, exact):
        clusters.setdefault(sample, []).append(score)
    g = len(clusters)
    squares = sum((sum(c) - len(c) * mean) ** 2 for c in clusters.values())
    variance = Fraction(g, g - 1) * squares / n**2
    error = mp.sqrt(mpf(variance.numerator) / variance.denominator)
    half = student_quantile("0.975", g - 1) * error
    centre = mpf(mean.numerator) / mean.denominator
    fit = sm.OLS(np.array([float(s) for s in exact]), np.ones(n)).fit(
        cov_type="cluster", cov_kwds={"groups": np.array(samples), "use_correction": True}, use_t=True)
    agree(centre, fit.params[0])
    agree(error, fit.bse[0], 1e-8)
    agree(centre - half, fit.conf_int(0.05)[0][0], 1e-7)
    return [centre, error, centre - half, centre + half]


def clustered():
    random.seed(13)
    rows = []
    for name, count, epochs, draw in [
        ("even", 12, lambda j: 4, lambda e: random.gauss(e, 0.2)),
        ("unbalanced", 40, lambda j: 1 + (j * j) % 9, lambda e: random.gauss(e, 1.0)),
        ("two", 2, lambda j: 3 + j, lambda e: random.gauss(e, 0.5)),
        ("single epochs", 60, lambda j: 1, lambda e: random.gauss(e, 3.0)),
        ("large scores", 15, lambda j: 1 + j % 3, lambda e: 900000 * e + random.random()),
        ("rate", 50, lambda j: 5, lambda e: float(random.random() < min(0.8, max(0.2, 0.5 + 0.3 * e)))),
    ]:
        samples, scores = [], []
        for j in range(count):
            effect = random.gauss(0, 0.7) if name != "large scores" else random.uniform(-1, 1)
            for _ in range(epochs(j)):
                samples.append(7 * j % 101)
                scores.append(round(draw(effect) * BILLION))
        order = list(range(len(scores)))
        random.shuffle(order)
        samples, scores = [samples[i] for i in order], [scores[i] for i in order]
        rows.append([name, samples, scores, clustered_mean(samples, scores)])
    return rows


def epochs():
    """Epoch reducers by inspect_ai's own, and pass^k by exact fractions; then mean and standard error of the samples."""
    random.seed(17)
    rows = []
    for name, graded in [("rate", False), ("graded", True)]:
        samples, scores = [], []
        for j in range(30):
            ability = random.random()
            for _ in range(4 + j % 3):
                samples.append(j)
                score = random.choice([0, 0.25, 0.5, 1, 1.5]) if graded else float(random.random() < ability)
                scores.append(round(score * BILLION))
        by_sample = {}
        for sample, score in zip(samples, scores):
            by_sample.setdefault(sample, []).append(score / BILLION)
        reducers = {"mean": mean_score(), "median": median_score(), "mode": mode_score(), "max": max_score()}
        for k in (1, 3, 5):
            reducers["at_least_%d" % k] = at_least(k)
            reducers["pass_at_%d" % k] = pass_at(k)
            reducers["pass_hat_%d" % k] = lambda own, k=k: Fraction(
                math.comb(sum(s >= 1 for s in own), k), math.comb(len(own), k))
        expected = []
        for reducer, reduce in reducers.items():
            needed = int(reducer.rsplit("_", 1)[1]) if reducer.startswith("pass") else 1
            reduced = []
            for own in by_sample.values():
                if len(own) < needed:
                    continue
                given = own if reducer.startswith("pass_hat") else [Score(value=score) for score in own]
                found = reduce(given)
                reduced.append(float(found.as_float() if isinstance(found, Score) else found))
            centre = float(np.mean(reduced))
            error = float(np.std(reduced, ddof=1) / np.sqrt(len(reduced)))
            expected.append([len(reduced), centre, error])
        rows.append([name, samples, scores, list(reducers), expected])
    return rows


def paired():
    """Paired t over sample means: difference, standard error, p, t interval at 95 %, detectable difference."""
    random.seed(14)
    rows = []
    for name, shared, epochs, graded in [("one epoch", 25, 1, True), ("three epochs", 40, 3, True),
                                         ("three epochs of rates", 60, 3, False)]:
        first, second = [], []
        for j in range(shared):
            effect = random.gauss(0.5, 0.2)
            for cell, shift in ((first, 0.1), (second, 0.0)):
                for _ in range(epochs):
                    value = effect + shift + random.gauss(0, 0.2)
                    value = value if graded else float(random.random() < value)
                    cell.append([j, round(value * BILLION)])
        means = []
        for cell in (first, second):
            sums = {}
            for sample, score in cell:
                sums.setdefault(sample, []).append(Fraction(score, BILLION))
            means.append([sum(v) / len(v) for _, v in sorted(sums.items())])
        differences = [a - b for a, b in zip(*means)]
        m = len(differences)
        mean = sum(differences) / m
        variance = sum((d - mean) ** 2 for d in differences) / (m - 1) / m
        error = mp.sqrt(mpf(variance.numerator) / variance.denominator)
        centre = mpf(mean.numerator) / mean.denominator
        p = student_two_sided(centre / error, m - 1)
        half = student_quantile("0.975", m - 1) * error
        theirs = scipy.stats.ttest_rel([float(a) for a in means[0]], [float(b) for b in means[1]])
        agree(p, theirs.pvalue, 1e-7)
        interval = theirs.confidence_interval(0.95)
        agree(centre - half, interval.low, 1e-6)
        detectable = (normal_quantile("0.975") + normal_quantile("0.8")) * error
        rows.append([name, first, second, [centre, error, p, centre - half, centre + half, detectable]])
    return rows


# Output ------------------------------------------------------------------------------------------------------------

def literal(value):
    if value is None:
        return "nil"
    if isinstance(value, str):
        return '"%s"' % value
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(literal(v) for v in value) + "]"
    if isinstance(value, bool) or isinstance(value, (int, np.integer)):
        return str(int(value))
    return repr(float(value))


def wrap(text, indent, width=112):
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width - indent:
            lines.append(" " * indent + line)
            line = word
        else:
            line = word if not line else line + " " + word
    return lines + [" " * indent + line]


def table(name, summary, rows):
    out = ["    /// " + summary, "    static let %s: [[Double]] = [" % name]
    out += ["        " + literal(row) + "," for row in rows]
    return out + ["    ]", ""]


def records(name, summary, kind, rows, labels):
    out = ["    /// " + summary, "    static let %s: [%s] = [" % (name, kind)]
    for row in rows:
        out.append("        %s(" % kind)
        for position, (label, value) in enumerate(zip(labels, row)):
            comma = "," if position < len(labels) - 1 else ""
            out += wrap("%s: %s%s" % (label, literal(value), comma), 12)
        out.append("        ),")
    return out + ["    ]", ""]


def write(path, paragraph, name, body, script="make_fixtures.py"):
    text = ["// " + path + ": " + paragraph, "// Written by %s; not to be edited." % script,
            "// swift-format-ignore-file", "", "enum %s {" % name] + body[:-1] + ["}"]
    with open(path, "w") as file:
        file.write("\n".join(text) + "\n")


def main():
    numerics = []
    numerics += table("exponentials", "x, eˣ", exponentials())
    numerics += table("logarithms", "x, ln x", logarithms())
    numerics += table("logarithmsOfOnePlus", "x, ln(1 + x)", logarithms_of_one_plus())
    numerics += table("logGammas", "x, ln Γ(x)", log_gammas())
    numerics += table("incompleteBetas", "a, b, x, 1 − x, I_x(a, b), 1 − I_x(a, b)", incomplete_betas())
    numerics += table("normalCumulatives", "z, Φ(z)", normal_cumulatives())
    numerics += table("normalQuantiles", "p, Φ⁻¹(p)", normal_quantiles())
    numerics += table("studentCumulatives", "t, degrees of freedom, P(T ≤ t)", student_cumulatives())
    numerics += table("studentQuantiles", "p, degrees of freedom, t", student_quantiles())
    write("NumericsFixtures.swift", "special functions by mpmath at 60 digits.", "NumericsFixtures", numerics)
    statistics = []
    statistics += table("wilsons", "successes, n, level, lower, upper", wilsons())
    statistics += table("binomials", "successes, n, level, Clopper–Pearson's ends, Jeffreys' ends", binomials())
    statistics += table("mcNemars", "first only, second only, p", mcnemars())
    statistics += records("holms", "p values and statsmodels' adjusted ones.", "AdjustmentCase", holms(),
                          ["raw", "adjusted"])
    statistics += records("benjaminiHochbergs", "p values and statsmodels' adjusted ones.", "AdjustmentCase",
                          benjamini_hochbergs(), ["raw", "adjusted"])
    statistics += records("quantiles", "Values and numpy's inverted_cdf percentiles 50, 95, 99.", "QuantileCase",
                          quantiles(), ["values", "expected"])
    statistics += records("clustered", "Mean, clustered standard error, t interval at 95 %.", "ClusteredCase",
                          clustered(), ["name", "samples", "scores", "expected"])
    statistics += records("bootstraps", "Level, standard error, percentile and BCa interval by scipy.", "ClusteredCase",
                          bootstraps(), ["name", "samples", "scores", "expected"])
    statistics += records("epochs", "Samples, mean and standard error of the reduced scores.", "EpochCase", epochs(),
                          ["name", "samples", "scores", "reducers", "expected"])
    statistics += records("paired", "Difference, standard error, p, t interval at 95 %, detectable difference.",
                          "PairedCase", paired(), ["name", "first", "second", "expected"])
    write("StatisticsFixtures.swift", "statistics by exact fractions, held against statsmodels and scipy.",
          "StatisticsFixtures", statistics)


if __name__ == "__main__":
    main()
