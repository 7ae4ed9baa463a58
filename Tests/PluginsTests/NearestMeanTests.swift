import CAssay
import Documents
import MethodHarness
import Tensors
import Testing

@Suite("nearest-mean")
struct NearestMeanTests {
  @Test(
    "scores the cosine to the unit mean of unit rows",
    arguments: ["nearest-mean", "nearest-mean-c"])
  func cosine(name: String) throws {
    let fit = [
      "train.features": Tensor(rows: [[5, 0], [0, 2], [0, 1]]),
      "train.labels": Tensor(labels: [0, 0, 1]), "class.count": Tensor(scalar: 3),
    ]
    let instance = try Plugin(named: name).instance(["scale": 10])
    let scores = try instance.logits(fit: fit, query: Tensor(rows: [[3, 4]]), classCount: 3)[0]
    #expect(abs(scores[0] - 14 / Float(2).squareRoot()) < 1e-5)
    #expect(abs(scores[1] - 8) < 1e-5)
    #expect(scores[2] == -10)
  }

  @Test("says the same in Swift and in C")
  func twins() throws {
    let setting = Setting()
    let (swift, c) = (
      try setting.logits(of: "nearest-mean"), try setting.logits(of: "nearest-mean-c")
    )
    #expect(swift.answers == c.answers)
    for (one, other) in zip(swift.joined(), c.joined()) { #expect(abs(one - other) < 1e-4) }
  }

  @Test("the C plugin takes the config that the host writes")
  func whole() throws {
    let instance = try Plugin(named: "nearest-mean-c").instance(rawConfig: "{\"scale\":10}")
    #expect(instance.created == ASSAY_OK)
  }

  @Test("refuses a label outside the classes")
  func labels() throws {
    let instance = try Plugin(named: "nearest-mean").instance()
    let status = instance.fit([
      "train.features": Tensor(rows: [[1, 0]]), "train.labels": Tensor(labels: [3]),
      "class.count": Tensor(scalar: 3),
    ])
    #expect(status == 4)
    #expect(instance.host.sentence.contains("train.labels"))
  }
}
