package import Contracts
internal import Documents
internal import Tensors

/// The largest extent that a number in a manifest may stand for.
private let largestExtent = 10_000_000

extension Dataset.Case {
  /// Whether the names of the case's tensors are those of a task, and all that it must have.
  func isNamed(as contract: Contract) -> Bool {
    func known(_ tensors: [String: Dataset.CaseTensor], _ specs: [TensorSpec]) -> Bool {
      tensors.keys.allSatisfy { Contract.spec(named: $0, in: specs) != nil }
    }
    return known(fit, contract.fit) && known(query, contract.predict)
      && known(truth, contract.truth) && missing(query, contract.predict).isEmpty
      && missing(truth, contract.truth).isEmpty
  }

  /// What keeps the case from being a question of a contract: names, types, shapes and values, each a
  /// sentence with the member that it is about.
  package func obstacles(to contract: Contract) -> [(member: String, message: String)] {
    var found: [(member: String, message: String)] = []
    var symbols = SymbolTable()
    var values: [(member: String, name: String, spec: TensorSpec, tensor: Tensor)] = []
    let members = [
      ("fit", fit, contract.fit), ("query", query, contract.predict),
      ("truth", truth, contract.truth),
    ]
    for (member, tensors, specs) in members {
      for name in missing(tensors, specs) {
        found.append((member, "'\(name)' is missing, which task '\(contract.task)' needs"))
      }
      for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
        guard let spec = Contract.spec(named: name, in: specs) else {
          let names = specs.map(\.name)
          let hint =
            nearestName(to: name, in: names).map { "did you mean '\($0)'?" }
            ?? "there is: \(names.sorted().joined(separator: ", "))"
          found.append((member, "there is no tensor '\(name)'; \(hint)"))
          continue
        }
        let place = JSONPointer.appending(name, to: member)
        let isMember = spec.name.hasSuffix(".*")
        if !isMember, let clause = symbols.match(tensor.shape, of: name, with: spec.shape) {
          found.append((place, "'\(name)' \(clause)"))
        } else if tensor.shape.extents.first == 0 {
          found.append((place, "'\(name)' has no rows; leave the case out, or the tensor"))
        }
        do {
          _ = try tensor.source(name: name, as: spec.dtypes[0])
          // Numbers that are not finite have been told of.
          if isMember || [.any, .finite].contains(spec.domain) { continue }
          let numbers = try tensor.tensor(as: spec.dtypes[0])
          values.append((place, name, spec, numbers))
          if case .extent(let symbol) = spec.domain, numbers.shape.rank == 0,
            let extent = try numbers.int32Scalar()
          {
            let clause =
              (0...largestExtent).contains(Int(extent))
              ? symbols.settle(symbol, as: Int(extent), by: name)
              : "is \(extent), which is not in 0 ... \(largestExtent)"
            if let clause { found.append((place, "'\(name)' \(clause)")) }
          }
        } catch let error as TensorError {
          found.append((place, error.message))
        } catch {
          found.append((place, "\(error)"))
        }
      }
    }
    guard found.isEmpty else { return found }
    for value in values {
      if contract.task == Contract.recommend.task, value.name == "relevance" { continue }
      if let clause = value.spec.breach(of: value.tensor, named: value.name, symbols) {
        found.append((value.member, clause))
      }
    }
    return found + rules(of: contract, symbols)
  }

  private func missing(
    _ tensors: [String: Dataset.CaseTensor], _ specs: [TensorSpec]
  ) -> [String] {
    specs.filter { !$0.isOptional && !$0.name.hasSuffix(".*") && tensors[$0.name] == nil }
      .map(\.name)
  }
}

// MARK: What no domain says

extension Dataset.Case {
  /// What a contract says of values in words.
  private func rules(
    of contract: Contract, _ symbols: SymbolTable
  ) -> [(member: String, message: String)] {
    switch contract.task {
    case Contract.recommend.task:
      let probabilities = [
        ("fit", "propensity", fit), ("fit", "val.propensity", fit), ("truth", "exposure", truth),
      ]
      return probabilities.compactMap { member, name, tensors in
        zeroProbability(tensors[name], name).map { ("\(member)/\(name)", $0) }
      } + repeatedPairs() + grades()
    case Contract.detectOOD.task:
      return outside(-1, symbols["K"], "labels", "-1 for OOD, or a class")
    case Contract.curate.task:
      return outside(-1, nil, "pool.labels", "-1 for none, or a class")
        + outside(0, nil, "test.labels", "a class")
    default: return []
    }
  }

  private func zeroProbability(_ tensor: Dataset.CaseTensor?, _ name: String) -> String? {
    guard let numbers = try? tensor?.tensor(as: .f32) else { return nil }
    let place = numbers.withElements(of: Float.self) { $0.firstIndex { $0 <= 0 } }
    return place.map { "'\(name)' is 0 at \($0), and probabilities of exposure are above 0" }
  }

  /// Grades of relevance above 1 are for metrics to read; below 0 there is none.
  private func grades() -> [(member: String, message: String)] {
    guard let numbers = try? truth["relevance"]?.tensor(as: .f32) else { return [] }
    let place = numbers.withElements(of: Float.self) { $0.firstIndex { $0 < 0 } }
    return place.map { [("truth/relevance", "'relevance' is negative at \($0)")] } ?? []
  }

  /// No click is listed twice, nor both learned from and tuned on.
  private func repeatedPairs() -> [(member: String, message: String)] {
    var seen: [Pair: String] = [:]
    for name in ["interactions", "val.interactions"] {
      guard let numbers = try? fit[name]?.tensor(as: .i32) else { continue }
      let pairs = numbers.withElements(of: Int32.self) { values in
        stride(from: 0, to: values.count - 1, by: 2).map { Pair(values[$0], values[$0 + 1]) }
      }
      for (row, pair) in pairs.enumerated() {
        if let home = seen[pair] {
          return [
            (
              "fit/\(name)",
              "row \(row) of '\(name)', user \(pair.user) and item \(pair.item), is in '\(home)' too"
            )
          ]
        }
        seen[pair] = name
      }
    }
    return []
  }

  private func outside(
    _ least: Int32, _ end: Int?, _ name: String, _ wanted: String
  ) -> [(member: String, message: String)] {
    guard let numbers = try? truth[name]?.tensor(as: .i32) else { return [] }
    let found = numbers.withElements(of: Int32.self) { values in
      values.firstIndex { $0 < least || Int($0) >= end ?? .max }.map { ($0, values[$0]) }
    }
    guard let (row, value) = found else { return [] }
    let range = end.map { " in 0 ..< \($0)" } ?? ""
    return [("truth/\(name)", "'\(name)' is \(value) in row \(row), not \(wanted)\(range)")]
  }

  private struct Pair: Hashable {
    let user: Int32
    let item: Int32
    init(_ user: Int32, _ item: Int32) {
      self.user = user
      self.item = item
    }
  }
}

extension Tensor {
  /// The value of a scalar of type i32; nil for any other tensor.
  fileprivate func int32Scalar() throws -> Int32? {
    guard dtype == .i32, shape.rank == 0 else { return nil }
    return withElements(of: Int32.self) { $0[0] }
  }
}
