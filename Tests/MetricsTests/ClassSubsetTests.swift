import Tensors
import Testing

@testable import Metrics

@Suite("Decisions among some of the classes")
struct ClassSubsetTests {
  private let logits = Tensor(
    [3, 1, 2, 0, 0, 5, 1, 1, 2, 9, 2, -1] as [Float], shape: [3, 4])

  @Test("the scores of other classes take no part in the softmax, whatever they are")
  func masked() throws {
    let found = try ClassificationOutcomes(logits: logits, labels: [2, 0, 3], among: [0, 2, 3])
    let by = try ClassificationOutcomes(
      logits: Tensor([3, 2, 0, 0, 1, 1, 2, 2, -1] as [Float], shape: [3, 3]), labels: [1, 0, 2])
    #expect(found.labels == [2, 0, 3])
    #expect(found.predicted == [0, 2, 0])
    #expect(found.ranks == by.ranks && found.ranks == [1, 2, 2])
    #expect(found.nll == by.nll && found.confidence == by.confidence && found.brier == by.brier)
    #expect(found.classCounts == [3, 3, 3])
  }

  @Test("all classes are the outcomes without a subset, and so is none given")
  func all() throws {
    let whole = try ClassificationOutcomes(logits: logits, labels: [2, 0, 3])
    for subset in [nil, [0, 1, 2, 3]] as [[Int32]?] {
      let found = try ClassificationOutcomes(logits: logits, labels: [2, 0, 3], among: subset)
      let (some, all) = (found.columns, whole.columns)
      #expect(
        some.mapValues { $0.withBytes { Array($0) } }
          == all.mapValues { $0.withBytes { Array($0) } })
    }
  }

  @Test("a single class is always right, with certainty")
  func one() throws {
    let found = try ClassificationOutcomes(logits: logits, labels: [1, 1, 1], among: [1])
    #expect(
      found.predicted == [1, 1, 1] && found.nll == [0, 0, 0] && found.confidence == [1, 1, 1])
  }

  @Test("a label outside the subset is refused with its row")
  func outside() {
    #expect {
      try ClassificationOutcomes(logits: logits, labels: [2, 1, 3], among: [0, 2, 3])
    } throws: { "\($0)".contains("label of row 1 is 1") }
  }
}
