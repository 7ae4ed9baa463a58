import CAssay
import Documents
import MethodHarness
import Tensors
import Testing

@Suite("zero-shot")
struct ZeroShotTests {
  private let query = Tensor(rows: [[3, 4]])

  private func logits(_ fit: [String: Tensor], text: String, ensemble: String) throws -> [Float] {
    try Plugin(named: "zero-shot").instance(["text": .string(text), "ensemble": .string(ensemble)])
      .logits(
        fit: fit.merging(["class.count": Tensor(scalar: 2)]) { $1 }, query: query, classCount: 2)[0]
  }

  @Test("scores 100 times the cosine, whatever the lengths")
  func cosine() throws {
    let scores = try logits(
      ["text.class": Tensor(rows: [[2, 0], [0, 0.5]])], text: "class", ensemble: "feature")
    #expect(abs(scores[0] - 60) < 1e-4 && abs(scores[1] - 80) < 1e-4)
  }

  @Test("ensembles unit prompts into a unit feature, or averages their logits")
  func ensemble() throws {
    let prompts = ["text.prompts": Tensor([1, 0, 0, 2, 0, 3, 0, 1] as [Float], shape: [2, 2, 2])]
    let feature = try logits(prompts, text: "class", ensemble: "feature")
    #expect(abs(feature[0] - 140 / Float(2).squareRoot()) < 1e-4)
    #expect(abs(feature[1] - 80) < 1e-4)
    let logit = try logits(prompts, text: "prompts", ensemble: "logit")
    #expect(abs(logit[0] - 70) < 1e-4 && abs(logit[1] - 80) < 1e-4)
  }

  @Test("takes the class features or the prompts as told when both are offered")
  func choice() throws {
    let both = [
      "text.class": Tensor(rows: [[1, 0], [0, 1]]),
      "text.prompts": Tensor([0, 1, 1, 0] as [Float], shape: [2, 1, 2]),
    ]
    #expect(abs(try logits(both, text: "class", ensemble: "feature")[0] - 60) < 1e-4)
    #expect(abs(try logits(both, text: "prompts", ensemble: "feature")[0] - 80) < 1e-4)
  }

  @Test("scores the classes that a call brings, and those of fit in the next one")
  func otherClasses() throws {
    let instance = try Plugin(named: "zero-shot").instance(["scale": 10])
    let fit = ["text.class": Tensor(rows: [[1, 0], [0, 1]]), "class.count": Tensor(scalar: 2)]
    #expect(instance.fit(fit) == ASSAY_OK)
    func scores(_ inputs: [String: Tensor], classCount: Int) -> [Float] {
      let logits = Tensor([Float](repeating: .nan, count: classCount), shape: [1, classCount])
      let inputs = inputs.merging(["query.features": query]) { $1 }
      #expect(instance.predict(inputs, outputs: ["logits": logits]) == ASSAY_OK)
      return logits.withElements(of: Float.self) { Array($0) }
    }
    let own = scores(["query.text": Tensor(rows: [[0, 2], [-5, 0], [3, 4]])], classCount: 3)
    for (one, other) in zip(own, [8, -6, 10] as [Float]) { #expect(abs(one - other) < 1e-5) }
    let plain = scores([:], classCount: 2)
    for (one, other) in zip(plain, [6, 8] as [Float]) { #expect(abs(one - other) < 1e-5) }
  }

  @Test("refuses a fit without any text feature")
  func withoutText() throws {
    let instance = try Plugin(named: "zero-shot").instance()
    #expect(instance.fit(["class.count": Tensor(scalar: 2)]) == ASSAY_E_CONTRACT)
    #expect(instance.host.sentence.contains("'text.class' nor 'text.prompts'"))
  }
}
