import Autograd
import LinearAlgebra
import Problems
import Testing

@Suite("Problems")
struct ProblemTests {
  private let tape = Tape()
  private let text = Array("a text of some words, and of some more words behind them.".utf8)
  private let form = ByteGPT.Form(layers: 2, width: 8, heads: 2, context: 6)

  @Test("the text model of the method's card has 120,576 parameters and starts at ln 256")
  func size() {
    let problem = ByteGPT(
      text: [UInt8](repeating: 7, count: 80),
      form: .init(layers: 2, width: 64, heads: 4, context: 64),
      seed: 3)
    // 320 rows of tables; each block four products of 64², 8 of the network, biases and norms.
    #expect(problem.parameterCount == 320 * 64 + 2 * (12 * 4096 + 9 * 64 + 4 * 64) + 2 * 64)
    let start = problem.loss(of: [0, 1], on: tape).number
    // The norm before the last product has rows of length 8, its columns a deviation of 0.02.
    #expect(abs(start - 5.545) < 0.3)
  }

  @Test("a window sees no byte behind the one that it says")
  func causality() {
    var other = text
    other[5] = 0
    let (one, two) = (
      ByteGPT(text: text, form: form, seed: 1), ByteGPT(text: other, form: form, seed: 1)
    )
    let first = one.logits(of: [0], on: tape).numbers
    tape.reset()
    let second = two.logits(of: [0], on: tape).numbers
    #expect(first[..<(5 * 256)] == second[..<(5 * 256)])
    #expect(first[(5 * 256)...] != second[(5 * 256)...])
  }

  @Test("windows of judging stand one behind the other, those of training at every byte")
  func windows() {
    let training = ByteGPT(text: text, form: form, seed: 1)
    #expect(training.sampleCount == text.count - 6)
    #expect(training.labels(of: [2]) == text[3..<9].map(Int32.init))
    let judging = ByteGPT(text: text, form: form, step: 6, seed: 1)
    #expect(judging.sampleCount == (text.count - 1) / 6)
    #expect(judging.labels(of: [2]) == text[13..<19].map(Int32.init))
  }

  @Test("the losses of all samples are those of each, and their mean is the loss of all")
  func losses() {
    let problem = ByteGPT(text: text, form: form, seed: 1)
    let all = problem.losses(on: tape)
    #expect(all.count == problem.sampleCount)
    let third = Double(problem.loss(of: [3], on: tape).number)
    #expect(abs(all[3] - third) < 1e-5)
    tape.reset()
    let samples = (0..<problem.sampleCount).map(Int32.init)
    let mean = Double(problem.loss(of: samples[...], on: tape).number)
    #expect(abs(all.reduce(0, +) / Double(all.count) - mean) < 1e-5)
  }

  @Test("flat parameters come back as they were set, and tables, biases and norms do not decay")
  func parameters() {
    let problem = ByteGPT(text: text, form: form, seed: 1)
    let wanted = problem.flatParameters.map { $0 + 1 }
    problem.setFlatParameters(wanted)
    #expect(problem.flatParameters == wanted)
    let decaying = problem.parameters.filter(\.decays)
    #expect(decaying.count == 8)
    #expect(decaying.allSatisfy { $0.name.contains("transformer") })
  }

  @Test("a seed decides the start, and softmax regression starts from zeros")
  func starts() {
    func text(_ seed: UInt64) -> [Float] {
      ByteGPT(text: self.text, form: form, seed: seed).flatParameters
    }
    #expect(text(1) == text(1) && text(1) != text(2))
    let rows = Matrix<Float>([1, 2, 3, 4], rows: 2, columns: 2)
    func classifier(_ hidden: Int) -> Classifier {
      Classifier(
        rows: rows, labels: [0, 1], form: .init(width: 2, hidden: hidden, classCount: 3), seed: 1)
    }
    #expect(classifier(0).flatParameters == [Float](repeating: 0, count: 9))
    #expect(classifier(5).parameterCount == 5 * 3 + 3 * 6)
  }

  @Test("the functions are least where they say")
  func functions() {
    let valley = Valley()
    valley.setFlatParameters([1, 4])
    let loss = valley.loss(of: [0], on: tape)
    loss.backward()
    #expect(loss.number == 0 && valley.parameters[0].gradient == [0, 0])
    valley.parameters[0].clearGradient()
    valley.setFlatParameters([2, 1])
    // 8 · 1 · (5.2 + 4 + 1) + 4.5
    #expect(abs(valley.losses(on: tape)[0] - 86.1) < 1e-4)
    let bowl = Quadratic(curvature: Matrix([2, 1, 1, 4], rows: 2, columns: 2))
    #expect(bowl.losses(on: tape) == [4])
    let slope = bowl.loss(of: [0], on: tape)
    slope.backward()
    #expect(bowl.parameters[0].gradient == [3, 5])
  }

  @Test("a loss that is not finite is the greatest number, not none")
  func overflow() {
    let bowl = Quadratic(curvature: Matrix([1], rows: 1, columns: 1))
    bowl.setFlatParameters([1e30])
    #expect(bowl.losses(on: tape) == [Double(Float.greatestFiniteMagnitude)])
  }

  @Test("forms that no text fits are refused with what is wrong")
  func obstacles() {
    #expect(form.obstacle(readingBytes: 7) == nil)
    #expect(form.obstacle(readingBytes: 6)?.contains("6 bytes") == true)
    let odd = ByteGPT.Form(layers: 1, width: 9, heads: 2, context: 4)
    #expect(odd.obstacle(readingBytes: 40)?.contains("9") == true)
  }
}
