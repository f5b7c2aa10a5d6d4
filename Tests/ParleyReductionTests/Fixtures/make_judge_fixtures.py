#!/usr/bin/env python3
"""Writes the expected values of the tests about judges, from implementations that share no code with the reduction.

Run in this folder:  python3 make_judge_fixtures.py
Needs what make_fixtures.py needs, and ppi-python and krippendorff. The output is committed.

Every number comes from exact fractions, written from the definitions, and is held against statsmodels, scipy,
krippendorff, inspect_ai and ppi_py (`agree`) wherever these define it.
"""

import logging
import random
from collections import Counter, defaultdict
from fractions import Fraction

import krippendorff
import numpy as np
import scipy.stats
import statsmodels.api as sm
from inspect_ai.scorer import SampleScore, Score, krippendorff_alpha
from make_fixtures import BILLION, agree, normal_quantile, records, student_quantile, student_two_sided, write
from mpmath import mp, mpf
from ppi_py import ppi_mean_ci, ppi_mean_pointestimate
from ppi_py.ppi import _calc_lam_glm
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa
from statsmodels.stats.proportion import proportion_confint

logging.disable(logging.WARNING)  # inspect_ai's advice on levels
ONE = BILLION
HALF = BILLION // 2
SCORE_LIMIT = 10**6 * BILLION


def real(fraction):
    return mpf(fraction.numerator) / fraction.denominator


def unit(score):
    return Fraction(score, BILLION)


def mean(values):
    return sum(values, Fraction(0)) / len(values)


def variance(values, less=1):
    """Over len − less."""
    centre = mean(values)
    return sum((v - centre) ** 2 for v in values) / (len(values) - less)


def by_unit(rows, raters=None):
    """Unit → rater → billionths, without missing verdicts."""
    units = defaultdict(dict)
    for row in rows:
        if len(row) == 5 and (raters is None or row[0] in raters):
            units[tuple(row[1:4])][row[0]] = row[4]
    return dict(sorted(units.items()))


# Agreement -----------------------------------------------------------------------------------------------------------

def cohen(rows, weights):
    """κ, and the raw agreement, of raters 0 and 1 by the tables of observed and expected shares."""
    pairs = [(u[0], u[1]) for u in by_unit(rows, {0, 1}).values() if len(u) == 2]
    if not pairs:
        return None, None
    n = len(pairs)
    raw = Fraction(sum(x == y for x, y in pairs), n)
    first, second = Counter(x for x, _ in pairs), Counter(y for _, y in pairs)

    def distance(x, y):
        return Fraction(int(x != y)) if weights == "nominal" else (unit(x) - unit(y)) ** 2

    observed = mean([distance(x, y) for x, y in pairs])
    expected = sum(distance(x, y) * first[x] * second[y] for x in first for y in second) / n**2
    if expected == 0:
        return None, raw
    kappa = 1 - observed / expected
    categories = sorted(set(first) | set(second))
    if len(categories) > 1 and max(map(abs, categories)) <= 1000 * ONE:
        table = np.zeros((len(categories), len(categories)))
        for x, y in pairs:
            table[categories.index(x), categories.index(y)] += 1
        scores = np.array([float(unit(c)) for c in categories])
        theirs = (cohens_kappa(table, return_results=False) if weights == "nominal" else
                  cohens_kappa(table, weights=scores, wt="quadratic", return_results=False))
        agree(real(kappa), theirs, 1e-6)
    return kappa, raw


def fleiss(rows):
    units = [list(u.values()) for u in by_unit(rows).values()]
    sizes = {len(u) for u in units}
    if len(sizes) != 1 or sizes == {1}:
        return None, None
    m = sizes.pop()
    raw = mean([Fraction(sum(c * c for c in Counter(u).values()) - m, m * (m - 1)) for u in units])
    total = Counter(v for u in units for v in u)
    chance = sum(Fraction(c, m * len(units)) ** 2 for c in total.values())
    if chance == 1:
        return None, raw
    kappa = (raw - chance) / (1 - chance)
    agree(real(kappa), fleiss_kappa(aggregate_raters(np.array([[float(v) for v in u] for u in units]))[0]), 1e-6)
    return kappa, raw


