public import Autograd
internal import Layers
internal import Tensors

/// A causal transformer that says the next byte of a text.
///
/// The blocks are those of `Layers`, with norms before attention and network; positions are learnt,
/// and the last product is with the table of the bytes. A sample is a window of `context` bytes and
/// the byte behind each of them, named by its first byte. Biases, norms and tables do not decay.
public final class ByteGPT: LikelihoodProblem {
  /// What a network looks like, whatever it reads.
  public struct Form: Sendable {
    /// The number of blocks.
    public var layers: Int
    /// The numbers of a token.
    public var width: Int
    /// The heads of attention, which divide the width.
    public var heads: Int
    /// The bytes of a window.
    public var context: Int

    /// Puts extents together.
    public init(layers: Int, width: Int, heads: Int, context: Int) {
      self.layers = layers
      self.width = width
      self.heads = heads
      self.context = context
    }

    /// Why there is no such network for a text of so many bytes; nil where there is.
    public func obstacle(readingBytes count: Int) -> String? {
      if layers < 0 || width < 1 || heads < 1 || !width.isMultiple(of: heads) {
        return "a width of \(width) is no \(heads) equal heads, in \(layers) layers"
      }
      if context < 1 || count <= context {
        return "a text of \(count) bytes holds no window of \(context) bytes and the one behind it"
      }
      return nil
    }
  }

  private let text: [UInt8]
  private let form: Form
  private let step: Int
  private let table, positions: Embedding
  private let blocks: Transformer
  private let norm: LayerNorm

  /// Takes a text and the seed of the first values; sample i starts at byte `i · step`.
  ///
  /// With a step of 1 every place of the text is a sample, as for training; with one of `context`
  /// windows do not overlap, as for judging.
  public init(text: [UInt8], form: Form, step: Int = 1, seed: UInt64) {
    precondition(text.count > form.context, "a text is longer than a window of it")
    self.text = text
    self.form = form
    self.step = step
    table = Embedding("token", count: 256, width: form.width, seed: seed)
    positions = Embedding(
      "position", count: form.context, width: form.width, deviation: 0.01, seed: seed)
    blocks = Transformer(
      "transformer", width: form.width, heads: form.heads, depth: form.layers, seed: seed)
    norm = LayerNorm("ln_final", width: form.width)
    for layer in [table, positions] { layer.weight.decays = false }
  }

  /// The tables, the blocks and the last norm.
  public var parameters: [NetworkParameter] {
    table.parameters + positions.parameters + blocks.parameters + norm.parameters
  }

  /// The number of windows.
  public var sampleCount: Int { (text.count - form.context - 1) / step + 1 }

  /// The logits of the next byte at every place of windows, `[B · context, 256]`.
  public func logits(of samples: ArraySlice<Int32>, on tape: Tape) -> Variable {
    let ids = samples.flatMap { sample in bytes(from: Int(sample) * step) }
    let places = (0..<form.context).map(Int32.init)
    let tokens = table(ids, batch: samples.count, on: tape) + positions(places, batch: 1, on: tape)
    let hidden = norm(blocks(tokens, mask: AttentionMask(isCausal: true)))
    return hidden.reshaped(ids.count, form.width).linear(tape.use(table.weight))
  }

  /// The bytes behind those of windows.
  public func labels(of samples: ArraySlice<Int32>) -> [Int32] {
    samples.flatMap { bytes(from: Int($0) * step + 1) }
  }

  private func bytes(from start: Int) -> [Int32] {
    text[start..<start + form.context].map(Int32.init)
  }
}
