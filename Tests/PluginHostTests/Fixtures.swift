import Contracts
import Documents
import Foundation
import Metrics
import PluginHost
import Synchronization
import Tensors

/// The fixture plugins, built on first use, and jobs for them.
enum Fixtures {
  /// Tests/Fixtures.
  static let sources = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures")
  static let header = sources.deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Sources/CAssay/include")
  /// A folder of this test process.
  static let folder: URL = {
    let folder = URL(filePath: NSTemporaryDirectory())
      .appending(path: "assay-fixtures-\(ProcessInfo.processInfo.processIdentifier)")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(at: Fixtures.folder) }
    return folder
  }()

  private static let built = Mutex<[String: String]>([:])

  /// The path of `<name>.c` as a plugin.
  static func plugin(_ name: String) throws -> String {
    try built.withLock { built in
      if let path = built[name] { return path }
      let path = folder.appending(path: "libassay-\(name).so").path
      try compile(
        "cc",
        [
          "-std=gnu11", "-O1", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror",
          "-I\(header.path)", sources.appending(path: "\(name).c").path, "-o", path,
        ])
      built[name] = path
      return path
    }
  }

  struct CompilerFailure: Error, CustomStringConvertible { let description: String }

  /// Runs a compiler; throws what it said when it failed.
  static func compile(_ compiler: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [compiler] + arguments
    let pipe = Pipe()
    process.standardError = pipe
    try process.run()
    let said = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw CompilerFailure(description: String(decoding: said, as: UTF8.self))
    }
  }

  /// The folder of the test bundle, where all products lie.
  static let products: URL = {
    let bundle = CommandLine.arguments.first { $0.contains(".xctest/") || $0.hasSuffix(".xctest") }
    guard let bundle else { return Bundle.main.bundleURL }
    let end = bundle.range(of: ".xctest")?.upperBound ?? bundle.endIndex
    return URL(filePath: String(bundle[..<end])).deletingLastPathComponent()
  }()

  static let host = PluginHost(
    executable: products.appending(path: "assay").path,
    cacheFolder: folder.appending(path: "cache").path)

  /// A job on three rows of two features, three classes, with limits for impatient tests.
  static func job(
    _ plugin: String, _ method: String, limits: Limits = Limits(fitSeconds: 5, predictSeconds: 5),
    sandbox: Bool = true, isolation: Isolation = .process, shape: Shape? = [3, 3],
    query: [Float] = [1, 2, 3, 4, 5, 6]
  ) throws -> TrialJob {
    let features = Tensor(query, shape: [3, query.count / 3])
    let train = Tensor(
      [Float](repeating: 0.5, count: 4 * query.count / 3), shape: [4, query.count / 3])
    return TrialJob(
      plugin: try Fixtures.plugin(plugin), method: method, contract: .classify, seed: .max,
      fit: [
        TensorSource(name: "train.features", tensor: train),
        TensorSource(name: "train.labels", tensor: Tensor([Int32(0), 1, 2, 1], shape: [4])),
      ],
      queries: [
        QuerySet(
          name: "test", inputs: [TensorSource(name: "query.features", tensor: features)],
          outputs: [OutputSpec(name: "logits", dtype: .f32, shape: shape)])
      ], limits: limits, isolation: isolation, sandbox: sandbox)
  }

  /// Runs one method of `misbehave.c`.
  static func misbehave(
    _ method: String, limits: Limits = Limits(fitSeconds: 5, predictSeconds: 5),
    sandbox: Bool = true, shape: Shape? = [3, 3]
  ) throws -> TrialOutcome {
    host.run(try job("misbehave", method, limits: limits, sandbox: sandbox, shape: shape))
  }
}

extension Tensor {
  /// The values of an f32 tensor.
  var floats: [Float] { withElements(of: Float.self) { Array($0) } }
}
