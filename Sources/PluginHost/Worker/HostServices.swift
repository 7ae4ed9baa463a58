internal import CAssay
internal import Documents
internal import Glibc
internal import Synchronization
internal import Tensors

/// What a plugin may ask of the host: the functions behind `assay_host`.
///
/// Unsafe invariant: the table's `ctx` is this object, which outlives the plugin's instance.
final class HostServices: Sendable {
  /// The call that is under way.
  struct Call: Sendable {
    var memory: CallMemory
    var query: Int
    var outputs: [WorkerRequest.Output]
    var firstOutputIndex: Int
    var deadline: Int64
  }

  private struct State {
    var call: Call?
    var allocated: Set<String> = []
    /// The next free byte for outputs of open shape.
    var openStart: Int
    var error: String?
    var lastProgress: Int64 = 0
    var room = Remarks.Room()
    /// The numbers reported in the call that are not sent yet; of equal names the last.
    var numbers: [String: Double] = [:]
    /// The names of all numbers that were ever reported.
    var reported: Set<String> = []
  }

  private let state: Mutex<State>
  private let open: Range<Int>
  private let emit: @Sendable (WorkerMessage) -> Void

  init(open: Range<Int>, emit: @escaping @Sendable (WorkerMessage) -> Void) {
    state = Mutex(State(openStart: open.lowerBound))
    self.open = open
    self.emit = emit
  }

  /// Begins a call; its services end with `end`.
  func begin(_ call: Call) {
    state.withLock {
      $0.call = call
      $0.allocated = []
      $0.openStart = open.lowerBound
      $0.error = nil
    }
  }

  /// Ends the call, frees its memory and returns what the plugin said through `set_error`.
  func end() -> String? {
    let (text, numbers, dropped) = state.withLock { state in
      state.call = nil
      defer { state.numbers = [:] }
      return (state.error, state.numbers, state.room.takeDropped())
    }
    for name in numbers.keys.sorted() { emit(.metric(name: name, value: numbers[name])) }
    if dropped > 0 { emit(.dropped(dropped)) }
    return text
  }

  /// Makes the table for the plugin; the caller keeps it until `destroy` has returned.
  func makeTable() -> UnsafeMutablePointer<assay_host> {
    let table = UnsafeMutablePointer<assay_host>.allocate(capacity: 1)
    table.initialize(
      to: assay_host(
        struct_size: UInt32(MemoryLayout<assay_host>.size), abi_major: UInt32(ASSAY_ABI_MAJOR),
        abi_minor: UInt32(ASSAY_ABI_MINOR), reserved: 0,
        ctx: Unmanaged.passUnretained(self).toOpaque(),
        log: { HostServices.of($0)?.log($1, String(repairing: $2)) },
        progress: { HostServices.of($0)?.progress($1, String(repairing: $2)) },
        cancelled: { HostServices.of($0)?.isCancelled == true ? 1 : 0 },
        set_error: { context, code, text in
          HostServices.of(context)?.setError(String(repairing: text))
          return code
        },
        alloc_output: { context, name, dtype, rank, shape, out in
          guard let services = HostServices.of(context) else { return ASSAY_E_ARGUMENT }
          return services.allocate(String(repairing: name), dtype, rank, shape, out)
        },
        scratch: { HostServices.of($0)?.scratch($1) },
        metric: { HostServices.of($0)?.metric(String(repairing: $1), $2) },
        get_extension: { (_, _) -> UnsafeRawPointer? in UnsafeRawPointer?.none }))
    return table
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> HostServices? {
    context.map { Unmanaged<HostServices>.fromOpaque($0).takeUnretainedValue() }
  }
}

// MARK: The services

extension HostServices {
  private func log(_ level: Int32, _ text: String) {
    guard [ASSAY_LOG_NOTE, ASSAY_LOG_WARNING, ASSAY_LOG_ERROR].contains(level),
      let text = state.withLock({ $0.room.admit(text, limit: Remarks.textBytes) })
    else { return }
    emit(level == ASSAY_LOG_NOTE ? .note(text) : .warning(code: "log", text: text))
  }

  private func progress(_ fraction: Double, _ stage: String) {
    guard fraction.isFinite else { return }
    let now = monotonicNanoseconds()
    let isDue = state.withLock { state in
      guard now - state.lastProgress >= 100_000_000 else { return false }
      state.lastProgress = now
      return true
    }
    guard isDue else { return }
    let stage = stage.repaired(limit: Remarks.nameBytes)
    emit(.progress(fraction: min(max(fraction, 0), 1), stage: stage))
  }

  private var isCancelled: Bool {
    state.withLock { state in
      guard let deadline = state.call?.deadline, deadline > 0 else { return false }
      return monotonicNanoseconds() >= deadline
    }
  }

  private func setError(_ text: String) {
    state.withLock { $0.error = text.repaired(limit: Remarks.textBytes) }
  }

  private func scratch(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    state.withLock { state -> SendablePointer? in
      guard let memory = state.call?.memory, let block = memory.allocate(byteCount)
      else { return nil }
      return SendablePointer(block)
    }?.pointer
  }

