internal import Tensors

extension DatasetChecks {
  mutating func find(
    _ severity: DataFinding.Severity, _ code: String, at pointer: String, _ message: String
  ) {
    findings.append(DataFinding(severity, code, at: pointer, message))
  }

  /// Checks the length of each row: none is a test of nothing, and one beyond f32 breaks methods.
  mutating func checkLengths(
    _ array: DatasetArray, _ reference: ArrayReference, _ name: String
  ) {
    let squares = array.squares
    guard !squares.isEmpty else {
      let axes = array.shape.extents
      if axes.first == 0 {
        report(reference, "\(name) has no rows; leave it out, or give it some")
      } else if axes.contains(0) {
        report(reference, "the rows of \(name) have no numbers")
      }
      return
    }
    if axisIsEmpty(array) { report(reference, "the rows of \(name) have no numbers") }
    let zero = squares.indices.filter { squares[$0] == 0 }
    if array.normalisation == .l2, let first = zero.first {
      let verb = zero.count == 1 ? "is" : "are"
      let text =
        "\(counted(zero.count, squares.count)) of \(name) \(verb) "
        + "zero, the first row \(first): 'normalize' cannot bring it to length 1"
      if zero.count == squares.count {
        report(reference, text)
      } else {
        find(.warning, "zero-rows", at: reference.pointer, "\(text) and leaves it zero")
      }
    }
    guard array.normalisation == .none else { return }
    let limit = Double(Float.greatestFiniteMagnitude)
    let huge = squares.indices.filter { squares[$0] > limit }
    guard let first = huge.first else { return }
    report(
      reference,
      "\(counted(huge.count, squares.count)) of \(name) \(huge.count == 1 ? "is" : "are") so large "
        + "that the sum of squares is beyond f32 (\(limit)), the first row \(first) of length "
        + "\(squares[first].squareRoot()); scale the features, or say \"normalize\": \"l2\"")
  }

  private func axisIsEmpty(_ array: DatasetArray) -> Bool {
    array.shape.extents.dropFirst().contains(0)
  }

  /// Tells of rows that a part holds twice, and of such that bear two labels.
  mutating func repeats(in parts: [DatasetPart]) {
    for part in parts where part.scope == nil {
      var places: [RowDigest: Int] = [:]
      var (again, torn) = ([(Int, Int)](), [(Int, Int)]())
      for (row, digest) in part.array.digests(roundedTo: .f32).enumerated() {
        guard let earlier = places[digest] else {
          places[digest] = row
          continue
        }
        again.append((row, earlier))
        if let labels = part.labels, labels.indices.contains(row), labels[row] != labels[earlier] {
          torn.append((row, earlier))
        }
      }
      let count = part.array.shape[0]
      if let first = again.first {
        find(
          .note, "repeated-rows", at: part.pointer,
          "\(counted(again.count, count)) of \(part.title) repeat an earlier one, the first row "
            + "\(first.0), which is row \(first.1)")
      }
      if let first = torn.first {
        find(
          .note, "two-labels", at: part.pointer,
          "\(counted(torn.count, count)) of \(part.title) repeat an earlier one under another label, "
            + "the first row \(first.0), which is row \(first.1)")
      }
    }
  }

  /// Tells of labels that are all of one class.
  mutating func classCounts(in parts: [DatasetPart]) {
    if classes.count == 1, manifest.classes != nil {
      find(
        .warning, "one-class", at: "/classes",
        "there is one class, '\(classes[0])': every classifier is right")
    }
    guard classes.count > 1 else { return }
    for part in parts where part.scope == nil {
      guard let labels = part.labels, let first = labels.first, labels.count > 1,
        labels.allSatisfy({ $0 == first }), classes.indices.contains(Int(first))
      else { continue }
      find(
        .warning, "one-class", at: part.pointer,
        "all \(labels.count) rows of \(part.title) are of one class, '\(classes[Int(first)])', of "
          + "\(classes.count)")
    }
  }

  private func counted(_ count: Int, _ all: Int) -> String {
    "\(count) of the \(all) rows"
  }
}
