import Documents
import MethodHarness
import Tensors
import Testing

@Suite("gda, on planted classes with one correlated covariance")
struct GDAPlantedTests {
  private static let folder =
    #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
    + "/suites/data/planted-gda"

  /// The first rows of an array as f32; f16 in the file.
  private func features(_ name: String, rows: Int) throws -> Tensor {
    let stored = try Tensor.reading(npy: "\(Self.folder)/\(name).npy")
    let width = stored.shape[1]
    let numbers = stored.withElements(of: Float16.self) { $0.prefix(rows * width).map(Float.init) }
    return Tensor(numbers, shape: [rows, width])
  }

  /// Classes follow one another in every split.
  private func labels(_ count: Int) -> [Int32] { (0..<count).map { Int32($0 % 20) } }

  private func accuracy(of method: String, _ config: [String: JSON] = [:]) throws -> Double {
    let fit = [
      "train.features": try features("train_x", rows: 320),
      "train.labels": Tensor(labels: labels(320)),
      "val.features": try features("val_x", rows: 400), "val.labels": Tensor(labels: labels(400)),
      "text.class": try features("text_class", rows: 20), "class.count": Tensor(scalar: 20),
    ]
    return try Plugin(named: method).instance(config).logits(
      fit: fit, query: features("test_x", rows: 1200), classCount: 20
    ).accuracy(labels(1200))
  }

  @Test("beats the nearest mean, its own identity precision, Tip-Adapter and zero-shot at 16 rows")
  func whitening() throws {
    let gda = try accuracy(of: "gda")
    // NumPy 2.4.6, f64: 0.9575 with the best of the grid on the test rows.
    #expect(abs(gda - 0.9575) < 0.01)
    for other in ["nearest-mean", "zero-shot", "tip-adapter"] {
      #expect(gda > (try accuracy(of: other)) + 0.1, "\(other)")
    }
    #expect(gda > (try accuracy(of: "gda", ["covariance": "identity"])) + 0.1)
  }
}
