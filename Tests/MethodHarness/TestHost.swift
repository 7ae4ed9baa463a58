package import CAssay
package import Tensors

/// A host for tests: it keeps what a method says, and allocates outputs of open shape.
package final class TestHost {
  package var notes: [String] = []
  package var warnings: [String] = []
  package var metrics: [String: Double] = [:]
  /// The sentence of the last failing call.
  package var sentence = ""
  package var isCancelled = false
  package var allocated: [String: Tensor] = [:]
  package let table: UnsafeMutablePointer<assay_host>
  private var shapes: [UnsafeMutablePointer<Int64>] = []

  package init() {
    table = UnsafeMutablePointer<assay_host>.allocate(capacity: 1)
    table.initialize(
      to: assay_host(
        struct_size: UInt32(MemoryLayout<assay_host>.size), abi_major: UInt32(ASSAY_ABI_MAJOR),
        abi_minor: UInt32(ASSAY_ABI_MINOR), reserved: 0, ctx: nil,
        log: { context, level, text in
          let text = String(cABI: text)
          switch level {
          case ASSAY_LOG_NOTE: TestHost.at(context).notes.append(text)
          case ASSAY_LOG_WARNING: TestHost.at(context).warnings.append(text)
          default: break
          }
        },
        progress: { _, _, _ in },
        cancelled: { TestHost.at($0).isCancelled ? 1 : 0 },
        set_error: { context, code, text in
          TestHost.at(context).sentence = String(cABI: text)
          return code
        },
        alloc_output: { context, name, type, rank, shape, result in
          let extents = (0..<Int(rank)).map { Int(shape?[$0] ?? 0) }
          let all: [DType] = type.code == 2 ? [.f32, .f64] : type.code == 1 ? [.u8] : [.i32, .i64]
          guard let dtype = all.first(where: { $0.size * 8 == Int(type.bits) }) else {
            return ASSAY_E_CONTRACT
          }
          let host = TestHost.at(context)
          let tensor = Tensor(dtype: dtype, shape: Shape(extents)) { _ in }
          host.allocated[String(cABI: name)] = tensor
          result.pointee.tensor = host.describe(tensor)
          return ASSAY_OK
        },
        scratch: { _, _ in nil },
        metric: { context, name, value in
          TestHost.at(context).metrics[String(cABI: name)] = value
        },
        get_extension: { _, _ in nil }))
    table.pointee.ctx = Unmanaged.passUnretained(self).toOpaque()
  }

  deinit {
    shapes.forEach { $0.deallocate() }
    table.deallocate()
  }

  private static func at(_ context: UnsafeMutableRawPointer?) -> TestHost {
    guard let context else { preconditionFailure("the plugin lost the host's context") }
    return Unmanaged<TestHost>.fromOpaque(context).takeUnretainedValue()
  }

  /// A C tensor over the memory of a tensor, which has to live as long.
  package func describe(_ tensor: Tensor) -> assay_dl_tensor {
    let code: UInt32 =
      switch tensor.dtype {
      case .f16, .f32, .f64: ASSAY_DTYPE_FLOAT
      case .bf16: ASSAY_DTYPE_BFLOAT
      case .bool: ASSAY_DTYPE_BOOL
      case .u8, .u16, .u32, .u64: ASSAY_DTYPE_UINT
      case .i8, .i16, .i32, .i64: ASSAY_DTYPE_INT
      }
    let shape = UnsafeMutablePointer<Int64>.allocate(capacity: 2 * max(tensor.shape.rank, 1))
    shapes.append(shape)
    var stride = 1
    for axis in (0..<tensor.shape.rank).reversed() {
      shape[axis] = Int64(tensor.shape[axis])
      shape[tensor.shape.rank + axis] = Int64(stride)
      stride *= tensor.shape[axis]
    }
    return assay_dl_tensor(
      data: tensor.storage.base.map { $0 + tensor.byteOffset },
      device: assay_device(device_type: 1, device_id: 0), ndim: Int32(tensor.shape.rank),
      dtype: assay_dtype(code: UInt8(code), bits: UInt8(8 * tensor.dtype.size), lanes: 1),
      shape: shape, strides: shape + tensor.shape.rank, byte_offset: 0)
  }
}

extension String {
  /// Copies a string of the ABI.
  package init(cABI text: assay_str) {
    let bytes = UnsafeRawBufferPointer(start: text.ptr, count: text.len)
    self = String(decoding: bytes, as: UTF8.self)
  }

  /// Lends the text as a string of the ABI.
  package func withCABI<R>(_ body: (assay_str) throws -> R) rethrows -> R {
    try utf8CString.withUnsafeBufferPointer {
      try body(assay_str(ptr: $0.baseAddress, len: $0.count - 1))
    }
  }
}
