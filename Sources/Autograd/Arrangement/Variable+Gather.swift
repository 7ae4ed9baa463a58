internal import CKernels
public import Tensors

extension Variable {
  /// The entries of a table `[V, ...]` at some places, `[N, ...]`; zeros for a place of -1.
  ///
  /// An embedding: the gradients of places that repeat add up, and a padding of -1 gets none.
  public func gathered(_ places: [Int32]) -> Variable {
    let (rows, columns) = entries
    check(places, below: rows)
    let result = Shape([places.count] + shape.extents.dropFirst())
    return tape.record(result, of: [self]) {
      assay_shim_gather_rows(address, places, places.count, columns, $0)
    } walk: { gradient in
      addToGradient { assay_shim_scatter_add_rows(gradient, places, places.count, columns, $0) }
    }
  }

  /// The rows of a table `[V, D]` for ids in row order, as `shape + [D]`; -1 is padding.
  ///
  ///     let words = tape.use(table).embedding(ids, shape: [batch, length])   // [B, T, D]
  public func embedding(_ ids: [Int32], shape: Shape) -> Variable {
    precondition(self.shape.rank == 2, "a table of embeddings is a matrix, not \(self.shape)")
    precondition(ids.count == shape.count, "the shape \(shape) does not hold \(ids.count) ids")
    return gathered(ids).reshaped(Shape(shape.extents + [self.shape[1]]))
  }

  /// A table of `count` entries in which entry `places[i]` is the sum of all entries `i` of this.
  ///
  /// Entries of a place of -1 are left out.
  public func scattered(_ places: [Int32], count: Int) -> Variable {
    let (rows, columns) = entries
    precondition(places.count == rows, "\(shape) is scattered to one place for each entry")
    check(places, below: count)
    let result = Shape([count] + shape.extents.dropFirst())
    return tape.record(result, of: [self]) { table in
      table.update(repeating: 0, count: result.count)
      assay_shim_scatter_add_rows(address, places, rows, columns, table)
    } walk: { gradient in
      addGradient { to, adds in
        guard adds else {
          return assay_shim_gather_rows(gradient, places, rows, columns, to)
        }
        tape.withScratch(rows * columns) { part in
          assay_shim_gather_rows(gradient, places, rows, columns, part)
          transfer(part, to: to, count: rows * columns, adds: true)
        }
      }
    }
  }

  /// One number of each row of `[..., K]`, that of its column; `[...]`, 0 for a column of -1.
  public func picked(_ columns: [Int32]) -> Variable {
    let width = shape[resolved(-1)]
    precondition(
      columns.count * width == count, "\(shape) has not one row for each of \(columns.count)")
    check(columns, below: width)
    let places = columns.enumerated().map { row, column in
      column < 0 ? -1 : Int32(row * width) + column
    }
    return reshaped(count, 1).gathered(places).reshaped(Shape(Array(shape.extents.dropLast())))
  }

  private var entries: (rows: Int, columns: Int) {
    precondition(shape.rank >= 1, "a scalar has no entries")
    return (shape[0], shape.extents.dropFirst().reduce(1, *))
  }

  private func check(_ places: [Int32], below end: Int) {
    for place in places where place < -1 || place >= end {
      preconditionFailure("place \(place) is not among the \(end) of \(shape), nor -1 for none")
    }
  }
}