def alpha(rows, metric):
    """α, and the share of agreement, by the matrix of coincidences."""
    units = [list(u.values()) for u in by_unit(rows).values() if len(u) > 1]
    if not units:
        return None, None
    coincidences = defaultdict(Fraction)
    for ratings in units:
        for i, x in enumerate(ratings):
            for j, y in enumerate(ratings):
                if i != j:
                    coincidences[x, y] += Fraction(1, len(ratings) - 1)
    totals = Counter(v for u in units for v in u)
    n = sum(totals.values())

    def distance(x, y):
        return Fraction(int(x != y)) if metric == "nominal" else (unit(x) - unit(y)) ** 2

    raw = sum((count for (x, y), count in coincidences.items() if x == y), Fraction(0)) / n
    observed = sum(count * distance(x, y) for (x, y), count in coincidences.items()) / n
    expected = sum(distance(x, y) * totals[x] * totals[y] for x in totals for y in totals) / (n * (n - 1))
    if expected == 0:
        return None, raw
    value = 1 - observed / expected
    if max(map(abs, totals)) <= 1000 * ONE:
        known = by_unit(rows)
        raters = sorted({row[0] for row in rows})
        matrix = [[float(unit(u[r])) if r in u else np.nan for u in known.values()] for r in raters]
        agree(real(value), krippendorff.alpha(matrix, level_of_measurement=metric), 1e-6)
        scores = [SampleScore(score=Score(value=[float(unit(v)) for v in u])) for u in units]
        agree(real(value), krippendorff_alpha(level=metric)(scores), 1e-6)
    return value, raw


def ratings_table(matrix, gaps=True):
    """A matrix rater × unit of billionths or None as rows; a missing one is a row without a score, or no row."""
    rows = []
    for rater, scores in enumerate(matrix):
        for sample, score in enumerate(scores):
            if score is not None:
                rows.append([rater, 0, sample, 0, score])
            elif gaps and sample % 2:
                rows.append([rater, 0, sample, 0])
    return rows


def random_matrix(generator, raters, units, scores, noise, missing=0.0):
    truth = [generator.choice(scores) for _ in range(units)]
    return [[None if generator.random() < missing else
             generator.choice(scores) if generator.random() < noise else value for value in truth]
            for _ in range(raters)]


def agreements():
    generator = random.Random(41)
    three = [0, HALF, ONE]
    odd = [123456789, 987654321, -250000000, 333333333]
    cases = [
        ("two raters", random_matrix(generator, 2, 60, [0, ONE], 0.3)),
        ("two raters, thirds of a scale", random_matrix(generator, 2, 40, three, 0.4)),
        ("three raters, missing", random_matrix(generator, 3, 40, three, 0.3, 0.25)),
        ("five raters, odd scores", random_matrix(generator, 5, 30, odd, 0.5)),
        ("many raters, unbalanced", random_matrix(generator, 40, 12, [0, ONE, 2 * ONE], 0.5, 0.5)),
        ("nearly always 1", [[ONE] * 49 + [0], [ONE] * 48 + [0, ONE]]),
        ("always opposite", [[0, ONE] * 5, [ONE, 0] * 5]),
        ("one category each, different", [[0] * 6, [ONE] * 6]),
        ("one category", [[ONE] * 6, [ONE] * 6]),
        ("one unit, alike", [[HALF], [HALF]]),
        ("one unit, different", [[HALF], [ONE]]),
        ("one rater", [[0, ONE, 0]]),
        ("no common unit", [[0, None, ONE, None], [None, ONE, None, 0]]),
        ("all missing", [[None] * 4, [None] * 4]),
        ("one pairable unit among many", [[0, ONE, None, ONE], [None, ONE, 0, None], [None, 0, None, None]]),
        ("scores at the limit", [[SCORE_LIMIT, SCORE_LIMIT - 1, -SCORE_LIMIT, SCORE_LIMIT] * 3,
                                 [SCORE_LIMIT - 2, SCORE_LIMIT - 1, -SCORE_LIMIT, SCORE_LIMIT - 5] * 3]),
        ("scores a billionth apart, far from 0", [[SCORE_LIMIT - k % 3 for k in range(20)],
                                                  [SCORE_LIMIT - k % 4 for k in range(20)]]),
    ]
    rows = []
    for name, matrix in cases:
        table = ratings_table(matrix)
        values = [*cohen(table, "nominal"), cohen(table, "quadratic")[0], *fleiss(table), alpha(table, "nominal")[0],
                  alpha(table, "interval")[0], alpha(table, "nominal")[1]]
        rows.append([name, table, [None if v is None else real(v) for v in values]])
    return rows


