import Estimates
import Glibc
import Metrics
import Random
import Tensors

func proportions() -> [Design] {
  var found: [Design] = []
  for n in [20, 50, 200, 2000] {
    for p in [0.5, 0.8, 0.95] {
      found.append(
        Design(kind: "proportion", name: "\(n) rows, \(p)", truth: p) { random, bootstrap in
          let table = try decisions(
            hits([Double](repeating: p, count: n), &random))
          return measure(["accuracy"], on: table, bootstrap: bootstrap)["accuracy"]
        })
    }
  }
  for (units, p) in [(10, 0.8), (40, 0.8), (40, 0.95), (200, 0.8)] {
    found.append(
      Design(
        kind: "proportion, clusters", name: "\(units) units of 5 rows, \(p)", truth: p
      ) { random, bootstrap in
        // A third of the units agree in all rows.
        var rows: [Bool] = []
        for _ in 0..<units {
          let first = random.uniform() < p
          let agree = random.uniform() < 1.0 / 3
          rows += (0..<5).map { $0 == 0 || agree ? first : random.uniform() < p }
        }
        let table = try decisions(rows, units: rows.indices.map { $0 / 5 })
        return measure(["accuracy"], on: table, bootstrap: bootstrap)["accuracy"]
      })
  }
  for (n, seeds) in [(50, 2), (50, 5), (500, 2), (500, 5)] {
    found.append(
      Design(
        kind: "proportion, seeds", name: "\(n) rows, \(seeds) seeds", truth: 0.75
      ) { random, bootstrap in
        // Half of the rows are easy, half depend on the seed.
        let rates = (0..<n).map { _ in random.uniform() < 0.5 ? 0.98 : 0.52 }
        var parts: [Estimand] = []
        for _ in 0..<seeds {
          let table = try decisions(hits(rates, &random))
          parts.append(.reading(Reading("accuracy", of: Outcomes(table, bootstrap: bootstrap))))
        }
        return Estimator().estimate(.mean(parts))
      })
  }
  return found
}

func areas() -> [Design] {
  var found: [Design] = []
  for area in [0.7, 0.9, 0.99] {
    for (positives, negatives) in [(10, 10), (10, 90), (50, 50), (20, 480), (500, 500)] {
      found.append(
        Design(
          kind: "AUROC", name: "\(area), \(positives) / \(negatives)", truth: area
        ) { random, bootstrap in
          let table = try ranked(area, positives: positives, negatives: negatives, &random)
          return measure(["auroc"], on: table, bootstrap: bootstrap)["auroc"]
        })
    }
    found.append(
      Design(
        kind: "AUROC, clusters", name: "\(area), 40 units of 5 rows", truth: area
      ) { random, bootstrap in
        let table = try ranked(area, positives: 100, negatives: 100, unitRows: 5, &random)
        return measure(["auroc"], on: table, bootstrap: bootstrap)["auroc"]
      })
  }
  return found
}

func means() -> [Design] {
  var found: [Design] = []
  for n in [3, 5, 8, 20, 50, 200, 2000] {
    found.append(
      Design(kind: "mean, normal", name: "\(n) rows", truth: 1) { random, bootstrap in
        let metric = MeanMetric((0..<n).map { _ in 1 + random.normal() })
        return measure(["m": metric], over: RowUnits(rowCount: n), bootstrap: bootstrap)["m"]
      })
    found.append(
      Design(kind: "mean, skewed (NLL)", name: "\(n) rows", truth: 1) { random, bootstrap in
        let metric = MeanMetric((0..<n).map { _ in -log(1 - random.uniform()) })
        return measure(["m": metric], over: RowUnits(rowCount: n), bootstrap: bootstrap)["m"]
      })
  }
  for n in [20, 200] {
    found.append(
      Design(kind: "mean, skewed, seeds", name: "\(n) rows, 3 seeds", truth: 1) {
        random, bootstrap in
        let rows = (0..<n).map { _ in -log(1 - random.uniform()) }
        var parts: [Estimand] = []
        for _ in 0..<3 {
          let metric = MeanMetric(rows.map { $0 * (0.5 + random.uniform()) })
          parts.append(
            .reading(
              Reading(
                "m",
                of: Outcomes(["m": metric], over: RowUnits(rowCount: n), bootstrap: bootstrap))))
        }
        return Estimator().estimate(.mean(parts))
      })
  }
  for n in [20, 50, 200, 2000] {
    found.append(
      Design(kind: "difference of accuracies", name: "\(n) rows", truth: 0.05) {
        random, bootstrap in
        let rates = (0..<n).map { _ in random.uniform() < 0.5 ? 0.95 : 0.55 }
        let sides = try [0.05, 0].map { gain in
          try decisions(hits(rates.map { $0 - gain + 0.025 }, &random))
        }
        let parts = sides.reversed().map {
          Estimand.reading(Reading("accuracy", of: Outcomes($0, bootstrap: bootstrap)))
        }
        return Estimator().estimate(.difference(parts[0], parts[1]))
      })
    // Three classes alike, of which p are decided rightly and the rest evenly: F1 is p.
    found.append(
      Design(kind: "macro F1", name: "\(n) rows, 3 classes", truth: 0.8) { random, bootstrap in
        let labels = (0..<n).map { _ in Int32(random.below(3)) }
        let logits = labels.flatMap { label -> [Float] in
          let decided =
            random.uniform() < 0.8 ? label : (label + 1 + Int32(random.below(2))) % 3
          return (0..<3).map { $0 == decided ? 1 : 0 }
        }
        let table = try ClassificationOutcomes(
          logits: Tensor(logits, shape: [n, 3]), labels: labels)
        return measure(["macro_f1"], on: table, bootstrap: bootstrap)["macro_f1"]
      })
  }
  for n in [20, 200] {
    found.append(
      Design(
        kind: "harmonic mean", name: "\(n) + \(n) rows", truth: 2 * 0.9 * 0.6 / 1.5
      ) { random, bootstrap in
        let parts = try [0.9, 0.6].map { rate in
          let table = try decisions(hits([Double](repeating: rate, count: n), &random))
          return Estimand.reading(
            Reading(
              "accuracy",
              of: Outcomes(
                table,
                bootstrap: Bootstrap(
                  resamples: bootstrap.resamples,
                  key: bootstrap.key ^ UInt64(rate * 10)))))
        }
        return Estimator().estimate(.harmonicMean(parts), in: 0...1)
      })
  }
  return found
}

