internal import CAssay
internal import Glibc
internal import PluginHost
internal import Tensors

/// How tensors are lent to a plugin.
///
/// The plain way catches little, so that each rule of lending shows in its own check alone.
struct Lending {
  /// Inputs are read-only pages.
  var isReadOnly = false
  /// Outputs lie between pages without access and hold a canary.
  var isGuarded = false
  /// Inputs, names and the config vanish when the call has returned.
  var expires = false
}

/// A tensor with its name.
struct NamedTensor {
  var name: String
  var tensor: Tensor
}

/// Everything that one call points at, freed with this object.
///
/// Unsafe invariant: pointers into a frame are used only while the frame lives.
final class CallFrame {
  private var blocks: [(start: UnsafeMutableRawPointer, count: Int)] = []
  private var guarded: [GuardedTensor] = []
  private let lending: Lending

  init(_ lending: Lending) { self.lending = lending }

  /// 64-byte aligned zeroed memory.
  func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
    let count = max((byteCount + 63) / 64 * 64, 64)
    let block = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 64)
    block.initializeMemory(as: UInt8.self, repeating: 0, count: count)
    blocks.append((block, count))
    return block
  }

  func array<T: BitwiseCopyable>(_ elements: [T]) -> UnsafeMutablePointer<T> {
    let start = allocate(elements.count * MemoryLayout<T>.stride)
      .bindMemory(to: T.self, capacity: elements.count)
    start.update(from: elements, count: elements.count)
    return start
  }

  func string(_ text: String) -> assay_str { string(bytes: Array(text.utf8)) }

  func string(bytes: [UInt8]) -> assay_str {
    let start = UnsafeRawPointer(array(bytes)).assumingMemoryBound(to: CChar.self)
    return assay_str(ptr: start, len: bytes.count)
  }

  /// A tensor of the ABI over given memory.
  func tensor(
    _ name: String, _ dtype: DType, _ shape: Shape, flags: UInt32, data: UnsafeMutableRawPointer?
  ) -> assay_tensor {
    var strides = [Int64](repeating: 1, count: shape.rank)
    for axis in strides.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * Int64(shape[axis + 1])
    }
    return assay_tensor(
      name: string(name), flags: UInt64(flags),
      tensor: assay_dl_tensor(
        data: data, device: assay_device(device_type: 1, device_id: 0), ndim: Int32(shape.rank),
        dtype: assay_dtype(checked: dtype), shape: array(shape.extents.map(Int64.init)),
        strides: array(strides), byte_offset: 0),
      reserved: (0, 0))
  }

  /// An input with a copy of its values.
  func input(_ input: NamedTensor, index: Int) throws -> assay_tensor {
    let tensor = input.tensor
    var data: UnsafeMutableRawPointer?
    if lending.isReadOnly || lending.expires {
      let memory = try GuardedTensor(
        input: tensor, isWritable: !lending.isReadOnly, index: index)
      guarded.append(memory)
      data = memory.data
    } else if tensor.byteCount > 0 {
      let copy = allocate(tensor.byteCount)
      tensor.withBytes {
        UnsafeMutableRawBufferPointer(start: copy, count: $0.count).copyMemory(from: $0)
      }
      data = copy
    }
    return self.tensor(
      input.name, tensor.dtype, tensor.shape, flags: ASSAY_TENSOR_READ_ONLY, data: data)
  }

  /// Memory for an output, with slack behind it unless it is guarded.
  func output(
    _ shape: Shape, _ dtype: DType, index: Int
  ) throws -> (data: UnsafeMutableRawPointer?, guarded: GuardedTensor?) {
    let byteCount = shape.count * dtype.size
    guard byteCount > 0 else { return (nil, nil) }
    guard lending.isGuarded else { return (allocate(byteCount + 4096), nil) }
    let memory = try GuardedTensor(output: shape, dtype, index: index)
    return (memory.data, memory)
  }

  /// Ends the call: what was lent for its time is gone.
  func end() {
    guard lending.expires else { return }
    for memory in guarded { memory.expire() }
    for block in blocks { memset(block.start, 0xA5, block.count) }
  }

  deinit { for block in blocks { block.start.deallocate() } }
}

extension assay_dtype {
  /// The ABI's spelling of a dtype.
  init(checked dtype: DType) {
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
