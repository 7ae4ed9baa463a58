internal import CAssay
internal import Glibc
internal import Synchronization
internal import Tensors

/// The host's services as the checks offer them: they note every misuse and fail on demand.
///
/// Unsafe invariant: the table's `ctx` is this object, which outlives the plugin's instance.
final class ProbeHost: Sendable {
  /// What the services do.
  struct Behaviour: Sendable {
    /// Counted from 1: the call of `scratch` that finds no memory.
    var failingScratch: Int?
    /// Counted from 1: the call of `alloc_output` that finds no memory.
    var failingAllocation: Int?
    /// Whether `cancelled` answers yes.
    var isCancelled = false
    /// Bytes of garbage behind every table, which `struct_size` counts.
    var trailingBytes = 0
  }

  /// What was seen.
  struct Record: Sendable {
    var error: String?
    var scratchCount = 0
    var allocationCount = 0
    var cancelledCount = 0
    var extensions: [String] = []
    /// What the plugin asked for in a way that the header forbids.
    var misuses: [String] = []
  }

  private struct State {
    var call: Call?
    var record = Record()
  }

  /// The call that is under way.
  ///
  /// Unsafe invariant: used by its own thread, under the lock.
  struct Call: @unchecked Sendable {
    var name: String
    var frame: CallFrame
    /// The outputs whose shape the plugin decides, with their dtype and rank.
    var open: [(name: String, dtype: DType, rank: Int)] = []
    var allocated: [AllocatedOutput] = []
  }

  let behaviour: Behaviour
  private let state = Mutex(State())

  init(_ behaviour: Behaviour = Behaviour()) { self.behaviour = behaviour }

  var record: Record { state.withLock { $0.record } }

  func begin(_ call: Call) {
    state.withLock {
      $0.call = call
      $0.record.error = nil
    }
  }

  /// Ends the call and returns its outputs of open shape.
  func end() -> [AllocatedOutput] {
    state.withLock { state in
      defer { state.call = nil }
      return state.call?.allocated ?? []
    }
  }

  /// Makes the table; it is never freed, as a worker ends soon.
  func makeTable() -> UnsafePointer<assay_host> {
    let size = MemoryLayout<assay_host>.size
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: size + behaviour.trailingBytes, alignment: 16)
    memset(block, 0xA5, size + behaviour.trailingBytes)
    let table = block.bindMemory(to: assay_host.self, capacity: 1)
    table.initialize(
      to: assay_host(
        struct_size: UInt32(size + behaviour.trailingBytes), abi_major: UInt32(ASSAY_ABI_MAJOR),
        abi_minor: UInt32(ASSAY_ABI_MINOR), reserved: 0,
        ctx: Unmanaged.passUnretained(self).toOpaque(),
        log: { context, level, text in ProbeHost.of(context)?.log(level, text) },
        progress: { context, fraction, stage in ProbeHost.of(context)?.progress(fraction, stage) },
        cancelled: { context in ProbeHost.of(context)?.cancelled() ?? 0 },
        set_error: { context, code, text in
          ProbeHost.of(context)?.setError(code, text)
          return code
        },
        alloc_output: { context, name, dtype, rank, shape, out in
          ProbeHost.of(context)?.allocate(name, dtype, rank, shape, out) ?? ASSAY_E_ARGUMENT
        },
        scratch: { context, byteCount in ProbeHost.of(context)?.scratch(byteCount) },
        metric: { context, name, value in ProbeHost.of(context)?.metric(name, value) },
        get_extension: { (context, id) -> UnsafeRawPointer? in
          ProbeHost.of(context)?.noteExtension(id)
          return nil
        }))
    return UnsafePointer(table)
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> ProbeHost? {
    context.map { Unmanaged<ProbeHost>.fromOpaque($0).takeUnretainedValue() }
  }
}

/// An output that the plugin allocated in a call.
struct AllocatedOutput {
  var name: String
  var dtype: DType
  var shape: Shape
  var data: UnsafeMutableRawPointer?
}

// MARK: The services

