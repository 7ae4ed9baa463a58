internal import CAssay

// The types that cross the C border, read into Swift. Unsafe invariants: the host's table lives
// until destroy returns; what a call brings lives until that call returns (assay.h).

/// The host's services.
struct Host {
  private let table: UnsafePointer<assay_host>

  init(_ table: UnsafePointer<assay_host>) { self.table = table }

  enum Level: Int32 {
    case info = 1
    case note = 2
    case warning = 3
  }

  func log(_ level: Level, _ text: String) {
    text.withAssay { table.pointee.log(table.pointee.ctx, level.rawValue, $0) }
  }

  func progress(_ fraction: Double, _ stage: String) {
    stage.withAssay { table.pointee.progress(table.pointee.ctx, fraction, $0) }
  }

  func metric(_ name: String, _ value: Double) {
    name.withAssay { table.pointee.metric(table.pointee.ctx, $0, value) }
  }

  var isCancelled: Bool { table.pointee.cancelled(table.pointee.ctx) != 0 }

  /// Records the sentence of a failing call and returns its status.
  func report(_ error: any Error) -> assay_status {
    let failure =
      error as? MethodError ?? .internal("the method threw an error of its own: \(error)")
    return failure.description.withAssay {
      table.pointee.set_error(table.pointee.ctx, failure.kind.rawValue, $0)
    }
  }

  func allocateOutput(
    _ name: String, _ type: ElementType, _ shape: [Int]
  ) throws(MethodError) -> UnsafeMutableRawPointer? {
    var result = assay_tensor()
    let extents = shape.map(Int64.init)
    let status = name.withAssay { name in
      table.pointee.alloc_output(
        table.pointee.ctx, name, type.code, Int32(extents.count), extents, &result)
    }
    guard status == ASSAY_OK else {
      throw MethodError(
        MethodError.Kind(rawValue: status) ?? .internal,
        "the host did not allocate output '\(name)' as \(type.rawValue) \(shape)")
    }
    return result.tensor.data
  }
}

extension Run {
  init(_ run: assay_run) {
    let folder = String(assay: run.scratch_dir)
    self.init(
      seed: run.seed, stream: run.stream, threads: Int(max(run.max_threads, 1)),
      memoryBudget: run.memory_budget == 0 ? nil : Int(clamping: run.memory_budget),
      scratchFolder: folder.isEmpty ? nil : folder, task: String(assay: run.task))
  }
}

extension String {
  /// Copies a string of the host.
  init(assay text: assay_str) {
    self =
      text.ptr.map { start in
        start.withMemoryRebound(to: UInt8.self, capacity: text.len) {
          String(decoding: UnsafeBufferPointer(start: $0, count: text.len), as: UTF8.self)
        }
      } ?? ""
  }

  /// Lends the text to a call that copies it.
  func withAssay<R>(_ body: (assay_str) -> R) -> R {
    var text = self
    return text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        body(assay_str(ptr: $0.baseAddress, len: $0.count))
      }
    }
  }

  /// A copy of the text that is never freed, as static lifetimes ask for.
  var immortal: assay_str {
    let bytes = Array(utf8)
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: max(bytes.count, 1))
    for (index, byte) in bytes.enumerated() { copy[index] = CChar(bitPattern: byte) }
    return assay_str(ptr: copy, len: bytes.count)
  }
}

extension ElementType {
  var code: assay_dtype {
    let kind: UInt32 =
      switch self {
      case .bool: ASSAY_DTYPE_BOOL
      case .u8, .u16, .u32, .u64: ASSAY_DTYPE_UINT
      case .i8, .i16, .i32, .i64: ASSAY_DTYPE_INT
      case .f16, .f32, .f64: ASSAY_DTYPE_FLOAT
      case .bf16: ASSAY_DTYPE_BFLOAT
      }
    return assay_dtype(code: UInt8(kind), bits: UInt8(8 * size), lanes: 1)
  }

  init?(_ type: assay_dtype) {
    let all: [ElementType] = [
      .bool, .u8, .i8, .u16, .i16, .u32, .i32, .u64, .i64, .f16, .bf16, .f32, .f64,
    ]
    let match = all.first {
      $0.code.code == type.code && $0.code.bits == type.bits && type.lanes == 1
    }
    guard let match else { return nil }
    self = match
  }
}

extension TensorView {
  /// Looks at a tensor of the host.
  init(reading tensor: assay_tensor) throws(MethodError) {
    let name = String(assay: tensor.name)
    guard let type = ElementType(tensor.tensor.dtype) else {
      let (code, bits) = (tensor.tensor.dtype.code, tensor.tensor.dtype.bits)
      throw .contract("tensor '\(name)' has an element type not known: code \(code), \(bits) bits")
    }
    let shape = UnsafeBufferPointer(start: tensor.tensor.shape, count: Int(tensor.tensor.ndim))
      .map(Int.init)
    let count = shape.reduce(1, *)
    guard count == 0 || tensor.tensor.data != nil else {
      throw .contract("tensor '\(name)' has shape \(shape) but no data")
    }
    self.init(
      name: name, type: type, shape: shape,
      bytes: UnsafeRawBufferPointer(start: tensor.tensor.data, count: count * type.size))
  }
}
