import Tensors
import Testing

@testable import Metrics

@Suite("Metrics by task")
struct TaskMetricTests {
  /// An outcome table of each task with everything that a method may give.
  private func table(_ task: String) throws -> any OutcomeTable {
    switch task {
    case "classify", "classify-images":
      var table = try ClassificationOutcomes(
        logits: Tensor([1, 0, 0, 2, 1, 3, 2, 0] as [Float], shape: [4, 2]), labels: [0, 1, 1, 0],
        keepingClasses: true)
      table.conflicts = [1, 1, 0, 0]
      table.scaled = .init(confidence: table.confidence, nll: table.nll)
      return table
    case "curate": return CurationOutcomes(rows: [.entry(count: 2, after: 1)])
    case "detect-ood":
      return try DetectionOutcomes(
        scores: Tensor([0, 1] as [Float], shape: [2]), isOOD: [false, true], labels: [0, -1],
        logits: Tensor([1, 0, 0, 1] as [Float], shape: [2, 2]))
    case "diversity": return try DiversityOutcomes(modes: [1], prompts: [1], sce: [1])
    case "estimate-distance":
      return try DistanceOutcomes(references: [1], values: [1], standardErrors: [1])
    case "optimise":
      return try OptimisationOutcomes(
        steps: [0, 1], losses: [[2], [1]], gradients: 1, target: 0.5, distances: [1, 0], radius: 1)
    case "recommend":
      return try RecommendationOutcomes(
        scores: Tensor([1, 0] as [Float], shape: [2]),
        pairs: Tensor([0, 0, 0, 1] as [Int32], shape: [2, 2]),
        relevance: Tensor([1, 0] as [Float], shape: [2]),
        exposure: Tensor([0.5, 0.5] as [Float], shape: [2]))
    default:
      return try RetrievalOutcomes(
        similarity: Tensor([1, 0, 0, 1] as [Float], shape: [2, 2]), imageOfText: [0, 1])
    }
  }

  @Test(
    "the metrics of a task are those that its outcomes give",
    arguments: Task.all.map(\.name))
  func metrics(task: String) throws {
    let table = try table(task)
    let given = MetricInfo.all.map(\.key).filter { table.evaluator(for: $0) != nil }
    #expect(Set(given) == Set(MetricInfo.measured(in: task).map(\.key)))
  }

  @Test("tasks are sorted, and each has a headline among its metrics", arguments: Task.all)
  func headline(task: Task) {
    #expect(Task.all.map(\.name) == Task.all.map(\.name).sorted())
    #expect(!task.defaultMetrics.isEmpty)
    #expect(Set(task.metrics.map(\.key)).count == task.metrics.count)
  }

  @Test("a metric knows the tasks that have it, and one of whole reports has none")
  func tasks() {
    #expect(MetricInfo.named("auroc")?.tasks == ["classify", "classify-images", "detect-ood"])
    #expect(MetricInfo.named("i2t_r1")?.tasks == ["retrieve"])
    #expect(MetricInfo.named("mce")?.tasks == [])
    #expect(MetricInfo.named("equalised_odds_gap")?.tasks == [])
    #expect(MetricInfo.measured(in: "clasify").isEmpty)
  }

  @Test(
    "when a metric is undefined is told as its values tell it",
    arguments: Task.all.map(\.name))
  func undefined(task: String) throws {
    let table = try table(task).selecting(rows: [])
    for info in MetricInfo.measured(in: task) {
      let metric = try #require(table.evaluator(for: info.key))
      let value = metric.value(counts: [])
      #expect(value == nil, "\(info.key)")
      let reason = metric.undefinedReason
        .replacing("positive", with: info.key == "aupr_in" ? "ID" : "OOD")
      let isTold =
        info.undefined.contains(reason) || info.undefined.contains(metric.undefinedReason)
      #expect(isTold, "\(info.key): \(info.undefined), but \(metric.undefinedReason)")
    }
  }
}
