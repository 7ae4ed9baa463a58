/// What a picture is made of: planes of cells with numbers each, or a grid of tokens.
///
/// A picture `[C, H, W]` has C planes of cells with one number, tokens `[P, D]` of a grid have one
/// plane of cells with D numbers.
package struct PictureForm: Equatable, Sendable {
  package let planes, height, width, depth: Int
  /// Whether cells are tokens.
  package let isGrid: Bool

  /// The form of pictures `[C, H, W]`.
  package init(planes: Int, height: Int, width: Int) {
    (self.planes, self.height, self.width, depth) = (planes, height, width, 1)
    isGrid = false
  }

  /// The form of tokens `[H · W, D]`.
  package init(tokenRows height: Int, columns width: Int, depth: Int) {
    (planes, self.height, self.width, self.depth) = (1, height, width, depth)
    isGrid = true
  }

  /// The number of numbers.
  package var count: Int { planes * height * width * depth }
  /// Whether there is more than one place, so that something can be cut out.
  package var hasPlaces: Bool { height * width > 1 }

  /// Calls with the first number of each run of cells of a box, and how many numbers it has.
  func eachRun(of box: CutBox, _ body: (_ start: Int, _ count: Int) -> Void) {
    guard !box.columns.isEmpty else { return }
    for plane in 0..<planes {
      for row in box.rows {
        let cell = (plane * height + row) * width + box.columns.lowerBound
        body(cell * depth, box.columns.count * depth)
      }
    }
  }
}

/// A rectangle of cells.
package struct CutBox: Equatable, Sendable {
  package let rows, columns: Range<Int>

  /// Takes a rectangle whose sides have a share `√(1 - λ)` of the picture's, cut at its borders.
  ///
  /// Yun et al., "CutMix", ICCV 2019: sides are rounded down, halves of them too, so that an odd side
  /// loses a cell.
  package init(share: Double, centre: (row: Int, column: Int), in form: PictureForm) {
    let cut = (1 - share).squareRoot()
    self.init(
      height: Int(Double(form.height) * cut), width: Int(Double(form.width) * cut),
      centre: centre, in: form)
  }

  /// Takes a rectangle of given sides around a centre, cut at the picture's borders.
  package init(height: Int, width: Int, centre: (row: Int, column: Int), in form: PictureForm) {
    func range(_ centre: Int, _ side: Int, _ end: Int) -> Range<Int> {
      let low = min(max(centre - side / 2, 0), end)
      return low..<max(low, min(max(centre + side / 2, 0), end))
    }
    rows = range(centre.row, height, form.height)
    columns = range(centre.column, width, form.width)
  }

  /// The share of the picture outside, which is λ after the cut at the borders.
  package func shareOutside(of form: PictureForm) -> Double {
    1 - Double(rows.count * columns.count) / Double(form.height * form.width)
  }
}
