package import Documents
internal import Tensors

extension Contract {
  /// The contract as a document of `assay.contract/1`, with the keys of the metrics that the host
  /// computes of the outputs.
  package func json(measuring metrics: [String]) -> JSON {
    [
      "schema": "assay.contract/1",
      "task": .string(task),
      "version": .string(version.description),
      "summary": .string(summary),
      "fit": .array(fit.map(\.json)),
      "predict": .array(predict.map(\.json)),
      "outputs": .array(outputs.map(\.json)),
      "coordinates": .array(coordinates.sorted().map(JSON.string)),
      "unlabelled": .array(unlabelled.sorted().map(JSON.string)),
      "truth": .array(truth.map(\.json)),
      "metrics": .array(metrics.map(JSON.string)),
    ]
  }
}

extension TensorSpec {
  /// The tensor as a member of a contract document.
  package var json: JSON {
    [
      "name": .string(name),
      "dtypes": .array(dtypes.map { .string($0.rawValue) }),
      "shape": .array(shape.map { .string($0.description) }),
      "domain": .string(domain.description),
      "optional": .bool(isOptional),
      "summary": .string(summary),
    ]
  }
}

extension Domain: CustomStringConvertible {
  /// The domain in words, such as `finite` or `0 ..< K`.
  package var description: String {
    switch self {
    case .any: "any"
    case .finite: "finite"
    case .extent(let symbol): "the extent \(symbol)"
    case .index(let symbol): "0 ..< \(symbol)"
    case .indices(let symbols): symbols.map { "0 ..< \($0)" }.joined(separator: ", ")
    case .offsets(let symbol): "ascending from 0 to \(symbol)"
    case .unitRows: "unit rows"
    case .range(let range): rangeText(range, " ... ")
    case .distribution: "0 ... 1, sums to 1 along the last axis"
    case .identity: "equal where they belong together"
    }
  }
}

/// The ends of a range, whole numbers without a fraction, such as `0...1`.
func rangeText(_ range: ClosedRange<Double>, _ dots: String = "...") -> String {
  [range.lowerBound, range.upperBound]
    .map { $0.isInfinite ? "infinity" : Int(exactly: $0).map(String.init) ?? String($0) }
    .joined(separator: dots)
}
