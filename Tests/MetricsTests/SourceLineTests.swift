import Glibc
import LinearAlgebra
import Random
import Testing

@testable import Metrics

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

/// Models whose line on logit axes is known.
private func models(
  _ name: String, _ logits: [Double], lines: [(intercept: Double, slope: Double)]
) -> SourceLines.Models {
  SourceLines.Models(
    name: name, reference: logits.map(sigmoid),
    shifted: lines.map { line in logits.map { sigmoid(line.intercept + line.slope * $0) } })
}

@Suite("Lines of sources")
struct SourceLineTests {
  /// Origin: SciPy 1.17.1, `linregress(logit(x), logit(y))`: `stderr`, `intercept_stderr`.
  @Test("the standard errors of a line are those of SciPy")
  func errors() throws {
    let line = try EffectiveRobustness(
      reference: [0.55, 0.63, 0.70, 0.76, 0.81], shifted: [0.40, 0.51, 0.55, 0.66, 0.70],
      rows: 10_000, shiftedRows: 10_000)
    #expect(abs(line.slopeError - 0.08429411836181722) < 1e-9)
    #expect(abs(line.interceptError - 0.07972491807096103) < 1e-9)
    // Origin: NumPy, sqrt(sum of squared residuals / 3).
    #expect(abs(line.residualDeviation - 0.0831632266115091) < 1e-9)
  }

  @Test("lines are compared at the median reference accuracy of the range that all reach")
  func place() throws {
    let first = SourceLines.Models(name: "A", reference: [0.5, 0.6, 0.7, 0.8], shifted: [])
    let second = SourceLines.Models(name: "B", reference: [0.6, 0.75, 0.9], shifted: [])
    // In 0.6 ... 0.8 stand 0.6, 0.6, 0.7, 0.75 and 0.8.
    #expect(SourceLines.commonReference([first, second]) == 0.7)
    let far = SourceLines.Models(name: "C", reference: [0.95, 0.99], shifted: [])
    #expect(SourceLines.commonReference([first, far]) == nil)
    #expect(SourceLines.commonReference([]) == nil)
  }

  @Test("planted lines give back their accuracies, ranks and disagreement")
  func planted() throws {
    let logits = [-0.5, 0.0, 0.5, 1.0, 1.5]
    let sources = [
      models("A", logits, lines: [(0.5, 1), (-0.5, 1)]),
      models("B", logits, lines: [(-0.5, 1), (0.5, 1)]),
    ]
    let lines = SourceLines(sources, rows: 1000, shiftedRows: [1000, 1000], at: sigmoid(1))
    #expect(abs(lines.accuracy(0, 0) - sigmoid(1.5)) < 1e-9)
    #expect(abs(lines.accuracy(1, 0) - sigmoid(0.5)) < 1e-9)
    #expect(lines.ranks(0) == [1, 2] && lines.ranks(1) == [2, 1])
    #expect(lines.agreement.value == 0)
    #expect(abs(try #require(lines.correlation(0, 1).value) + 1) < 1e-12)
  }

  @Test("two models give no line, and ranks that need it are undefined")
  func fewModels() {
    let lines = SourceLines(
      [models("A", [0, 1], lines: [(0, 1)])], rows: 100, shiftedRows: [100], at: 0.6)
    #expect(lines.lines[0][0] == nil)
    #expect(lines.accuracy(0, 0).isNaN && lines.ranks(0)[0].isNaN)
  }

  @Test("a mixture stands between, above or below its parts, up to the tolerance")
  func dilution() throws {
    let inside = try #require(Dilution(mixture: 0.7, parts: [0.6, 0.8], tolerance: 0))
    #expect(inside.verdict == .between && abs((inside.position ?? 0) - 0.5) < 1e-12)
    #expect(Dilution(mixture: 0.82, parts: [0.6, 0.8], tolerance: 0.01)?.verdict == .above)
    #expect(Dilution(mixture: 0.82, parts: [0.6, 0.8], tolerance: 0.03)?.verdict == .between)
    #expect(Dilution(mixture: 0.58, parts: [0.8, 0.6], tolerance: 0.01)?.verdict == .below)
    let equal = try #require(Dilution(mixture: 0.6, parts: [0.6, 0.6], tolerance: 0))
    #expect(equal.position == nil && equal.verdict == .between)
    #expect(Dilution(mixture: .nan, parts: [0.6, 0.8], tolerance: 0) == nil)
  }
}