func calibration() -> [Design] {
  var found: [Design] = []
  for n in [20, 200, 2000] {
    for excess in [0, 0.1] {
      found.append(
        Design(
          kind: "ECE", name: "\(n) rows, off by \(excess)", truth: excess
        ) { random, bootstrap in
          let table = try confident(n, excess: excess, &random)
          return measure(["ece15_width"], on: table, bootstrap: bootstrap)["ece15_width"]
        })
    }
  }
  return found
}

func groupings() -> [Design] {
  var found: [Design] = []
  let designs: [(rates: [Double], n: Int)] = [
    ([0.8, 0.8], 100), ([Double](repeating: 0.8, count: 5), 20),
    ([Double](repeating: 0.8, count: 5), 100), ([Double](repeating: 0.95, count: 20), 50),
    ([0.85, 0.75], 100), ([0.9, 0.85, 0.8, 0.75, 0.7], 100), ([0.9, 0.6], 20), ([0.99, 0.99], 30),
  ]
  for (rates, n) in designs {
    let (low, high) = (rates.min() ?? 0, rates.max() ?? 0)
    let name = "\(rates.count) groups of \(n), \(low) to \(high)"
    func grouped(_ random: inout Philox, _ bootstrap: Bootstrap) throws -> GroupedMetric {
      let table = try decisions(hits(rates.flatMap { [Double](repeating: $0, count: n) }, &random))
      let groups = Grouping(
        by: "g", keys: rates.indices.map { "\($0)" },
        codes: (0..<rates.count * n).map { Int32($0 / n) })
      return try measureGroups("accuracy", on: table, by: groups, bootstrap: bootstrap)
    }
    found.append(
      Design(kind: "gap", name: name, truth: high - low) { try grouped(&$0, $1).gap })
    found.append(
      Design(kind: "worst group", name: name, truth: low) { try grouped(&$0, $1).worst })
  }
  for (count, area) in [(2, 0.8), (5, 0.9)] {
    found.append(
      Design(
        kind: "gap of AUROC", name: "\(count) groups of 50 / 50, all \(area)", truth: 0
      ) { random, bootstrap in
        let table = try ranked(area, positives: 50 * count, negatives: 50 * count, &random)
        let groups = Grouping(
          by: "g", keys: (0..<count).map { "\($0)" },
          codes: (0..<100 * count).map { Int32($0 % count) })
        return try measureGroups("auroc", on: table, by: groups, bootstrap: bootstrap).gap
      })
  }
  for (count, n) in [(2, 100), (20, 100)] {
    for (key, truth) in [("equalised_odds_gap", 0.0), ("demographic_parity_ratio", 1)] {
      found.append(
        Design(
          kind: key.hasSuffix("ratio") ? "parity ratio" : "parity difference",
          name: "\(count) groups of \(n), alike", truth: truth
        ) { random, bootstrap in
          let table = try ranked(
            0.8, positives: n * count / 2, negatives: n * count / 2, &random)
          let groups = Grouping(
            by: "g", keys: (0..<count).map { "\($0)" },
            codes: (0..<n * count).map { Int32($0 % count) })
          return try measureFairness(of: table, by: groups, bootstrap: bootstrap).values[key]
        })
    }
  }
  return found
}
