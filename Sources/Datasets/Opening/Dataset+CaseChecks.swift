package import Contracts
internal import Documents
internal import Metrics
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
      if let clause = value.spec.breach(of: value.tensor, named: value.name, symbols) {
        found.append((value.member, clause))
      }
    }
    let given = GivenCase(extent: { symbols[$0] }) { member, name, dtype in
      let tensors = [GivenCase.Member.fit: fit, .truth: truth][member]
      return try? tensors?[name]?.tensor(as: dtype)
    }
    return found
      + (Task.named(contract.task)?.faults(given) ?? []).map {
        ("\($0.member)/\($0.name)", $0.message)
      }
  }

  private func missing(
    _ tensors: [String: Dataset.CaseTensor], _ specs: [TensorSpec]
  ) -> [String] {
    specs.filter { !$0.isOptional && !$0.name.hasSuffix(".*") && tensors[$0.name] == nil }
      .map(\.name)
  }
}

extension Tensor {
  /// The value of a scalar of type i32; nil for any other tensor.
  fileprivate func int32Scalar() throws -> Int32? {
    guard dtype == .i32, shape.rank == 0 else { return nil }
    return withElements(of: Int32.self) { $0[0] }
  }
}
