"""What a trial costs: a native plugin, a method in NumPy, and one in torch where that is installed.

    ASSAY_PYTHON=<python with NumPy> tools/bench/python_trial.py .build/release/assay
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile

assay = sys.argv[1]
interpreter = os.environ.setdefault("ASSAY_PYTHON", sys.executable)
examples = os.path.join(os.path.dirname(__file__), "../../examples/python")


def has_torch():
    probe = "import importlib.util as u, sys; sys.exit(u.find_spec('torch') is None)"
    return subprocess.run([interpreter, "-c", probe]).returncode == 0


rows = [
    ("nearest-mean", "Swift"),
    ("nearest-mean-c", "C"),
    (f"{examples}/nearest_mean.py", "Python with NumPy"),
]
if has_torch():
    rows.append((f"{examples}/tip_adapter_torch.py", "Python with torch"))
print(f"cost of a trial of the few-shot suite, medians, one job ({interpreter})")
print(f"  {'':20} {'processor ms':>13} {'wall ms':>9} {'resident MB':>12}")
for method, words in rows:
    with tempfile.TemporaryDirectory() as folder:
        report = os.path.join(folder, "report.json")
        subprocess.run([assay, "run", "few-shot", "-m", method, "--seeds", "1..2", "-j", "1",
                        "--fresh", "--quiet", "-o", report], check=True)
        with open(report) as file:
            trials = json.load(file)["trials"]
    cpu = statistics.median(t["timing"]["cpu_seconds"] for t in trials) * 1e3
    wall = statistics.median(
        sum(t["timing"][f"{stage}_seconds"] for stage in ("load", "fit", "predict"))
        for t in trials) * 1e3
    resident = statistics.median(t["memory"]["peak_resident_bytes"] for t in trials) / 2**20
    print(f"  {words:20} {cpu:13.0f} {wall:9.0f} {resident:12.0f}")
