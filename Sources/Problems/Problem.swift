public import Autograd
internal import Tensors

/// A function of parameters whose least value is looked for: the mean of the losses of its samples.
///
/// A problem has its parameters as they start. Everything follows from the extents, the data and the
/// seed, so that a host and a method mean the same function by the same numbers.
///
///     let problem = ByteGPT(text: bytes, form: .init(layers: 2, width: 64, heads: 4, context: 64))
///     problem.loss(of: [0, 17, 40], on: tape).backward()
public protocol Problem: AnyObject {
  /// What is optimised, in a fixed order; the flat parameters are these one after the other.
  var parameters: [NetworkParameter] { get }
  /// The number of samples that batches are drawn from.
  var sampleCount: Int { get }
  /// The losses of samples: each, summed or their mean; a sample of several terms has as many losses.
  func loss(of samples: ArraySlice<Int32>, on tape: Tape, reduction: Reduction) -> Variable
}

/// A problem whose losses are cross-entropies, which the Gauss-Newton estimate needs.
public protocol LikelihoodProblem: Problem {
  /// The logits of samples, `[terms, K]`.
  func logits(of samples: ArraySlice<Int32>, on tape: Tape) -> Variable
  /// The class of each term.
  func labels(of samples: ArraySlice<Int32>) -> [Int32]
}

extension LikelihoodProblem {
  /// The cross-entropy of the terms of samples.
  public func loss(
    of samples: ArraySlice<Int32>, on tape: Tape, reduction: Reduction
  ) -> Variable {
    logits(of: samples, on: tape).crossEntropy(labels(of: samples), reduction: reduction)
  }
}

extension Problem {
  /// The mean loss of samples.
  public func loss(of samples: ArraySlice<Int32>, on tape: Tape) -> Variable {
    loss(of: samples, on: tape, reduction: .mean)
  }

  /// The number of numbers in all parameters.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

  /// All parameters one after the other, as a copy.
  public var flatParameters: [Float] { parameters.flatMap(\.numbers) }

  /// Sets all parameters from numbers that stand one after the other.
  public func setFlatParameters(_ numbers: some RandomAccessCollection<Float>) {
    precondition(numbers.count == parameterCount, "a problem has a number for each parameter")
    var rest = numbers[...]
    for parameter in parameters {
      parameter.withNumbers { _ = $0.update(fromContentsOf: rest.prefix($0.count)) }
      rest = rest.dropFirst(parameter.count)
    }
  }

  /// The loss of every sample, the mean over its terms; in parts that need little memory.
  ///
  /// What is not finite becomes the greatest number of f32, as losses are compared and not lost.
  public func losses(on tape: Tape) -> [Double] {
    var losses: [Double] = []
    for start in stride(from: 0, to: sampleCount, by: 64) {
      let samples = (start..<min(start + 64, sampleCount)).map(Int32.init)
      tape.reset()
      let terms = tape.withoutGradients {
        loss(of: samples[...], on: tape, reduction: .none).numbers
      }
      let width = terms.count / samples.count
      for place in samples.indices {
        let sum = terms[place * width..<(place + 1) * width].reduce(0) { $0 + Double($1) }
        let most = Double(Float.greatestFiniteMagnitude)
        losses.append(sum.isFinite ? min(sum / Double(width), most) : most)
      }
    }
    tape.reset()
    return losses
  }
}