@Suite("Kendall's W")
struct ConcordanceTests {
  @Test("judges who agree have 1, opposite ones 0")
  func ends() {
    #expect(kendallW([[1, 2, 3], [1, 2, 3], [10, 20, 30]]).value == 1)
    #expect(kendallW([[1, 2, 3], [3, 2, 1]]).value == 0)
  }

  @Test("it is the mean Spearman correlation of the judges, made linear")
  func spearmanForm() throws {
    // W = (1 + (m - 1) mean rho) / m for rankings without ties.
    let scores: [[Double]] = [[1, 2, 3, 4, 5], [2, 1, 4, 3, 5], [5, 1, 2, 4, 3]]
    let pairs = [(0, 1), (0, 2), (1, 2)].compactMap { spearman(scores[$0], scores[$1]).value }
    let expected = (1 + 2 * pairs.reduce(0, +) / 3) / 3
    #expect(abs(try #require(kendallW(scores).value) - expected) < 1e-12)
  }

  @Test("with ties the same holds, since both correct for them")
  func ties() throws {
    let scores: [[Double]] = [[1, 2, 2, 4], [1, 2, 2, 4]]
    #expect(abs(try #require(kendallW(scores).value) - 1) < 1e-12)
  }

  @Test("one judge, one thing, ties alone or a missing score leave it undefined")
  func degenerate() {
    #expect(kendallW([[1, 2]]).value == nil)
    #expect(kendallW([[1], [2]]).value == nil)
    #expect(kendallW([[1, 1], [2, 2]]).value == nil)
    #expect(kendallW([[1, .nan], [2, 1]]).value == nil)
  }
}

/// The averaging classifier w = mean of the sources' means on a test with mean nu and unit noise has
/// the accuracy Phi(w nu / ||w||).
@Suite("The simple theory of dilution")
struct DilutionTheoryTests {
  private let width = 30

  private func block(_ shared: Double, _ first: Double, _ second: Double) -> [Double] {
    (0..<width).map { ($0 < 10 ? shared : $0 < 20 ? first : second) * 0.22 }
  }

  private func dot(_ x: [Double], _ y: [Double]) -> Double {
    zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func normal(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

  /// The share of simulated rows, of either class, that the classifier gets right.
  private func simulated(_ w: [Double], _ nu: [Double], rows: Int) -> Double {
    var random = Philox(key: 7, stream: 0)
    var right = 0
    for _ in 0..<rows {
      let y = random.below(2) == 0 ? -1.0 : 1.0
      var score = 0.0
      for place in 0..<width {
        // Box and Muller
        let radius = (-2 * log((Double(random.below(1 << 30)) + 0.5) / Double(1 << 30)))
          .squareRoot()
        let noise = radius * cos(2 * Double.pi * Double(random.below(1 << 30)) / Double(1 << 30))
        score += w[place] * (y * nu[place] + noise)
      }
      if score * y > 0 { right += 1 }
    }
    return Double(right) / Double(rows)
  }

  @Test("the closed form is the simulated accuracy within 1 %", arguments: [0.0, 0.25, 0.5, 1.0])
  func closedForm(_ share: Double) {
    let (a, b) = (block(1, 2, 0), block(1, 0, 2))
    let w = zip(a, b).map { share * $0 + (1 - share) * $1 }
    for nu in [block(1, 1, 1), block(1, 1, 0.2), block(1, 1, -0.4)] {
      let expected = normal(dot(w, nu) / dot(w, w).squareRoot())
      // The standard error of 40,000 rows is below 0.0025.
      #expect(abs(simulated(w, nu, rows: 40_000) - expected) < 0.01)
    }
  }

  @Test("the ratio of a mixture's margins lies between those of its sources")
  func mediant() {
    let (a, b) = (block(1, 2, 0), block(1, 0, 2))
    let (reference, shift) = (block(1, 1, 1), block(1, 1, 0.2))
    func ratio(_ w: [Double]) -> Double { dot(w, shift) / dot(w, reference) }
    for share in stride(from: 0.1, to: 1, by: 0.1) {
      let mixed = ratio(zip(a, b).map { share * $0 + (1 - share) * $1 })
      #expect(mixed < ratio(a) && mixed > ratio(b))
    }
  }
}
