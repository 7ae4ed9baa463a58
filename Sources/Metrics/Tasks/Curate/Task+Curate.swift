internal import Tensors

extension Task {
  package static let curate = Task(
    .curate, sample: ["N": 12, "K": 3], rows: "texts.offsets",
    faults: { given in
      given.outside(-1, nil, "pool.labels", "-1 for none, or a class")
        + given.outside(0, nil, "test.labels", "a class")
    },
    // Entries and the test rows of the probe are in no group.
    spread: { asked in
      let entries = try asked.truth("entries")?.first ?? 0
      let probe = ["pool.features", "pool.labels", "test.features", "test.labels"]
      let tests = try probe.allSatisfy(asked.isKept) ? asked.truth("test.labels")?.count ?? 0 : 0
      return asked.codes + [Int32](repeating: -1, count: Int(entries) + tests)
    },
    outcomes: { answer in
      try CurationOutcomes(
        kept: try answer.output("kept"), keepProbability: try answer.output("keep_prob"),
        entryCount: answer.outputs["entry_count"],
        entryProbability: answer.outputs["entry_prob"], truth: try CurationTruth(answer.truth))
    })
}
