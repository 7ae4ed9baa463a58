"""Reference values of ScriptMetricTests.swift: python3 Tests/MetricsTests/ScriptMetricReference.py

The two rules are those of the scripts published with Saito et al., WSDM 2020 (usaito's repositories
unbiased-implicit-rec and unbiased-implicit-rec-real), written anew in NumPy. Ties are taken in
every order, and the mean over the orders is printed. Needs NumPy.
"""
import itertools

import numpy as np

# Relevance by descending score for each user, and the scores: users with ties, without a relevant
# item, with a list shorter than the cut, with all relevant.
LISTS = [
    ([1, 0, 1, 0, 0, 1, 0], [9, 7, 7, 7, 5, 4, 4]),
    ([0, 0, 0, 0, 0, 0], [6, 5, 4, 3, 2, 1]),
    ([0, 1, 1, 0, 0, 0, 1, 0], [3, 3, 3, 3, 2, 2, 2, 2]),
    ([1, 0], [1, 1]),
    ([1, 1, 1], [3, 2, 1]),
]


def discounts(k):
    return np.concatenate([[1], 1 / np.log2(np.arange(2, k + 1))])[:k]


def ranked(values, k):
    return np.concatenate([values, np.zeros(k)])[:k]


def dcg(gains, k):
    return (ranked(gains, k) * discounts(k)).sum()


def precision_sum(gains, hits, k):
    means = np.cumsum(gains) / np.arange(1, len(gains) + 1)
    return means[:k][hits[:k]].sum()


def orders(scores):
    tied = itertools.groupby(range(len(scores)), scores.__getitem__)
    blocks = [list(places) for _, places in tied]
    for parts in itertools.product(*(itertools.permutations(block) for block in blocks)):
        yield [place for part in parts for place in part]


def over_orders(relevance, scores, rule):
    relevance = np.array(relevance, float)
    return np.mean([rule(relevance[order]) for order in orders(scores)])


def smooth(r):
    return 0.001 + 0.999 * r


RULES = {
    "dcg{}_saito_semi": (False, lambda r, k: dcg(r, k) / r.sum()),
    "dcg{}_saito_real": (True, lambda r, k: dcg(smooth(r), k)),
    "recall{}_saito_real": (True, lambda r, k: smooth(r)[:k].sum() / smooth(r).sum()),
    "map{}_saito_real": (True, lambda r, k: precision_sum(smooth(r), r == 1, k)),
}
for name, (everyone, rule) in RULES.items():
    for k in (1, 3, 5, 10):
        values = [over_orders(r, s, lambda x: rule(x, k)) for r, s in LISTS if everyone or any(r)]
        print(f'      ("{name.format(k)}", {float(np.mean(values))!r}),')
