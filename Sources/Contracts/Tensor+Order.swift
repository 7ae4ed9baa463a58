internal import Tensors

extension Tensor {
  /// The slices along an axis that the numbers name, in their order.
  func taking(_ numbers: [Int], along axis: Int) throws(TensorError) -> Tensor {
    guard shape.extents.indices.contains(axis), shape[axis] == numbers.count else {
      throw TensorError("an order of \(numbers.count) rows does not fit axis \(axis) of \(shape)")
    }
    let slice = shape.extents.dropFirst(axis + 1).reduce(dtype.size, *)
    let block = slice * numbers.count
    return Tensor(dtype: dtype, shape: shape) { bytes in
      withBytes { source in
        guard let from = source.baseAddress, let to = bytes.baseAddress, slice > 0 else { return }
        for start in stride(from: 0, to: source.count, by: block) {
          for (place, number) in numbers.enumerated() {
            (to + start + place * slice).copyMemory(
              from: from + start + number * slice, byteCount: slice)
          }
        }
      }
    }
  }

  /// Looks each number up in the table of its column of the last axis; nil leaves a column as it is.
  ///
  /// One table stands for all columns. Numbers that no table has stay: they break the contract, and
  /// are told of where it is checked.
  func renumbered(_ tables: [[Int]?]) throws(TensorError) -> Tensor {
    guard tables.contains(where: { $0 != nil }) else { return self }
    func look<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) -> Tensor {
      Tensor(dtype: dtype, shape: shape) { bytes in
        let target = bytes.assumingMemoryBound(to: T.self)
        withElements(of: type) { numbers in
          for (index, number) in numbers.enumerated() {
            let table = tables[index % tables.count]
            let place = Int(exactly: number) ?? -1
            target[index] =
              table.flatMap { $0.indices.contains(place) ? T(exactly: $0[place]) : nil } ?? number
          }
        }
      }
    }
    switch dtype {
    case .i32: return look(Int32.self)
    case .i64: return look(Int64.self)
    default: throw TensorError("numbers of rows are i32 or i64, not \(dtype)")
    }
  }

  /// Numbers equal elements alike, from 0 on by their first occurrence.
  func numberedByOccurrence() throws(TensorError) -> Tensor {
    func count<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) -> Tensor {
      Tensor(dtype: dtype, shape: shape) { bytes in
        let target = bytes.assumingMemoryBound(to: T.self)
        var known: [T: T] = [:]
        withElements(of: type) { numbers in
          for (index, number) in numbers.enumerated() {
            let name = known[number] ?? T(known.count)
            known[number] = name
            target[index] = name
          }
        }
      }
    }
    switch dtype {
    case .i32: return count(Int32.self)
    case .i64: return count(Int64.self)
    default:
      throw TensorError("numbers that tell what belongs together are i32 or i64, not \(dtype)")
    }
  }

  // MARK: Strings

  /// Where strings begin and end, from offsets `[N + 1]`.
  func stringRanges() throws(TensorError) -> [Range<Int>] {
    guard dtype == .i64 else { throw TensorError("offsets into strings are i64, not \(dtype)") }
    let ends = withElements(of: Int64.self) { $0.map(Int.init) }
    var ranges: [Range<Int>] = []
    for (start, end) in zip(ends, ends.dropFirst()) {
      guard start >= 0, start <= end else {
        throw TensorError("offsets into strings ascend from 0, but \(start) is before \(end)")
      }
      ranges.append(start..<end)
    }
    return ranges
  }

  /// Makes the offsets of strings of given lengths.
  init(offsetsOf ranges: [Range<Int>]) {
    let ends = ranges.reduce(into: [Int64(0)]) { $0.append($0[$0.count - 1] + Int64($1.count)) }
    self.init(dtype: .i64, shape: [ends.count]) { ends.withUnsafeBytes($0.copyMemory) }
  }

  /// The bytes of strings, one after the other.
  func taking(strings ranges: [Range<Int>]) throws(TensorError) -> Tensor {
    let length = ranges.reduce(0) { $0 + $1.count }
    guard length == byteCount, ranges.allSatisfy({ $0.upperBound <= byteCount }) else {
      throw TensorError("the offsets span \(length) of \(byteCount) bytes of strings")
    }
    return Tensor(dtype: dtype, shape: [length]) { bytes in
      withBytes { source in
        var end = 0
        for range in ranges {
          UnsafeMutableRawBufferPointer(rebasing: bytes[end..<end + range.count])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[range]))
          end += range.count
        }
      }
    }
  }
}