# Confusion ----------------------------------------------------------------------------------------------------------

def clustered_rate(hits):
    """Rate and interval of (sample, 0 or 1): Wilson where each sample has one, else cluster t within 0 … 1."""
    if not hits:
        return [None, None, None]
    clusters = defaultdict(list)
    for sample, hit in hits:
        clusters[sample].append(Fraction(hit))
    n, groups = len(hits), len(clusters)
    rate = mean([Fraction(hit) for _, hit in hits])
    if groups == 1:
        return [real(rate), None, None]
    residuals = [sum(values) - len(values) * rate for values in clusters.values()]
    if n == groups or not any(residuals):
        z, p = normal_quantile(mpf("0.975")), real(rate)
        middle = (p + z * z / (2 * groups)) / (1 + z * z / groups)
        half = z / (1 + z * z / groups) * mp.sqrt(p * (1 - p) / groups + z * z / (4 * mpf(groups) ** 2))
        lower, upper = proportion_confint(float(rate) * groups, groups, method="wilson")
        agree(middle + half, upper)
        return [p, middle - half if rate else 0.0, middle + half if rate < 1 else 1.0]
    error = mp.sqrt(real(Fraction(groups, groups - 1) * sum(r * r for r in residuals))) / n
    model = sm.OLS([hit for _, hit in hits], np.ones(n)).fit(
        cov_type="cluster", cov_kwds={"groups": [sample for sample, _ in hits], "use_correction": False})
    agree(error, model.bse[0] * (groups / (groups - 1)) ** 0.5, 1e-7)
    half = student_quantile("0.975", groups - 1) * error
    return [real(rate), max(mpf(0), real(rate) - half), min(mpf(1), real(rate) + half)]


def confusion(rows):
    counts, none = Counter(), 0
    hits = {"all": [], ONE: [], 0: []}
    for (_, sample, _), raters in by_unit(rows).items():
        if 0 not in raters:
            continue
        if 1 not in raters:
            none += 1
            continue
        counts[raters[0], raters[1]] += 1
        for key in ("all", raters[0]):
            hits[key].append((sample, int(raters[0] == raters[1])))
    return [counts[ONE, ONE], counts[0, ONE], counts[0, 0], counts[ONE, 0], none,
            *clustered_rate(hits["all"]), *clustered_rate(hits[ONE]), *clustered_rate(hits[0])]


def judged_rows(generator, samples, epochs, audited, p=0.4, false_positive=0.2, false_negative=0.1, silent=0.05):
    """Rater 0 is the label, rater 1 the judge; `audited` of the samples have labels, of epoch 0 or of all."""
    rows = []
    for sample in range(samples):
        for epoch in range(epochs if epochs else 1 + sample % 4):
            label = int(generator.random() < p)
            wrong = generator.random() < (false_negative if label else false_positive)
            if sample < audited and (epoch == 0 or sample % 2):
                rows.append([0, 0, sample, epoch, label * ONE])
            verdict = [] if generator.random() < silent else [(1 - label if wrong else label) * ONE]
            rows.append([1, 0, sample, epoch, *verdict])
    return rows


def confusions():
    generator = random.Random(42)
    cases = [
        ("one epoch", judged_rows(generator, 80, 1, 60)),
        ("several epochs", judged_rows(generator, 40, 3, 30)),
        ("no positives", judged_rows(generator, 30, 1, 30, p=0.0)),
        ("never wrong", judged_rows(generator, 30, 1, 30, false_positive=0.0, false_negative=0.0, silent=0.0)),
        ("one observation", [[0, 0, 3, 0, ONE], [1, 0, 3, 0, ONE]]),
        ("one sample", [[r, 0, 3, e, ONE * (e % (r + 2) > 0)] for r in range(2) for e in range(6)]),
        ("no verdicts", [[0, 0, s, 0, ONE] for s in range(4)] + [[1, 0, 2, 0]]),
        ("no labels", [[1, 0, s, 0, ONE] for s in range(4)]),
    ]
    return [[name, rows, confusion(rows)] for name, rows in cases]


