import Conformance
import Foundation
import PluginHost
import Testing

/// The examples in Python that need no more than NumPy.
private let example: String = {
  // The system's interpreter, unless another is named.
  setenv("ASSAY_PYTHON", "/usr/bin/python3", 0)
  return URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "examples/python/nearest_mean.py").path
}()

@Suite(
  "Methods in Python and the rules for plugins",
  .enabled(
    if: (try? Plugins.host.describe(example).get()) != nil,
    "needs python3, NumPy and libpython: install python3-numpy and libpython3-dev"))
struct PythonMethodTests {
  @Test("a method in NumPy passes every check")
  func clean() throws {
    let report = try Plugins.check(example)
    #expect(report.complaints == [])
    #expect(report.failures == [])
    #expect(report.count(.pass) > 45)
  }
}