  private func metric(_ name: String, _ value: Double) {
    let known = name.repaired(limit: Remarks.nameBytes)
    let isNotFinite = state.withLock { state in
      if value.isFinite {
        if state.reported.contains(known) {
          state.numbers[known] = value
        } else if let name = state.room.admit(name, limit: Remarks.nameBytes) {
          state.numbers[name] = value
          state.reported.insert(name)
        }
        return false
      }
      return state.room.admit(name, limit: Remarks.nameBytes) != nil
    }
    if isNotFinite { emit(.metric(name: known, value: nil)) }
  }

  private func allocate(
    _ name: String, _ dtype: assay_dtype, _ rank: Int32, _ shape: UnsafePointer<Int64>?,
    _ out: UnsafeMutablePointer<assay_tensor>
  ) -> assay_status {
    let extents =
      (0...8).contains(rank) && (shape != nil || rank == 0)
      ? UnsafeBufferPointer(start: shape, count: Int(rank)).map(Int.init) : nil
    let dtype = DType(dtype)
    let out = SendablePointer(UnsafeMutableRawPointer(out))
    return state.withLock { state in
      do {
        guard let extents, let dtype else {
          throw Refusal(
            ASSAY_E_CONTRACT, "output '\(name)' has an unknown dtype or a rank not in 0...8")
        }
        let tensor = try HostServices.allocate(name, dtype, extents, &state, open.upperBound, emit)
        out.pointer.assumingMemoryBound(to: assay_tensor.self).pointee = tensor
        return ASSAY_OK
      } catch let refusal as Refusal {
        state.error = refusal.message
        return refusal.status
      } catch {
        state.error = "\(error)"
        return ASSAY_E_MEMORY
      }
    }
  }

  private static func allocate(
    _ name: String, _ dtype: DType, _ extents: [Int], _ state: inout State, _ openEnd: Int,
    _ emit: (WorkerMessage) -> Void
  ) throws -> assay_tensor {
    guard let call = state.call,
      let place = call.outputs.firstIndex(where: { $0.name == name && $0.isOpen })
    else {
      throw Refusal(ASSAY_E_CONTRACT, "'\(name)' is no output of open shape in this call")
    }
    guard !state.allocated.contains(name) else {
      throw Refusal(ASSAY_E_STATE, "output '\(name)' was allocated before")
    }
    let output = call.outputs[place]
    let shape = Shape(extents)
    guard output.dtypes.contains(dtype) else {
      let wanted = output.dtypes.map(\.rawValue).joined(separator: " or ")
      throw Refusal(
        ASSAY_E_CONTRACT, "output '\(name)' is \(dtype.rawValue) where \(wanted) is wanted")
    }
    let fits = zip(extents, output.extents).allSatisfy { $0 >= 0 && ($1 == nil || $0 == $1) }
    guard extents.count == output.extents.count, fits else {
      let wanted = output.extents.map { $0.map(String.init) ?? "any" }.joined(separator: ", ")
      throw Refusal(
        ASSAY_E_CONTRACT, "output '\(name)' has shape \(shape) where [\(wanted)] is wanted")
    }
    guard let byteCount = shape.checkedByteCount(dtype), byteCount <= openEnd - state.openStart
    else { throw Refusal(ASSAY_E_MEMORY, "no room for output '\(name)' of shape \(shape)") }
    var data: UnsafeMutableRawPointer?
    let fileOffset = state.openStart
    if byteCount > 0 {
      let slot = OutputLayout.Slot(fileOffset: fileOffset, byteCount: byteCount)
      guard slot.pageBytes <= openEnd - fileOffset else {
        throw Refusal(ASSAY_E_MEMORY, "no room for output '\(name)' of shape \(shape)")
      }
      let pages = try call.memory.take(slot.pageBytes, index: call.firstOutputIndex + place)
      slot.prepare(UnsafeMutableRawBufferPointer(start: pages.base, count: slot.pageBytes), dtype)
      data = pages.base + slot.dataOffset
      state.openStart += slot.pageBytes
    }
    state.allocated.insert(name)
    let allocation = WorkerMessage.Allocation(
      name: name, dtype: dtype, shape: shape, fileOffset: fileOffset)
    emit(.allocated(query: call.query, allocation))
    return call.memory.tensor(name: name, dtype: dtype, shape: shape, flags: 0, data: data)
  }
}

/// Why `alloc_output` refuses.
private struct Refusal: Error {
  let status: assay_status
  let message: String
  init(_ status: assay_status, _ message: String) {
    self.status = status
    self.message = message
  }
}

/// A pointer into memory of one call, which only that call's thread uses.
private struct SendablePointer: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
  init(_ pointer: UnsafeMutableRawPointer) { self.pointer = pointer }
}

extension Shape {
  /// The size in bytes; nil when an extent is negative or the size does not fit.
  ///
  /// An extent of 0 hides no others that do not fit.
  func checkedByteCount(_ dtype: DType) -> Int? {
    var bytes = dtype.size
    for extent in extents {
      guard extent >= 0 else { return nil }
      let (product, overflow) = bytes.multipliedReportingOverflow(by: max(extent, 1))
      guard !overflow else { return nil }
      bytes = product
    }
    return extents.contains(0) ? 0 : bytes
  }
}

/// CLOCK_MONOTONIC in nanoseconds.
func monotonicNanoseconds() -> Int64 {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
}
