"""Prints Tests/SMOTELearningTests/Reference.swift; scikit-learn 1.9.1, imbalanced-learn 0.14.2."""
import numpy as np
from imblearn.over_sampling import SMOTE, SMOTENC
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import NearestNeighbors
from sklearn.tree import DecisionTreeClassifier


def sample(count=90, width=4, seed=1):
    state = seed

    def uniform():
        nonlocal state
        state = (state * 1103515245 + 12345) % (1 << 31)
        return state / (1 << 31)

    labels = np.arange(count) % 3
    rows = [[uniform() + (0.4 if column == label else 0) for column in range(width)]
            for label in labels]
    return np.array(rows, np.float32), labels


def table(name, comment, numbers, per_line=4):
    lines = [", ".join(repr(float(v)) for v in numbers[i:i + per_line])
             for i in range(0, len(numbers), per_line)]
    body = ",\n    ".join(lines)
    return f"  /// {comment}\n  static let {name}: [Double] = [\n    {body},\n  ]\n"


x, y = sample(600)
query, _ = sample(40, seed=9)
tree = DecisionTreeClassifier(criterion="entropy", max_depth=3, min_samples_leaf=4, random_state=0)
tree.fit(x, y)
leaf_of_row, leaf_of_query = tree.apply(x), tree.apply(query)
laplace = [(np.sum((leaf_of_row == leaf) & (y == c)) + 1) / (np.sum(leaf_of_row == leaf) + 3)
           for leaf in leaf_of_query for c in range(3)]
for seed in range(1, 20):  # no tie decides
    other = DecisionTreeClassifier(criterion="entropy", max_depth=3, min_samples_leaf=4,
                                   random_state=seed).fit(x, y)
    assert (other.tree_.threshold == tree.tree_.threshold).all()
bayes = GaussianNB().fit(x.astype(np.float64), y).predict_joint_log_proba(
    query[:10].astype(np.float64)).ravel()


def whole(name, comment, numbers, per_line=16):
    lines = [", ".join(str(int(v)) for v in numbers[i:i + per_line])
             for i in range(0, len(numbers), per_line)]
    body = ",\n    ".join(lines)
    return f"  /// {comment}\n  static let {name}: [Int32] = [\n    {body},\n  ]\n"


# Class 0 of 60 rows is raised to 80 with k = 3; the draws are those of the generator with seed 5.
rows, labels = sample(60, width=3)
own = rows[labels == 0]
k, count = 3, 60
nearest = NearestNeighbors(n_neighbors=k + 1).fit(own).kneighbors(own, return_distance=False)[:, 1:]
random = np.random.RandomState(5)
places = random.randint(0, len(own) * k, count)
gaps = random.uniform(size=count)
made, _ = SMOTE(sampling_strategy={0: 80}, k_neighbors=k, random_state=5).fit_resample(rows, labels)
made = made[60:]
assert made.dtype == np.float32
again = own[places // k] + gaps[:, None] * (own[nearest[places // k, places % k]] - own[places // k])
assert (again.astype(np.float32) == made).all()

# The last column turned into 4 codes.
mixed = rows.copy()
mixed[:, 2] = np.floor(4 * rows[:, 2] / rows[:, 2].max() * 0.999)
found = []


class Spy(NearestNeighbors):
    def kneighbors(self, *arguments, **options):
        result = super().kneighbors(*arguments, **options)
        found.append(result)
        return result


mixed_made, _ = SMOTENC([2], sampling_strategy={0: 80}, random_state=5,
                        k_neighbors=Spy(n_neighbors=k + 1)).fit_resample(mixed, labels)
mixed_made = mixed_made[60:]
mixed_nearest = found[-1][:, 1:]
# Rows whose code no tie decides.
codes = mixed[labels == 0][:, 2]
votes = np.array([[np.sum(codes[mixed_nearest[base]] == code) for code in range(4)]
                  for base in places // k])
clear = [i for i in range(count) if (votes[i] == votes[i].max()).sum() == 1]
assert all(votes[i].argmax() == mixed_made[i, 2] for i in clear)

print("/// Values of scikit-learn 1.9.1 and imbalanced-learn 0.14.2 with NumPy 2.4.6, printed by")
print("/// `python3 Tests/SMOTELearningTests/reference.py`.")
print("enum Reference {")
print(f"  /// The leaves of the tree.\n  static let leafCount = {tree.get_n_leaves()}\n")
print(table("treeProbabilities", "Laplace estimates of the leaves of 40 queries `[40, 3]`.", laplace, 6))
print(table("bayesLogarithms", "Joint logarithms of 10 queries `[10, 3]`.", bayes, 3))
print(whole("smoteNeighbours", "The 3 nearest neighbours of the 20 rows of class 0.", nearest.ravel(), 21))
print(whole("smoteBases", "The base rows of 60 new rows.", places // k, 20))
print(whole("smoteSlots", "Which of its neighbours each lies towards.", places % k, 20))
print(table("smoteGaps", "How far it lies towards it.", gaps))
print(table("smoteRows", "The 60 new rows of `SMOTE`.", made.ravel(), 3))
print(whole("mixedNeighbours", "The neighbours by `SMOTENC`.", mixed_nearest.ravel(), 21))
print(whole("mixedCodes", "The codes of `SMOTENC`'s new rows; -1 where a tie decides.",
            [mixed_made[i, 2] if i in clear else -1 for i in range(count)], 20)[:-1] + "}")