# Correction ---------------------------------------------------------------------------------------------------------

def corrected(rows):
    samples = defaultdict(lambda: ([], [], []))
    for (_, sample, _), raters in by_unit(rows).items():
        if 1 in raters and 0 in raters:
            samples[sample][0].append(unit(raters[0]))
            samples[sample][1].append(unit(raters[1]))
        elif 1 in raters:
            samples[sample][2].append(unit(raters[1]))
    labels = [mean(y) for y, _, _ in samples.values() if y]
    judged = [mean(f) for y, f, _ in samples.values() if y]
    others = [mean(f) for y, _, f in samples.values() if not y and f]
    binary = all(row[4] in (0, ONE) for row in rows if len(row) == 5)
    single = all(len(y) <= 1 for y, _, _ in samples.values())
    n, unlabelled = len(labels), len(others)
    if n == 0:
        return [0, unlabelled] + [None] * 8
    errors = [f - y for f, y in zip(judged, labels)]
    error_se = mp.sqrt(real(variance(errors) / n)) if n > 1 and variance(errors) > 0 else None
    weight = Fraction(0)
    if unlabelled > 1 and len(set(judged + others)) > 1:
        covariance = mean([y * f for y, f in zip(labels, judged)]) - mean(labels) * mean(judged)
        weight = covariance / ((1 + Fraction(n, unlabelled)) * variance(judged + others))
        weight = min(max(weight, Fraction(0)), Fraction(1))
    rectified = [y - weight * f for y, f in zip(labels, judged)]
    estimate = mean(rectified) + (weight * mean(others) if others else 0)
    spread = variance(rectified) / n if n > 1 else None
    if weight > 0:
        against_ppi_py(labels, judged, others, weight, estimate, rectified)
        spread = spread + weight**2 * variance(others) / unlabelled if n > 1 else None
    lower, upper = corrected_interval(labels, n, weight, estimate, spread, binary, single)
    return [n, unlabelled, real(mean(labels)), real(mean(errors)), error_se, real(weight), real(estimate),
            None if spread is None else mp.sqrt(real(spread)), lower, upper]


def corrected_interval(labels, n, weight, estimate, spread, binary, single):
    centre = real(estimate)
    if spread is None:
        return None, None
    if weight == 0 and binary and single:
        return clustered_rate(list(enumerate(map(int, labels))))[1:]
    if spread == 0:
        return None, None
    half = student_quantile("0.975", n - 1) * mp.sqrt(real(spread))
    if not binary:
        return centre - half, centre + half
    return min(centre, max(mpf(0), centre - half)), max(centre, min(mpf(1), centre + half))


def against_ppi_py(labels, judged, others, weight, estimate, rectified):
    if max(map(abs, judged)) > 1000:
        return  # floating-point numbers cannot hold these differences
    y, f, g = (np.array([float(v) for v in values]) for values in (labels, judged, others))
    start = g.mean() + (y - f).mean()
    theirs = _calc_lam_glm(y - start, f - start, g - start, np.eye(1), clip=True)
    agree(real(weight), theirs, 1e-9)
    agree(real(estimate), float(np.squeeze(ppi_mean_pointestimate(y, f, g))), 1e-9)
    # Their error divides by n and N.
    error = mp.sqrt(real(variance(rectified, 0) / len(labels) + weight**2 * variance(others, 0) / len(others)))
    low, high = (float(np.squeeze(end)) for end in ppi_mean_ci(y, f, g, alpha=0.05))
    if error > 0:
        agree(normal_quantile(mpf("0.975")) * error, (high - low) / 2, 1e-7)


