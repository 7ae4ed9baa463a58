internal import Contracts
internal import PluginHost
internal import Tensors

extension Check {
  /// T, continued: what one query row may know of the others.
  ///
  /// That a permutation of the hidden labels changes nothing needs no check: they never enter the
  /// worker, so no method can depend on them.
  static let rowChecks: [Check] = [
    Check(
      "T41", "answers each query row alike in any order", rule: "ASSAY_METHOD_ROW_INDEPENDENT",
      .task
    ) { probe in
      let rows = try independentRows(probe)
      let order = (0..<rows.count).map { ($0 * 5 + 3) % rows.count }
      let turned = try rows.predict(
        probe, rows.sample.choosing(order, of: rows.symbol, in: rows.contract),
        naming: "predict on permuted rows")
      let expected = rows.whole.mapValuesByName { name, tensor in
        rows.has(name) ? tensor.rows(order) : tensor
      }
      if let clause = difference(expected, turned, tolerance: 1e-4) {
        throw Finding.fail(
          "permuted query rows should permute the answers, since ASSAY_METHOD_ROW_INDEPENDENT is "
            + "declared, but \(clause)")
      }
      return "\(rows.count) rows permuted, answers permuted"
    },
    Check(
      "T42", "answers batches as the whole", rule: "ASSAY_METHOD_ROW_INDEPENDENT", .task
    ) { probe in
      let rows = try independentRows(probe)
      for (start, end) in [(0, 1), (1, 4), (4, rows.count)] {
        let batch = Array(start..<end)
        let part = try rows.predict(
          probe, rows.sample.choosing(batch, of: rows.symbol, in: rows.contract),
          naming: "predict on rows \(start)..<\(end)")
        let expected = rows.whole.mapValuesByName { name, tensor in
          rows.has(name) ? tensor.rows(batch) : tensor
        }
        if let clause = difference(expected, part, tolerance: 1e-4) {
          throw Finding.fail(
            "rows \(start)..<\(end) alone should be answered as among all \(rows.count), since "
              + "ASSAY_METHOD_ROW_INDEPENDENT is declared, but \(clause)")
        }
      }
      return "batches of 1, 3 and \(rows.count - 4) rows"
    },
    Check(
      "T60", "answers a second predict as the first", rule: "fitted --predict--> fitted", .task
    ) { probe in
      guard try probe.known().flags.contains(.deterministic) else {
        throw Finding.skip("ASSAY_METHOD_DETERMINISTIC is not declared")
      }
      let sample = try probe.sample()
      _ = try probe.baseline(sample)
      let other = try probe.sample(key: "other")
      let instance = try probe.fitted(sample)
      let first = try probe.predict(instance, sample)
      _ = try probe.predict(instance, other, naming: "predict on other rows")
      let again = try probe.predict(instance, sample, naming: "predict on the first rows again")
      instance.destroy()
      if let clause = difference(first, again) {
        throw Finding.fail(
          "predict should not change what was fitted, but after another predict \(clause)")
      }
      return "the same bytes after another predict"
    },
  ]

  private struct IndependentRows {
    var contract: Contract
    var sample: Sample
    var whole: [String: Tensor]
    /// The symbol that counts query rows.
    var symbol: String
    var count: Int

    /// The answers of a fresh instance to chosen rows.
    func predict(_ probe: Probe, _ chosen: Sample, naming: String) throws -> [String: Tensor] {
      let instance = try probe.fitted(sample)
      defer { instance.destroy() }
      return try probe.predict(instance, chosen, naming: naming)
    }

    /// Whether an output has one row for each query row.
    func has(_ output: String) -> Bool {
      Contract.spec(named: output, in: contract.outputs)?.shape.first == .symbol(symbol)
    }
  }

  private static func independentRows(_ probe: Probe) throws -> IndependentRows {
    guard try probe.known().flags.contains(.rowIndependent) else {
      throw Finding.skip("ASSAY_METHOD_ROW_INDEPENDENT is not declared")
    }
    let contract = try probe.contract()
    guard case .symbol(let symbol) = contract.predict.first?.shape.first else {
      throw Finding.skip("the task has no query rows")
    }
    let sample = try probe.sample(extents: [symbol: 8])
    let count = sample.symbols[symbol] ?? 0
    guard count >= 6 else { throw Finding.skip("the query rows of this task cannot be chosen") }
    let whole = try probe.baseline(sample)
    return IndependentRows(
      contract: contract, sample: sample, whole: whole, symbol: symbol,
      count: count)
  }
}

extension Sample {
  /// The same trial with chosen query rows.
  fileprivate func choosing(_ rows: [Int], of symbol: String, in contract: Contract) -> Sample {
    var chosen = self
    func hasRows(_ name: String, _ specs: [TensorSpec]) -> Bool {
      Contract.spec(named: name, in: specs)?.shape.first == .symbol(symbol)
    }
    chosen.query = query.map { input in
      hasRows(input.name, contract.predict)
        ? NamedTensor(name: input.name, tensor: input.tensor.rows(rows)) : input
    }
    chosen.outputs = outputs.map { output in
      guard let shape = output.shape, hasRows(output.name, contract.outputs) else { return output }
      return OutputSpec(
        name: output.name, dtype: output.dtype,
        shape: Shape([rows.count] + shape.extents.dropFirst()))
    }
    return chosen
  }
}

extension [String: Tensor] {
  fileprivate func mapValuesByName(_ change: (String, Tensor) -> Tensor) -> [String: Tensor] {
    Dictionary(map { ($0.key, change($0.key, $0.value)) }, uniquingKeysWith: { first, _ in first })
  }
}
