internal import CAssay
internal import CSystem
internal import Glibc
internal import Tensors

/// Everything that one call into a plugin points at, freed when the call has returned.
///
/// Unsafe invariant: used by the thread that prepares the call, then under the lock of HostServices.
final class CallMemory: @unchecked Sendable {
  private var blocks: [UnsafeMutableRawPointer] = []
  private var inputs: [(pages: GuardedPages, index: Int)] = []
  private var outputs: [GuardedPages] = []
  /// Mapped room for outputs of open shape, of which pages are taken from the start.
  private var room: UnsafeMutableRawBufferPointer?
  private let isWatched: Bool

  /// `isWatched`: this process is a worker, with a fault handler and expiring inputs.
  init(isWatched: Bool) { self.isWatched = isWatched }

  /// 64-byte aligned memory for the rest of the call; nil when there is none.
  func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    guard byteCount >= 0, byteCount <= Int.max - 64 else { return nil }
    guard let block = aligned_alloc(64, max(rounded(byteCount, up: 64), 64)) else { return nil }
    blocks.append(block)
    return block
  }

  private func array<T: BitwiseCopyable>(_ elements: [T]) -> UnsafeMutablePointer<T>? {
    guard let block = allocate(elements.count * MemoryLayout<T>.stride) else { return nil }
    let start = block.bindMemory(to: T.self, capacity: elements.count)
    start.update(from: elements, count: elements.count)
    return start
  }

  /// A string of the ABI.
  func string(_ text: String) -> assay_str {
    let bytes = array(Array(text.utf8))
    return assay_str(
      ptr: bytes.map { UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self) },
      len: bytes == nil ? 0 : text.utf8.count)
  }

  /// A tensor of the ABI over given memory.
  func tensor(
    name: String, dtype: DType, shape: Shape, flags: UInt64, data: UnsafeMutableRawPointer?
  ) -> assay_tensor {
    var strides = [Int64](repeating: 1, count: shape.rank)
    for axis in strides.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * Int64(shape[axis + 1])
    }
    return assay_tensor(
      name: string(name), flags: flags,
      tensor: assay_dl_tensor(
        data: data, device: assay_device(device_type: 1, device_id: 0), ndim: Int32(shape.rank),
        dtype: assay_dtype(dtype), shape: array(shape.extents.map(Int64.init)),
        strides: array(strides), byte_offset: 0),
      reserved: (0, 0))
  }

  /// Maps the inputs; `firstIndex` numbers them for the fault handler.
  func map(
    _ wanted: [WorkerRequest.Input], regions: [Int: Int32], firstIndex: Int
  ) throws(SystemError) -> UnsafeMutablePointer<assay_tensor>? {
    var tensors: [assay_tensor] = []
    for (offset, input) in wanted.enumerated() {
      var data: UnsafeMutableRawPointer?
      if let region = input.region, let descriptor = regions[region] {
        let byteCount = rounded(input.shape.count * input.dtype.size, up: pageSize)
        let pages = try GuardedPages(readOnly: descriptor, byteCount: byteCount)
        let index = firstIndex + offset
        if isWatched {
          pages.watch(
            pages: ASSAY_SHIM_FAULT_INPUT, guards: ASSAY_SHIM_FAULT_PAST_INPUT, index: index)
        }
        inputs.append((pages, index))
        data = pages.base
      }
      tensors.append(
        tensor(
          name: input.name, dtype: input.dtype, shape: input.shape,
          flags: UInt64(ASSAY_TENSOR_READ_ONLY), data: data))
    }
    return array(tensors)
  }

  /// Guards an output's pages; `index` numbers it for the fault handler.
  private func keep(_ pages: GuardedPages, index: Int) -> GuardedPages {
    if isWatched { pages.watch(pages: nil, guards: ASSAY_SHIM_FAULT_OUTPUT_GUARD, index: index) }
    outputs.append(pages)
    return pages
  }

  /// Takes pages for an output of open shape from the start of the room.
  func take(_ byteCount: Int, index: Int) throws(SystemError) -> GuardedPages {
    guard let room, let base = room.baseAddress, byteCount <= room.count else {
      throw SystemError("cannot map \(byteCount) bytes", ENOMEM)
    }
    let pages = try GuardedPages(moving: base, byteCount: byteCount)
    self.room = UnsafeMutableRawBufferPointer(rebasing: room[byteCount...])
    return keep(pages, index: index)
  }

  /// Maps the outputs of known shape, and the room for the ones of open shape.
  func map(
    _ wanted: [WorkerRequest.Output], file: Int32, open: Range<Int>, firstIndex: Int
  ) throws(SystemError) -> UnsafeMutablePointer<assay_tensor>? {
    var tensors: [assay_tensor] = []
    for (offset, output) in wanted.enumerated() {
      guard let dtype = output.dtypes.first else { continue }
      var data: UnsafeMutableRawPointer?
      if let slot = output.slot {
        let pages = try GuardedPages(file, offset: slot.fileOffset, byteCount: slot.pageBytes)
        data = keep(pages, index: firstIndex + offset).base + slot.dataOffset
      }
      let shape = output.isOpen ? [] : Shape(output.extents.map { $0 ?? 0 })
      tensors.append(
        tensor(
          name: output.name, dtype: dtype, shape: shape,
          flags: output.isOpen ? UInt64(ASSAY_TENSOR_DYNAMIC) : 0, data: data))
    }
    // At once, so that the file need not stay open while the plugin runs.
    if wanted.contains(where: \.isOpen), !open.isEmpty {
      let base = mmap(
        nil, open.count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file, open.lowerBound)
      guard let base, base != MAP_FAILED else {
        throw SystemError("cannot map \(open.count) bytes", errno)
      }
      room = UnsafeMutableRawBufferPointer(start: base, count: open.count)
    }
    return array(tensors)
  }

  deinit {
    if let room, let base = room.baseAddress { munmap(base, room.count) }
    for block in blocks { free(block) }
    for pages in outputs { pages.release() }
    for (pages, index) in inputs {
      guard isWatched else {
        pages.release()
        continue
      }
      pages.expire()
      pages.watch(pages: nil, guards: ASSAY_SHIM_FAULT_PAST_INPUT, index: index)
    }
  }
}

extension assay_dtype {
  /// The ABI's spelling of a dtype.
  init(_ dtype: DType) {
    let code =
      switch dtype {
      case .bool: ASSAY_DTYPE_BOOL
      case .u8, .u16, .u32, .u64: ASSAY_DTYPE_UINT
      case .i8, .i16, .i32, .i64: ASSAY_DTYPE_INT
      case .f16, .f32, .f64: ASSAY_DTYPE_FLOAT
      case .bf16: ASSAY_DTYPE_BFLOAT
      }
    self.init(code: UInt8(code), bits: UInt8(8 * dtype.size), lanes: 1)
  }
}

extension DType {
  /// The dtype that the ABI's spelling stands for; nil for one that Assay has not.
  init?(_ dtype: assay_dtype) {
    let found = DType.allCases.first {
      let spelled = assay_dtype($0)
      return spelled.code == dtype.code && spelled.bits == dtype.bits && dtype.lanes == 1
    }
    guard let found else { return nil }
    self = found
  }
}
