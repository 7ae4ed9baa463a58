internal import CSystem
internal import Glibc

/// What a worker gives up, in two steps: before the library is loaded, and before it is called.
struct WorkerSandbox {
  private let request: WorkerRequest
  private let landlockABI: Int32

  init(_ request: WorkerRequest) {
    self.request = request
    landlockABI = request.wantsLandlock ? assay_shim_landlock_abi() : 0
  }

  private static let systemFolders = [
    "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64",
    "/etc/ld.so.cache",
  ]

  /// Leaves only libraries to be read and the scratch folder to be written, and gives up the
  /// network, other processes and other programs; says in `state` what holds.
  func enterLoading(_ state: inout SandboxState) {
    state.noNewPrivileges = true
    if request.wantsLandlock {
      if landlockABI == 0 {
        state.missing.append("landlock: this kernel has none")
      } else if let problem = loadingLayer() {
        state.missing.append("landlock: \(problem)")
      } else {
        state.landlockABI = Int(landlockABI)
      }
    }
    if request.wantsSeccomp {
      let code = assay_shim_seccomp_enforce()
      if code == 0 {
        state.seccomp = true
      } else {
        state.missing.append("seccomp: \(String(cString: strerror(-code)))")
      }
    }
  }

  private func loadingLayer() -> SystemError? {
    layer { layer in
      assay_shim_landlock_allow_reading(layer, request.plugin)
      for folder in WorkerSandbox.systemFolders { assay_shim_landlock_allow_reading(layer, folder) }
      for folder in libraryFolders() {
        for library in WorkerSandbox.libraries(in: folder) {
          assay_shim_landlock_allow_reading(layer, library)
        }
      }
    }
  }

  /// Takes the library folders away too.
  func enterRunning(_ state: SandboxState) throws {
    guard state.landlockABI != nil else { return }
    if let problem = layer({ _ in }) { throw problem }
  }

  private func layer(_ allow: (Int32) -> Void) -> SystemError? {
    let layer = assay_shim_landlock_begin(landlockABI)
    guard layer >= 0 else { return SystemError("cannot make a Landlock layer", layer) }
    allow(layer)
    for path in request.readable { assay_shim_landlock_allow_reading(layer, path) }
    assay_shim_landlock_allow_all(layer, landlockABI, request.scratch)
    let code = assay_shim_landlock_enforce(layer)
    return code == 0 ? nil : SystemError("cannot enforce a Landlock layer", code)
  }

  /// Where the plugin's libraries may lie outside the system folders: beside the plugin, where it
  /// says itself, where this process got its own (the Swift runtime) and in the loader's variable.
  private func libraryFolders() -> [String] {
    let pluginFolder = folder(of: request.plugin)
    var folders = [pluginFolder]
    folders += ELFFile.runPaths(of: request.plugin).map {
      $0.replacing("$ORIGIN", with: pluginFolder).replacing("${ORIGIN}", with: pluginFolder)
    }
    final class Found { var paths: [String] = [] }
    let found = Found()
    assay_shim_each_library(Unmanaged.passUnretained(found).toOpaque()) { context, path in
      guard let context else { return }
      Unmanaged<Found>.fromOpaque(context).takeUnretainedValue().paths.append(String(cString: path))
    }
    folders += found.paths.map(folder(of:))
    if let variable = getenv("LD_LIBRARY_PATH") {
      folders += String(cString: variable).split(separator: ":").map(String.init)
    }
    var seen: Set<String> = []
    return folders.filter { folder in
      let isSystem = WorkerSandbox.systemFolders.contains {
        folder == $0 || folder.hasPrefix($0 + "/")
      }
      return !isSystem && seen.insert(folder).inserted
    }
  }

  private func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }

  /// The files of a folder that are named like shared libraries, so that nothing else is opened up.
  private static func libraries(in folder: String) -> [String] {
    fileNames(in: folder).filter { $0.contains(".so") }.map { "\(folder)/\($0)" }
  }
}

/// The names in a folder, unordered; empty when it cannot be read.
func fileNames(in folder: String) -> [String] {
  guard let directory = opendir(folder) else { return [] }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names
}
