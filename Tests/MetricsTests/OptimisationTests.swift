import LinearAlgebra
import Problems
import Tensors
import Testing

@testable import Metrics

@Suite("Metrics of optimisers")
struct OptimisationTests {
  private func table(target: Double? = 0.5, radius: Double? = 0.1) throws -> OptimisationOutcomes {
    try OptimisationOutcomes(
      steps: [0, 10, 20], losses: [[4, 8], [2, 6], [1, 3]], gradients: 22, target: target,
      distances: radius == nil ? nil : [1, 0.2, 0.05], radius: radius)
  }

  private func value(_ key: String, _ table: OptimisationOutcomes, counts: [UInt8]? = nil)
    -> Double?
  {
    table.evaluator(for: key)?.value(counts: counts ?? [UInt8](repeating: 1, count: table.n))
  }

  @Test("are the closed forms of a small table")
  func closedForms() throws {
    let table = try table()
    #expect(value("loss", table) == 2)
    #expect(value("loss_ratio", table) == 2.0 / 6)
    #expect(value("steps_to_target", table) == 20)
    #expect(value("steps_to_minimum", table) == 20)
    #expect(value("gradients", table) == 22)
    // The first row alone is at half its loss after ten steps.
    #expect(value("steps_to_target", table, counts: [1, 0]) == 10)
  }

  @Test("are undefined where nothing is named or reached, with the reason")
  func undefined() throws {
    let bare = try table(target: nil, radius: nil)
    #expect(value("steps_to_target", bare) == nil && value("steps_to_minimum", bare) == nil)
    let far = try table(target: 0.1, radius: 0.01)
    #expect(value("steps_to_target", far) == nil && value("steps_to_minimum", far) == nil)
    #expect(far.evaluator(for: "steps_to_target")?.undefinedReason == "the target was not reached")
    let zero = try OptimisationOutcomes(steps: [0], losses: [[0]], gradients: 0)
    #expect(value("loss_ratio", zero) == nil && value("loss", zero) == 0)
  }

  @Test("come back from stored columns, and steps in any order are put in order")
  func columns() throws {
    let table = try table()
    let read = try outcomeTable(task: "optimise", columns: table.columns)
    let again = try #require(read as? OptimisationOutcomes)
    #expect(again.losses == table.losses && again.steps == table.steps)
    #expect(again.distances == table.distances && again.radius == 0.1 && again.target == 0.5)
    let turned = try OptimisationOutcomes(
      steps: [20, 0, 10], losses: [[1, 3], [4, 8], [2, 6]], gradients: 22)
    #expect(turned.losses == table.losses)
    let one = table.selecting(rows: [1])
    #expect(one.n == 1 && value("loss", one) == 3)
  }

  @Test("the host computes the losses itself, from the parameters that come back")
  func judge() throws {
    let curvature = Tensor([2, 0, 0, 4] as [Float], shape: [2, 2])
    let answer = Answer(
      outputs: [
        "parameters": Tensor([1, 1, 0.5, 0] as [Float], shape: [2, 2]),
        "gradients": Tensor(doubles: [9], shape: []),
      ],
      inputs: [
        TensorSource(name: "curvature", tensor: curvature),
        TensorSource(name: "records", tensor: Tensor([0, 5] as [Int32], shape: [2])),
      ],
      truth: [
        "target": Tensor(doubles: [0.1], shape: []),
        "minimum": Tensor([0, 0] as [Float], shape: [2]),
        "radius": Tensor(doubles: [0.5], shape: []),
      ])
    let outcomes = try Task.optimise.outcomes(answer)
    let table = try #require(outcomes as? OptimisationOutcomes)
    #expect(table.losses == [[3], [0.25]] && table.distances == [1, 0.5])
    #expect(value("steps_to_target", table) == 5 && value("steps_to_minimum", table) == 5)
  }

  @Test("parameters of another problem are refused with both numbers")
  func wrongParameters() throws {
    let answer = Answer(
      outputs: [
        "parameters": Tensor([1, 1, 1] as [Float], shape: [1, 3]),
        "gradients": Tensor(doubles: [0], shape: []),
      ],
      inputs: [
        TensorSource(name: "valley", tensor: Tensor([1] as [Int32], shape: [])),
        TensorSource(name: "records", tensor: Tensor([0] as [Int32], shape: [1])),
      ], truth: [:])
    let error = #expect(throws: MetricsError.self) { _ = try Task.optimise.outcomes(answer) }
    #expect(error?.message.contains("[1, 3]") == true && error?.message.contains("2 param") == true)
  }
}
