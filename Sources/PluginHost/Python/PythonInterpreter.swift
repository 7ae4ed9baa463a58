internal import CSystem
internal import Documents
internal import Glibc

/// The interpreter of the active environment, and what a method's file takes of it.
struct PythonInterpreter: Sendable {
  /// Such as `3.11.7`.
  let version: String
  let executable: String
  /// The shared library of the interpreter.
  let library: String
  /// The folders of its standard library and of installed packages.
  let folders: [String]
  /// Single files that it reads when it starts.
  let files: [String]
  /// Where the packages of this user alone are installed; empty where they are not used.
  let userBase: String
  /// The method's file, then the files beside it that it imports.
  let sources: [String]
  /// The versions of the packages that the method imports, by name.
  let packages: [String: String]

  private static let seconds = 60.0

  /// Asks the active interpreter about itself and about the file at `path`.
  init(for path: String) throws(PluginError) {
    let executable = try PythonInterpreter.active()
    let answer = try PythonInterpreter.ask(executable, ["-c", pythonProbe, path])
    guard let json = try? JSON(parsing: answer), let version = json["version"]?.string,
      let own = json["executable"]?.string,
      let folders = json["folders"]?.array?.compactMap(\.string),
      let files = json["files"]?.array?.compactMap(\.string),
      let userBase = json["userBase"]?.string,
      let sources = json["sources"]?.array?.compactMap(\.string), !sources.isEmpty,
      let packages = json["packages"]?.object?.compactMapValues(\.string)
    else { throw PythonInterpreter.problem("\(executable) does not tell what it is") }
    guard json["isOldEnough"] == .bool(true) else {
      throw PythonInterpreter.problem("\(executable) is no CPython from 3.9 on but \(version)")
    }
    guard let library = json["library"]?.string else {
      throw PythonInterpreter.problem(
        "Python \(version) (\(own)) has no shared library libpython, which Assay loads; on Debian "
          + "install libpython\(version.split(separator: ".").prefix(2).joined(separator: ".")), "
          + "with pyenv build with PYTHON_CONFIGURE_OPTS=--enable-shared; conda and uv bring one")
    }
    self.version = version
    self.executable = own
    self.library = library
    self.folders = folders
    self.files = files
    self.userBase = userBase
    self.sources = sources
    self.packages = packages
  }

  static func problem(_ text: String) -> PluginError { PluginError(code: "python", message: text) }

  /// `ASSAY_PYTHON`, else that of the environment that is active, else the first on the path.
  private static func active() throws(PluginError) -> String {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    if let named = variable("ASSAY_PYTHON") {
      guard access(named, X_OK) == 0 else {
        throw problem("ASSAY_PYTHON names '\(named)', which is no program")
      }
      return named
    }
    let environments = ["VIRTUAL_ENV", "CONDA_PREFIX"].compactMap(variable).map { "\($0)/bin" }
    let folders = (variable("PATH") ?? "").split(separator: ":").map(String.init)
    for folder in environments + folders {
      for name in ["python3", "python"] where access("\(folder)/\(name)", X_OK) == 0 {
        return "\(folder)/\(name)"
      }
    }
    throw problem(
      "a method in Python needs Python, and there is no python3 on the path; install it, or name one "
        + "with ASSAY_PYTHON")
  }

  /// The variables by which an interpreter finds its own parts.
  ///
  /// Not PYTHONPATH, whose folders are not the interpreter's.
  private static let variables = [
    "PATH", "HOME", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "CONDA_PREFIX", "PYENV_ROOT", "PYENV_VERSION",
    "PYTHONUSERBASE", "LANG",
  ]

  /// Runs the interpreter and returns what it prints.
  private static func ask(
    _ executable: String, _ arguments: [String]
  ) throws(PluginError) -> [UInt8] {
    var ends: [Int32] = [-1, -1]
    var errors: [Int32] = [-1, -1]
    guard assay_shim_output_pipe(&ends) == 0, assay_shim_output_pipe(&errors) == 0 else {
      throw problem("no pipe for \(executable): \(String(cString: strerror(errno)))")
    }
    let environment = variables.compactMap { name in
      getenv(name).map { "\(name)=\(String(cString: $0))" }
    }
    var pid: pid_t = 0
    let code = spawnProcess(
      executable, [executable] + arguments, environment, folder: "/", output: ends[1],
      error: errors[1], descriptors: [ends[1]], &pid)
    close(ends[1])
    close(errors[1])
    defer {
      close(ends[0])
      close(errors[0])
    }
    guard code == 0 else {
      throw problem("\(executable) does not start: \(String(cString: strerror(code)))")
    }
    let end = monotonicNanoseconds() + Int64(seconds * 1e9)
    let (said, complaint) = read(ends[0], errors[0], until: end)
    if said == nil { kill(-pid, SIGKILL) }
    var exit = assay_shim_exit()
    _ = assay_shim_reap(pid, 1, &exit)
    guard let said, exit.status == 0 else {
      let words = String(decoding: complaint, as: UTF8.self).split(separator: "\n").last ?? ""
      throw problem("\(executable) cannot be asked what it is: \(words)")
    }
    return said
  }

  /// Reads both to their ends; nil for the first where the time ran out.
  private static func read(
    _ output: Int32, _ errors: Int32, until end: Int64
  ) -> ([UInt8]?, [UInt8]) {
    var texts: [[UInt8]] = [[], []]
    var polled = [output, errors].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while polled.contains(where: { $0.fd >= 0 }) {
      let left = end - monotonicNanoseconds()
      guard left > 0 else { return (nil, texts[1]) }
      guard poll(&polled, 2, Int32(left / 1_000_000) + 1) > 0 else { continue }
      for index in polled.indices where polled[index].revents != 0 {
        let count = Glibc.read(polled[index].fd, &buffer, buffer.count)
        if count > 0 { texts[index] += buffer[..<count] } else { polled[index].fd = -1 }
      }
    }
    return (texts[0], texts[1])
  }
}