def graded_rows(generator, samples, epochs, audited, slope):
    rows = []
    for sample in range(samples):
        for epoch in range(epochs if epochs else 1 + sample % 3):
            label = generator.randrange(0, ONE)
            score = int(slope * label) + generator.randrange(0, ONE // 4)
            if sample % (samples // audited) == 0:
                rows.append([0, 0, sample, epoch, label])
            rows.append([1, 0, sample, epoch, score])
    return rows


def labelled(pairs, others):
    """Rows of pairs (label, score), then of unlabelled scores."""
    rows = []
    for sample, (label, score) in enumerate(pairs):
        rows += [[0, 0, sample, 0, label], [1, 0, sample, 0, score]]
    return rows + [[1, 0, len(pairs) + k, 0, score] for k, score in enumerate(others)]


def corrections():
    generator = random.Random(43)
    cases = [
        ("one epoch", judged_rows(generator, 120, 1, 30)),
        ("several epochs", judged_rows(generator, 60, 3, 20)),
        ("unbalanced", judged_rows(generator, 60, 0, 20)),
        ("graded", graded_rows(generator, 80, 1, 20, 0.7)),
        ("graded, unbalanced", graded_rows(generator, 60, 0, 15, 0.9)),
        ("judge against the labels", graded_rows(generator, 40, 1, 10, -0.8)),
        ("a judge that is never wrong", judged_rows(generator, 60, 1, 20, false_positive=0, false_negative=0, silent=0)),
        ("a judge too steady to trust", labelled([(0, 0), (ONE, ONE), (ONE, ONE), (0, 0)], [0] * 9 + [ONE])),
        ("λ cut to 1, and nothing left to vary", labelled([(0, 0), (ONE, ONE)], [0] * 50)),
        ("a judge that says one thing", labelled([(0, ONE), (ONE, ONE), (ONE, ONE)], [ONE] * 20)),
        ("labels all 0, judge all 0 there", labelled([(0, 0)] * 8, [0, ONE] * 10)),
        ("labels all alike and graded", labelled([(HALF, HALF)] * 5, [0, HALF, ONE])),
        ("one audited sample", labelled([(ONE, 0)], [0, ONE, ONE])),
        ("nothing unlabelled", labelled([(ONE, 0), (ONE, ONE), (0, 0), (0, 0)], [])),
        ("one unlabelled", labelled([(ONE, 0), (ONE, ONE), (0, 0), (0, 0)], [ONE])),
        ("nothing audited", labelled([], [0, ONE, ONE])),
        ("estimate below the range",
         labelled([(0, ONE), (0, ONE), (0, 0), (ONE, ONE), (0, 0)], [0] * 60 + [ONE])),
        ("scores at the limit", labelled([(SCORE_LIMIT - k, SCORE_LIMIT - 3 * (k % 7)) for k in range(30)],
                                         [SCORE_LIMIT - 2 * (k % 11) for k in range(200)])),
    ]
    return [[name, rows, corrected(rows)] for name, rows in cases]


# Home bias ----------------------------------------------------------------------------------------------------------

def home(rows):
    """Raters 0 and 1 are the judges; cells 0 and 1 are of the first's vendor, 2 and 3 of the second's."""
    sides = [defaultdict(list), defaultdict(list)]
    for (cell, sample, _), raters in by_unit(rows).items():
        if len(raters) == 2:
            sides[cell // 2][sample].append(unit(raters[0]) - unit(raters[1]))
    first, second = [{sample: mean(values) for sample, values in side.items()} for side in sides]
    shared = sorted(set(first) & set(second))
    counts = [len(shared), len(first) - len(shared), len(second) - len(shared)]
    if shared:
        first, second = [first[s] for s in shared], [second[s] for s in shared]
        differences = [a - b for a, b in zip(first, second)]
        spread, degrees = (variance(differences) / len(shared) if len(shared) > 1 else None), len(shared) - 1
    else:
        first, second = list(first.values()), list(second.values())
        degrees = min(len(first), len(second)) - 1
        spread = variance(first) / len(first) + variance(second) / len(second) if degrees > 0 else None
    means = [real(mean(side)) if side else None for side in (first, second)]
    if not first or not second:
        return [*counts, *means, None, None, None, None, None]
    interaction = mean(first) - mean(second)
    if not spread:
        return [*counts, *means, real(interaction), None, None, None, None]
    error = mp.sqrt(real(spread))
    p = student_two_sided(real(interaction) / error, degrees)
    half = student_quantile("0.975", degrees) * error
    check_home(first, second, bool(shared), interaction, error, p)
    return [*counts, *means, real(interaction), error, p, real(interaction) - half, real(interaction) + half]


def check_home(first, second, paired, interaction, error, p):
    a, b = [float(v) for v in first], [float(v) for v in second]
    if paired:
        agree(p, scipy.stats.ttest_rel(a, b).pvalue, 1e-6)
        # As a regression of the judges' difference on the side, clustered by sample.
        side = np.array([1.0] * len(a) + [0.0] * len(b))
        model = sm.OLS(np.array(a + b), sm.add_constant(side)).fit(
            cov_type="cluster", cov_kwds={"groups": list(range(len(a))) * 2, "use_correction": False})
        agree(real(interaction), model.params[1], 1e-7)
        agree(error, model.bse[1] * (len(a) / (len(a) - 1)) ** 0.5, 1e-6)
    else:
        theirs = scipy.stats.ttest_ind(a, b, equal_var=False)
        agree(real(interaction) / error, theirs.statistic, 1e-7)


def home_rows(generator, samples, cells, favour, scores, missing=0.0):
    """`cells` gives for each sample the cells that have it."""
    rows = []
    for sample in range(samples):
        for cell in cells(sample):
            for epoch in range(1 + sample % 2):
                quality = generator.random()
                for rater in range(2):
                    liking = quality + (favour if cell // 2 == rater else 0) + generator.uniform(-0.2, 0.2)
                    score = scores[min(len(scores) - 1, max(0, int(liking * len(scores))))]
                    rows.append([rater, cell, sample, epoch] + ([] if generator.random() < missing else [score]))
    return rows


def home_biases():
    generator = random.Random(44)
    grades = [k * ONE // 7 for k in range(8)]
    every = lambda sample: [0, 1, 2, 3]
    cases = [
        ("favoured, all samples shared", home_rows(generator, 40, every, 0.2, grades)),
        ("no favour, 0 and 1", home_rows(generator, 50, every, 0.0, [0, ONE])),
        ("missing verdicts", home_rows(generator, 30, every, 0.1, grades, 0.3)),
        ("partly shared", home_rows(generator, 30, lambda s: [[0, 2], [1], [3, 0]][s % 3], 0.1, grades)),
        ("nothing shared", home_rows(generator, 30, lambda s: [[0, 1], [2], [3]][s % 3], 0.2, grades)),
        ("one shared sample", home_rows(generator, 9, lambda s: [0, 2] if s == 4 else [s % 4], 0.1, grades)),
        ("one side alone", home_rows(generator, 9, lambda s: [0, 1], 0.1, grades)),
        ("one sample a side", home_rows(generator, 2, lambda s: [2 * s], 0.1, grades)),
        ("nothing varies", [[r, c, s, 0, ONE * (r == c // 2)] for r in range(2) for c in (0, 2) for s in range(5)]),
        ("nothing varies, nothing shared",
         [[r, c, s + c, 0, ONE * (r == c // 2)] for r in range(2) for c in (0, 2) for s in (0, 1)]),
        ("one judge silent", [[0, c, s, 0, ONE] for c in (0, 2) for s in range(5)]),
    ]
    return [[name, rows, home(rows)] for name, rows in cases]


def main():
    labels = ["name", "ratings", "expected"]
    body = []
    body += records("agreements", "Cohen's κ and raw agreement, quadratic κ, Fleiss' κ and raw agreement, nominal and "
                    "interval α, α's raw agreement.", "RatingCase", agreements(), labels)
    body += records("confusions", "Of judge 1 and label 0: true and false positives, true and false negatives, no "
                    "verdict; accuracy, sensitivity, specificity with their ends.", "RatingCase", confusions(), labels)
    body += records("corrections", "Of judge 1 and label 0: n, N, mean label, judge's error, its standard error, λ, θ, "
                    "standard error, ends.", "RatingCase", corrections(), labels)
    body += records("homeBiases", "Of judges 0 and 1, cells 0, 1 and 2, 3: samples shared, on one side alone; both "
                    "differences, interaction, standard error, p, ends.", "RatingCase", home_biases(), labels)
    write("JudgeFixtures.swift", "statistics about judges by exact fractions, held against other implementations.",
          "JudgeFixtures", body)
    path = "JudgeFixtures.swift"
    text = open(path).read().replace("make_fixtures.py", "make_judge_fixtures.py")
    open(path, "w").write(text)


if __name__ == "__main__":
    main()
