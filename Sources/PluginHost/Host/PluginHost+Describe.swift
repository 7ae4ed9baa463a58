internal import Contracts
internal import Documents
internal import Glibc

extension PluginHost {
  /// Reads what a plugin file holds, in a worker, or from the cache when the same bytes were read
  /// before.
  ///
  /// `limits` has the seconds for loading.
  package func describe(
    _ path: String, limits: Limits = Limits()
  ) -> Result<PluginDescription, PluginError> {
    do {
      var description = try read(path, limits)
      description.runtime = try staged(path).python?.runtime
      return .success(description)
    } catch let error as PluginError {
      return .failure(error)
    } catch {
      return .failure(PluginError(code: "host", message: "\(error)"))
    }
  }

  private func read(_ path: String, _ limits: Limits) throws -> PluginDescription {
    let plugin = try staged(path)
    let (resolved, digest) = (plugin.path, plugin.digest)
    let cache = cacheFolder.map { DescriptionCache(folder: $0, digest: digest) }
    if let json = cache?.read(),
      let known = PluginDescription(json, path: resolved, digest: digest), known.problem == nil
    {
      plugin.python?.keep(known)
      return known
    }
    let json = try readInWorker(plugin, limits)
    guard let description = PluginDescription(json, path: resolved, digest: digest) else {
      throw PluginError(
        code: "descriptor", message: "the description of '\(path)' lacks something; this is a bug")
    }
    if let problem = description.problem {
      throw PluginError(code: "descriptor", message: "'\(path)': \(problem)")
    }
    cache?.write(json)
    plugin.python?.keep(description)
    return description
  }

  private func readInWorker(_ plugin: StagedPlugin, _ limits: Limits) throws -> JSON {
    let path = plugin.path
    var limits = limits
    limits.loadSeconds = plugin.loadSeconds(limits.loadSeconds)
    let scratch = try ScratchFolder()
    let request = WorkerRequest(
      plugin: plugin, scratch: scratch.path,
      loadSeconds: limits.loadSeconds, threads: 1, memoryBytes: nil,
      cpuSeconds: limits.loadSeconds + 5, fileBytes: limits.fileBytes, mappedBytes: 0,
      wantsLandlock: true, wantsSeccomp: true, readable: [], trial: nil)
    let process = WorkerProcess(
      WorkerLaunch(
        executable: executable, request: request, plugin: plugin, wantsGauge: false,
        wantsSpaces: WorkerLaunch.offersSpaces, server: TensorServer(calls: []),
        forkServer: forkServer,
        token: scratch.name, limits: limits))
    var transcript = Transcript(.description, start: monotonicNanoseconds())
    let end = try process.run(&transcript) { false }
    let job = TrialJob(plugin: path, method: "", contract: .none, limits: limits)
    if let (_, failure) = Verdict(job: job, transcript: transcript).seen(end) {
      // The file's own problem is all that an entry without a table can have.
      if plugin.python != nil, failure.kind == "abi-major", let said = end.error.lastLine {
        throw PluginError(code: "python", message: "'\(path)': \(said)")
      }
      let closed = failure.kind == "dlopen" ? plugin.refusals.prefix(3).map { "; \($0)" } : []
      throw PluginError(
        code: failure.kind, message: "'\(path)': \(failure.message)\(closed.joined())")
    }
    guard let library = transcript.library else {
      throw PluginError(code: "protocol", message: "the worker did not describe '\(path)'")
    }
    return library
  }

  /// `$XDG_CACHE_HOME/assay`, or `~/.cache/assay`; nil without a home.
  static var userCacheFolder: String? {
    for (variable, below) in [("XDG_CACHE_HOME", ""), ("HOME", "/.cache")] {
      guard let value = getenv(variable), value.pointee != 0 else { continue }
      let root = String(cString: value) + below
      mkdir(root, 0o700)
      return root + "/assay"
    }
    return nil
  }
}

/// The description of one plugin file in the user's cache folder, found by the file's digest.
private struct DescriptionCache {
  /// Goes up with every change of the stored form.
  private static let format: Int64 = 1

  private let folder: String
  private let path: String

  init(folder: String, digest: Digest) {
    self.folder = folder + "/plugins"
    for made in [folder, self.folder] { mkdir(made, 0o700) }
    path = "\(self.folder)/\(digest).json"
  }

  func read() -> JSON? {
    guard let text = readSmallFile(path), let json = try? JSON(parsing: text),
      json["format"] == .integer(DescriptionCache.format)
    else { return nil }
    return json["library"]
  }

  /// Writes beside and renames, so that no reader meets half a file; a failure only costs time.
  func write(_ library: JSON) {
    let json: JSON = ["format": .integer(DescriptionCache.format), "library": library]
    var template = Array("\(folder)/new-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { return }
    let isWritten = writeAll(Array(json.canonicalText.utf8), to: descriptor)
    close(descriptor)
    if !isWritten || rename(template, path) != 0 { unlink(template) }
  }
}
