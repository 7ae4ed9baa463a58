import Conformance
import Foundation
import PluginHost
import Synchronization

/// The plugins under test: the shipped ones, and `broken.c` in its ways of being broken.
enum Plugins {
  private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let header = tests.deletingLastPathComponent()
    .appending(path: "Sources/CAssay/include")

  /// A folder of this test process.
  static let folder: URL = {
    let folder = URL(filePath: NSTemporaryDirectory())
      .appending(path: "assay-checks-\(ProcessInfo.processInfo.processIdentifier)")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(at: Plugins.folder) }
    return folder
  }()

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

  /// The names of all plugins of this package, as their files have them.
  static let allShipped: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: products.path)) ?? []
    return files.filter { $0.hasPrefix("libassay-") && $0.hasSuffix(".so") }.sorted()
      .map { String($0.dropFirst("libassay-".count).dropLast(".so".count)) }
      // What runs methods in Python holds none itself.
      .filter { $0 != "python" }
  }()

  /// The path of a plugin of this package.
  static func shipped(_ name: String) -> String {
    products.appending(path: "libassay-\(name).so").path
  }

  struct CompilerFailure: Error, CustomStringConvertible { let description: String }

  /// `broken.c`, broken as the check `id` should find; nil: correct.
  static func broken(_ id: String?) throws -> String {
    let name = "broken-\(id ?? "not")"
    return try compiled("Tests/Fixtures/broken.c", as: name, define: "BREAK_\(id ?? "NOTHING")")
  }

  /// A source in C of this package, compiled as a plugin; every warning is an error.
  static func compiled(
    _ source: String, as name: String, define: String = "NOTHING"
  ) throws -> String {
    let root = tests.deletingLastPathComponent()
    let path = folder.appending(path: "libassay-\(name).so").path
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "cc", "-std=gnu11", "-O1", "-shared", "-fPIC", "-fvisibility=hidden", "-Wall", "-Wextra",
      "-Werror", "-I\(header.path)", "-D\(define)", root.appending(path: source).path, "-o", path,
      "-lm",
    ]
    let pipe = Pipe()
    process.standardError = pipe
    try process.run()
    let said = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw CompilerFailure(description: String(decoding: said, as: UTF8.self))
    }
    return path
  }

  /// Runs checks on a plugin; by default all.
  static func check(_ path: String, _ checks: [Check] = Check.all) throws -> CheckReport {
    try CheckRunner(host: host, plugin: path).run(checks, jobs: 2)
  }
}

extension CheckReport {
  /// `L03:fail` for everything that warns, fails or crashes.
  var complaints: [String] {
    results.filter { [.warn, .fail, .crash].contains($0.outcome) }
      .map { "\($0.check.id):\($0.outcome.rawValue)" }
  }

  /// The reasons of everything that fails or crashes.
  var failures: [String] {
    results.filter { $0.outcome == .fail || $0.outcome == .crash }
      .map { "\($0.check.id) \($0.outcome.rawValue): \($0.reason)" }
  }
}
