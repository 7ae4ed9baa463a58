"""One row for each comparison, and the table that ends a run.

    tally.py ROWS    prints the rows of that file; exits 1 where one misses its aim

Scripts call `ratio` and `bound`; where ASSAY_BENCH_ROWS names a file, their rows are kept there for
`run.sh`. A script goes on after a miss: the table states it, and the run ends with status 1.
"""
import json
import os
import sys

COLUMNS = ("name", "size", "assay", "peer", "ratio", "aim", "met", "values", "beside")


def keep(row):
    print("  " + ", ".join(f"{key} {row[key]}" for key in COLUMNS[2:] if row[key])
          + f": {row['name']}, {row['size']}", flush=True)
    path = os.environ.get("ASSAY_BENCH_ROWS")
    if path:
        with open(path, "a") as file:
            file.write(json.dumps(row, default=lambda number: number.item()) + "\n")


def ratio(name, size, peer, theirs, ours, aim, checks=()):
    """How many times as fast as its peer Assay is, from the seconds of both.

    `aim` is the least that it should be, or None. `checks` has pairs of a difference between the
    values of both and what it may be: a ratio of programs that compute different things says nothing.
    """
    found = theirs / ours
    equal = all(difference <= tolerance for difference, tolerance in checks)
    keep({"name": name, "size": size, "assay": duration(ours), "peer": duration(theirs),
          "ratio": f"{found:.2f}" if found < 10 else f"{found:.0f}",
          "aim": "" if aim is None else f"{aim:g}",
          "met": "" if aim is None else verdict(found >= aim),
          "values": "" if not checks else ("equal" if equal else "DIFFER") + " (" + ", ".join(
              f"{difference:.0e} <= {tolerance:.0e}" if difference <= tolerance
              else f"{difference:.0e} > {tolerance:.0e}" for difference, tolerance in checks) + ")",
          "beside": peer, "failed": not equal or (aim is not None and found < aim)})


def bound(name, size, value, unit, limit, note=""):
    """A measure of Assay alone that should be at most `limit`, or None."""
    keep({"name": name, "size": size, "assay": f"{value:.3g} {unit}", "peer": "", "ratio": "",
          "aim": "" if limit is None else f"at most {limit:,.4g} {unit}",
          "met": "" if limit is None else verdict(value <= limit), "values": "", "beside": note,
          "failed": limit is not None and value > limit})


def verdict(met):
    return "yes" if met else "NO"


def duration(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{1e6 * seconds:.3g} us"


def table(path):
    with open(path) as file:
        rows = [json.loads(text) for text in file]
    titles = {"name": "measured", "beside": "beside"}
    cells = [[titles.get(key, key) for key in COLUMNS]] + [
        [row[key] for key in COLUMNS] for row in rows]
    widths = [max(len(line[place]) for line in cells) for place in range(len(COLUMNS))]
    cells.insert(1, ["-" * width for width in widths])
    print()
    for line in cells:
        print("| " + " | ".join(text.ljust(width) for text, width in zip(line, widths)) + " |")
    missed = [row for row in rows if row["failed"]]
    print(f"\n{len(rows) - len(missed)} of {len(rows)} rows reach their aim with equal values."
          + "".join(f"\nmissed: {row['name']}, {row['size']}" for row in missed))
    return 1 if missed or not rows else 0


if __name__ == "__main__":
    sys.exit(table(sys.argv[1]))