extension ProbeHost {
  private func note(_ service: String, _ misuse: String?) {
    state.withLock { state in
      if let misuse { state.record.misuses.append("\(service) \(misuse)") }
      if state.call == nil { state.record.misuses.append("\(service) was called between calls") }
    }
  }

  private func complaint(_ what: String, _ text: assay_str) -> String? {
    String(plugin: text) == nil ? "was given \(what) that is not UTF-8, or NULL with a length" : nil
  }

  private func log(_ level: Int32, _ text: assay_str) {
    let isLevel = (ASSAY_LOG_DEBUG...ASSAY_LOG_ERROR).contains(level)
    note(
      "log", complaint("a text", text) ?? (isLevel ? nil : "was given the unknown level \(level)"))
  }

  private func progress(_ fraction: Double, _ stage: assay_str) {
    let isFraction = fraction >= 0 && fraction <= 1
    note(
      "progress",
      complaint("a stage", stage) ?? (isFraction ? nil : "was given \(fraction), outside 0...1"))
  }

  private func metric(_ name: assay_str, _ value: Double) {
    note(
      "metric",
      complaint("a name", name)
        ?? (value.isFinite ? nil : "was given \(value) for '\(String(plugin: name) ?? "")'"))
  }

  private func cancelled() -> Int32 {
    note("cancelled", nil)
    state.withLock { $0.record.cancelledCount += 1 }
    return behaviour.isCancelled ? 1 : 0
  }

  private func setError(_ code: assay_status, _ text: assay_str) {
    note("set_error", complaint("a text", text) ?? (code == ASSAY_OK ? "was given ASSAY_OK" : nil))
    let words = String(plugin: text)
    state.withLock { $0.record.error = words }
  }

  private func noteExtension(_ id: assay_str) {
    let id = String(plugin: id) ?? "?"
    state.withLock { $0.record.extensions.append(id) }
  }

  private func scratch(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    note("scratch", nil)
    let limit = 1 << 32
    let block: UInt? = state.withLock { state in
      state.record.scratchCount += 1
      guard state.record.scratchCount != behaviour.failingScratch, (0...limit).contains(byteCount)
      else { return nil }
      return state.call.map { UInt(bitPattern: $0.frame.allocate(byteCount)) }
    }
    return block.flatMap { UnsafeMutableRawPointer(bitPattern: $0) }
  }

  private func allocate(
    _ name: assay_str, _ dtype: assay_dtype, _ rank: Int32, _ shape: UnsafePointer<Int64>?,
    _ out: UnsafeMutablePointer<assay_tensor>
  ) -> assay_status {
    note("alloc_output", complaint("a name", name))
    let wanted = String(plugin: name) ?? ""
    let extents = (0..<Int(max(0, min(rank, 8)))).map { Int(shape?[$0] ?? 0) }
    let place = UInt(bitPattern: out)
    return state.withLock { state in
      state.record.allocationCount += 1
      guard state.record.allocationCount != behaviour.failingAllocation else {
        return ASSAY_E_MEMORY
      }
      guard var call = state.call, let spec = call.open.first(where: { $0.name == wanted }),
        spec.rank == extents.count, extents.allSatisfy({ (0...1 << 24).contains($0) }),
        assay_dtype(checked: spec.dtype).code == dtype.code, dtype.bits == 8 * spec.dtype.size
      else { return ASSAY_E_CONTRACT }
      guard !call.allocated.contains(where: { $0.name == wanted }) else { return ASSAY_E_STATE }
      let shape = Shape(extents)
      let index = call.allocated.count
      guard let memory = try? call.frame.output(shape, spec.dtype, index: index)
      else { return ASSAY_E_MEMORY }
      UnsafeMutablePointer<assay_tensor>(bitPattern: place)?.pointee = call.frame.tensor(
        wanted, spec.dtype, shape, flags: 0, data: memory.data)
      call.allocated.append(
        AllocatedOutput(name: wanted, dtype: spec.dtype, shape: shape, data: memory.data))
      state.call = call
      return ASSAY_OK
    }
  }
}
