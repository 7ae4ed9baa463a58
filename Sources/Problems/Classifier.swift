public import Autograd
internal import Layers
public import LinearAlgebra
internal import Tensors

/// Softmax regression, or a network with one hidden layer, on rows with labels.
public final class Classifier: LikelihoodProblem {
  /// What a network looks like, whatever it learns from.
  public struct Form: Sendable {
    /// The numbers of a row.
    public var width: Int
    /// The hidden units; 0 for none, which makes the problem convex.
    public var hidden: Int
    /// The number of classes.
    public var classCount: Int

    /// Puts extents together.
    public init(width: Int, hidden: Int, classCount: Int) {
      self.width = width
      self.hidden = hidden
      self.classCount = classCount
    }
  }

  private let rows: Matrix<Float>
  private let classes: [Int32]
  private let network: MLP
  private let width: Int

  /// Takes rows `[N, D]`, the class of each, and the seed of the first values.
  ///
  /// Softmax regression starts from zeros, a network from uniform draws within ±1 / √inputs.
  public init(rows: Matrix<Float>, labels: [Int32], form: Form, seed: UInt64) {
    precondition(
      rows.rows == labels.count && rows.columns == form.width, "each row has a label and a width")
    self.rows = rows
    classes = labels
    width = form.width
    let hidden = form.hidden > 0 ? [form.hidden] : []
    network = MLP(
      "network", widths: [form.width] + hidden + [form.classCount], activation: .gelu, seed: seed)
    if form.hidden == 0 {
      for parameter in network.parameters { parameter.withNumbers { $0.update(repeating: 0) } }
    }
  }

  /// Weights and biases, layer by layer.
  public var parameters: [NetworkParameter] { network.parameters }
  /// The number of rows.
  public var sampleCount: Int { rows.rows }

  /// The logits of rows, `[B, K]`.
  public func logits(of samples: ArraySlice<Int32>, on tape: Tape) -> Variable {
    let batch = tape.leaf([samples.count, width]) { numbers in
      for (place, sample) in samples.enumerated() {
        rows.view.withRow(Int(sample)) { row in
          for column in 0..<width { numbers[place * width + column] = row[column] }
        }
      }
    }
    return network(batch)
  }

  /// The classes of rows.
  public func labels(of samples: ArraySlice<Int32>) -> [Int32] { samples.map { classes[Int($0)] } }
}
