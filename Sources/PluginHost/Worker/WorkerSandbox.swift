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

  private var hasSpace: Bool { assay_shim_has_space() != 0 }

  /// Where this worker loads the plugin from: its own path in a room of its own, where nothing else
  /// lies there, else the copy.
  var plugin: String { hasSpace ? request.plugin : request.copy }

  /// Leaves only libraries to be read and the scratch folder to be written, and gives up the
  /// network, other processes and other programs; says in `state` what holds.
  func enterLoading(_ state: inout SandboxState) {
    state.noNewPrivileges = true
    state.spaces = hasSpace
    var code: Int32 = 0
    if !hasSpace, let step = assay_shim_space_problem(&code) {
      state.missing.append(
        "namespaces: \(String(cString: step)): \(String(cString: strerror(code)))")
    }
    // Otherwise the host may have to find what this process started, so it stays visible.
    if hasSpace || request.wantsSeccomp { _ = assay_shim_hide_process() }
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
      for path in hasSpace ? request.libraries : request.copies {
        assay_shim_landlock_allow_reading(layer, path)
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
