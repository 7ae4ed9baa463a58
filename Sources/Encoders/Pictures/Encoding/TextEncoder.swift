internal import Autograd
internal import Glibc

/// A text tower with its tokenizer: texts to embeddings, classes to ensembles of prompts.
package struct TextEncoder {
  private let tower: TextTower
  private let tokenizer: any Tokenizer
  private let tape = Tape()
  private static let batch = 64

  package init(_ tower: TextTower, _ tokenizer: any Tokenizer) {
    self.tower = tower
    self.tokenizer = tokenizer
  }

  /// The embeddings of texts, `[N, E]`, as long as the weights make them.
  package func features(of texts: [String]) -> [Float] {
    stride(from: 0, to: texts.count, by: Self.batch).flatMap { start in
      let some = Array(texts[start..<min(start + Self.batch, texts.count)])
      tape.reset()
      return tape.withoutGradients {
        tower.features(
          of: tokenizer.ids(of: some, length: tower.length), count: some.count, on: tape
        ).numbers
      }
    }
  }

  /// The embeddings of each class in each template, `{}` standing for its name: `[K, P, E]`
  /// of unit length; and of each class their mean, of unit length too, `[K, E]`.
  ///
  /// Source: Radford et al. 2021, section 3.1.4.
  package func classes(
    _ names: [String], templates: [String]
  ) -> (prompts: [Float], classes: [Float]) {
    let prompts = names.flatMap { name in templates.map { $0.replacing("{}", with: name) } }
    var rows = features(of: prompts)
    let width = rows.count / max(prompts.count, 1)
    for row in 0..<prompts.count { Self.normalise(&rows, row * width..<(row + 1) * width) }
    var means = [Float](repeating: 0, count: names.count * width)
    for prompt in 0..<prompts.count {
      let target = prompt / templates.count * width
      for place in 0..<width { means[target + place] += rows[prompt * width + place] }
    }
    for name in 0..<names.count { Self.normalise(&means, name * width..<(name + 1) * width) }
    return (rows, means)
  }

  private static func normalise(_ rows: inout [Float], _ range: Range<Int>) {
    let length = rows[range].reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0 else { return }
    for place in range { rows[place] /= length }
  }
}
