import Foundation
import Testing

/// What Python prints of the corruptions: for each kind, numbers by severity.
private let script = """
  import json, sys
  import numpy as np
  sys.path.insert(0, sys.argv[1])
  import feature_corruptions as fc

  random = np.random.default_rng(3)
  x = fc.unit(random.normal(size=(200, 64)) + 0.5)
  reference = fc.unit(random.normal(size=(300, 64)) + 0.5)
  made = {kind: [fc.corrupted(x, kind, s, reference, 7) for s in range(1, 6)] for kind in fc.KINDS}
  again = {kind: [fc.corrupted(x, kind, s, reference, 7) for s in range(1, 6)] for kind in fc.KINDS}
  centre, spread = reference.mean(0), reference.std(0)

  def each(kind, measure):
      return [float(measure(y)) for y in made[kind]]

  def step(y, bits):
      inside = np.abs(x - centre) < 3 * spread
      return (np.abs(y - x) / (6 * spread / (2**bits - 1)))[inside].max()

  odd = fc.corrupted(x[:, :5], "rotation", 5, reference[:, :5], 7)
  print(json.dumps({
      "same": [float(np.array_equal(made[k][s], again[k][s])) for k in made for s in range(5)],
      "noise": each("gaussian_noise", lambda y: np.sqrt(((y - x)**2).sum(1).mean())),
      "alike": [float(np.abs(np.corrcoef(made["gaussian_noise"][4] - x)
                             - np.eye(200)).max())],
      "dropped": each("dimension_dropout", lambda y: (y == 0).mean()),
      "kept": each("dimension_dropout", lambda y: np.abs((y - x)[y != 0]).max()),
      "levels": each("quantisation", lambda y: max(len(set(c.round(9))) for c in y.T)),
      "steps": [float(step(y, b)) for y, b in zip(made["quantisation"], (5, 4, 3, 2, 1))],
      "angle": each("rotation", lambda y: np.rad2deg(np.arccos((x * y).sum(1))).mean()),
      "spread": each("rotation", lambda y: np.ptp((x * y).sum(1))),
      "products": each("rotation", lambda y: np.abs(y @ y.T - x @ x.T).max()),
      "odd": [float(np.abs(odd @ odd.T - fc.unit(x[:, :5]) @ fc.unit(x[:, :5]).T).max())],
      "shift": each("mean_shift", lambda y: np.linalg.norm((y - x).mean(0))),
      "common": each("mean_shift", lambda y: np.ptp(y - x, axis=0).max()),
      "contrast": each("contrast", lambda y: ((y - centre) / (x - centre)).mean()),
  }))
  """

private func numbers() throws -> [String: [Double]] {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["python3", "-c", script, "\(packageRoot)/tools"]
  let pipe = Pipe()
  process.standardOutput = pipe
  try process.run()
  let output = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  try #require(process.terminationStatus == 0)
  return try JSONDecoder().decode([String: [Double]].self, from: output)
}

private let hasNumPy: Bool = {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["python3", "-c", "import numpy"]
  process.standardError = FileHandle.nullDevice
  guard (try? process.run()) != nil else { return false }
  process.waitUntilExit()
  return process.terminationStatus == 0
}()

private func near(_ found: [Double]?, _ wanted: [Double], within tolerance: Double) -> Bool {
  guard let found, found.count == wanted.count else { return false }
  return zip(found, wanted).allSatisfy { abs($0 - $1) <= tolerance }
}

@Suite(
  "Corruptions of feature rows", .enabled(if: hasNumPy, "needs python3 and numpy"))
struct FeatureCorruptionTests {
  @Test("each does what its table says, in the amount that it says, and the same every time")
  func amounts() throws {
    let found = try numbers()
    #expect(found["same"] == Array(repeating: 1, count: 30))
    // 12,800 normal numbers: the relative error of a length is 0.6 %, of a share at most 0.5 points.
    #expect(near(found["noise"], [0.25, 0.5, 1, 1.5, 2], within: 0.05))
    #expect((found["alike"]?.first ?? 1) < 0.7, "rows have noise of their own")
    #expect(near(found["dropped"], [0.1, 0.3, 0.5, 0.7, 0.9], within: 0.02))
    #expect(near(found["kept"], [0, 0, 0, 0, 0], within: 1e-15))
    #expect(zip(found["levels"] ?? [], [32, 16, 8, 4, 2]).allSatisfy { $0 <= $1 })
    #expect(found["levels"]?.last == 2)
    #expect((found["steps"] ?? [1]).allSatisfy { $0 <= 0.5 + 1e-9 })
    #expect(near(found["angle"], [10, 20, 30, 40, 50], within: 1e-6))
    #expect(near(found["spread"], [0, 0, 0, 0, 0], within: 1e-12))
    #expect(near(found["products"], [0, 0, 0, 0, 0], within: 1e-12))
    #expect(near(found["odd"], [0], within: 1e-12), "one dimension of an odd number stays")
    #expect(near(found["shift"], [0.25, 0.5, 0.75, 1, 1.25], within: 1e-12))
    #expect(near(found["common"], [0, 0, 0, 0, 0], within: 1e-12))
    #expect(near(found["contrast"], [0.7, 0.5, 0.3, 0.2, 0.1], within: 1e-9))
  }
}
