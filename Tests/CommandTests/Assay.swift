import Foundation

/// The built executable, driven as a user would.
struct Assay {
  struct Result {
    var status: Int32
    var output: String
    var errors: String
  }

  /// A folder of this test's own, removed with `cleanUp`.
  let folder: URL
  var environment: [String: String]

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("assay-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    environment = ProcessInfo.processInfo.environment
    environment["XDG_CACHE_HOME"] = folder.appendingPathComponent("cache").path
    environment["ASSAY_DATA_PATH"] = nil
    environment["ASSAY_PLUGIN_PATH"] = nil
  }

  func cleanUp() { try? FileManager.default.removeItem(at: folder) }

  /// The build folder, which holds the executable, the plugins and the test bundle.
  static let buildFolder: URL = {
    var url = Bundle.main.bundleURL
    if !FileManager.default.fileExists(atPath: url.appendingPathComponent("assay").path) {
      url = Bundle(for: Marker.self).bundleURL.deletingLastPathComponent()
    }
    return url
  }()
  private final class Marker {}

  /// The root of the package.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// Starts `assay`; the process runs in the package's root.
  func start(_ arguments: [String], output: Any? = nil, errors: Any? = nil) throws -> Process {
    let process = Process()
    process.executableURL = Assay.buildFolder.appendingPathComponent("assay")
    process.arguments = arguments
    process.environment = environment
    process.currentDirectoryURL = Assay.root
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output ?? FileHandle.nullDevice
    process.standardError = errors ?? FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Runs `assay` to its end; what it prints goes through files, so that no pipe can fill up.
  func run(_ arguments: String...) throws -> Result { try run(arguments) }

  func run(_ arguments: [String]) throws -> Result {
    let name = UUID().uuidString
    let files = ["out", "err"].map { folder.appendingPathComponent("\(name).\($0)") }
    let handles = try files.map { url in
      FileManager.default.createFile(atPath: url.path, contents: nil)
      return try FileHandle(forWritingTo: url)
    }
    let process = try start(arguments, output: handles[0], errors: handles[1])
    process.waitUntilExit()
    let texts = try files.map { try String(contentsOf: $0, encoding: .utf8) }
    return Result(status: process.terminationStatus, output: texts[0], errors: texts[1])
  }
}
