package import Tensors

/// Why tensors do not fit a contract, as a sentence.
package struct ContractError: Error, Equatable, CustomStringConvertible {
  package var description: String
  package init(_ description: String) { self.description = description }
}

extension Contract {
  /// The spec of a named tensor; a member of a prefix group gets the group's spec.
  package func spec(of name: String) -> TensorSpec? {
    (fit + predict + outputs).first { $0.covers(name) }
  }

  /// The extents that the symbols take in these tensors, such as `["N": 40, "D": 256]`.
  ///
  /// `class.count` fixes `K`. Throws when a tensor has the wrong rank, or two tensors disagree.
  package func extents(of tensors: [TensorSource]) throws(ContractError) -> [String: Int] {
    var extents: [String: (value: Int, from: String)] = [:]
    for tensor in tensors {
      guard let spec = spec(of: tensor.name) else {
        throw ContractError("\(task) has no tensor named '\(tensor.name)'")
      }
      guard !spec.name.hasSuffix(".*") else { continue }
      guard tensor.shape.rank == spec.shape.count else {
        throw ContractError(
          "\(tensor.name) has shape \(tensor.shape), but \(task) wants \(spec.shapeText)")
      }
      for (dimension, extent) in zip(spec.shape, tensor.shape.extents) {
        switch dimension {
        case .fixed(let wanted) where wanted != extent:
          throw ContractError(
            "\(tensor.name) has shape \(tensor.shape), but \(task) wants \(spec.shapeText)")
        case .fixed: break
        case .symbol(let symbol):
          if let known = extents[symbol], known.value != extent {
            throw ContractError(
              "\(tensor.name) has \(symbol) = \(extent), but \(known.from) has \(symbol) = "
                + "\(known.value)")
          }
          extents[symbol] = (extent, tensor.name)
        }
      }
    }
    return extents.mapValues(\.value)
  }
}

extension TensorSpec {
  /// Tells whether `name` is this tensor, or a member of this prefix group.
  package func covers(_ other: String) -> Bool {
    name.hasSuffix(".*") ? other.hasPrefix(name.dropLast()) : name == other
  }

  /// The concrete shape; nil when an extent is not known before the method answers.
  package func shape(with extents: [String: Int]) -> Shape? {
    var result: [Int] = []
    for dimension in shape {
      switch dimension {
      case .fixed(let extent): result.append(extent)
      case .symbol(let symbol):
        guard let extent = extents[symbol] else { return nil }
        result.append(extent)
      }
    }
    return Shape(result)
  }

  /// The shape as it is written in documents, such as `[N, D]`.
  package var shapeText: String {
    "[\(shape.map(\.description).joined(separator: ", "))]"
  }
}
