internal import Random
internal import Tensors

/// Three classes of unit vectors in eight dimensions, each near an axis of its own, so far apart that
/// the nearest class mean is always right.
///
/// `train_x` `[48, 8]`, `val_x` `[12, 8]`, `test_x` `[60, 8]`; row i has class i mod 3. The same on
/// every machine.
func plantedArrays() -> [String: Tensor] {
  let (classes, width) = (3, 8)
  var random = Philox(key: Philox.key("scaffold", "planted"), stream: 0)
  var arrays: [String: Tensor] = [:]
  for (split, count) in [("train", 48), ("val", 12), ("test", 60)] {
    var features: [Float] = []
    for row in 0..<count {
      features += (0..<width).map { column in
        Float((column == row % classes ? 1 : 0) + 0.1 * random.normal())
      }
    }
    arrays["\(split)_x.npy"] = Tensor(features, shape: [count, width])
    arrays["\(split)_y.npy"] = Tensor((0..<count).map { Int32($0 % classes) }, shape: [count])
  }
  return arrays
}

let plantedManifest = """
  {
    "schema": "assay.dataset/1",
    "id": "{{id}}",
    "version": "1.0.0",
    "title": "Planted data: three classes, each near an axis of its own",
    "source": "made by assay new",
    "licence": "CC0-1.0",
    "classes": ["first", "second", "third"],
    "arrays": {
      "train.features": { "file": "train_x.npy", "normalize": "l2" },
      "train.labels": { "file": "train_y.npy" },
      "val.features": { "file": "val_x.npy", "normalize": "l2" },
      "val.labels": { "file": "val_y.npy" },
      "test.features": { "file": "test_x.npy", "normalize": "l2" },
      "test.labels": { "file": "test_y.npy" }
    }
  }

  """

let plantedSuite = """
  {
    "schema": "assay.suite/1",
    "id": "{{suite}}",
    "version": "1.0.0",
    "title": "Few-shot classification of planted data",
    "task": "classify",
    "datasets": ["planted"],
    "protocol": { "kind": "few-shot", "shots": [1, 4] },
    "seeds": [1, 2],
    "metrics": ["accuracy", "nll"],
    "groups": ["class"]
  }

  """

let plantedLedger = """
  {
    "schema": "assay.ledger/1",
    "rows": [
      {
        "suite": "{{suite}}", "dataset": "planted", "method": "*", "setting": { "shots": 4 },
        "metric": "accuracy", "value": 1.0, "tolerance": 0.0,
        "source": "the classes are so far apart that every sound method tells them"
      }
    ]
  }

  """

let datasetSuite = """
  {
    "schema": "assay.suite/1",
    "id": "{{name}}-few-shot",
    "version": "1.0.0",
    "title": "Few-shot classification of {{name}}",
    "task": "classify",
    "datasets": ["./"],
    "protocol": { "kind": "few-shot", "shots": [1, 4] },
    "seeds": [1, 2],
    "metrics": ["accuracy", "nll"]
  }

  """
