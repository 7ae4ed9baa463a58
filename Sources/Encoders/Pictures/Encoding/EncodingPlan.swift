package import Documents
internal import Glibc

/// What is made of a collection of pictures: all that the rows depend on.
package struct EncodingPlan: Sendable {
  /// A corrupted copy of the test pictures.
  package struct Shift: Equatable, Sendable {
    package var corruption: Corruption
    package var severity: Int

    package init(_ corruption: Corruption, severity: Int) {
      self.corruption = corruption
      self.severity = severity
    }

    package var name: String { "\(corruption.rawValue)-\(severity)" }
  }

  /// The pictures, those of the test split first, which alone have corrupted copies.
  package let collection: PictureCollection
  package let shifts: [Shift]
  package let preprocessing: ImagePreprocessing
  /// Of the weights, in words that tell one checkpoint from another.
  package let encoder: String
  /// The numbers of a feature, and of a picture's patch tokens where they are kept.
  package let featureWidth: Int
  package let patchShape: [Int]?

  package init(
    _ collection: PictureCollection, shifts: [Shift] = [], preprocessing: ImagePreprocessing,
    encoder: String, featureWidth: Int, patchShape: [Int]? = nil
  ) {
    var ordered = collection
    ordered.entries =
      collection.entries.filter { $0.split == .test }
      + collection.entries.filter { $0.split != .test }
    self.collection = ordered
    self.shifts = shifts
    self.preprocessing = preprocessing
    self.encoder = encoder
    self.featureWidth = featureWidth
    self.patchShape = patchShape
  }

  /// The number of test pictures.
  package var testCount: Int { collection.entries.count { $0.split == .test } }

  /// The features, the patch tokens if any, and the features of each shift.
  package var streams: [EncodingJournal.Stream] {
    let count = collection.entries.count
    var streams = [EncodingJournal.Stream("features", width: featureWidth, limit: count)]
    if let patchShape {
      streams.append(.init("patches", width: patchShape.reduce(1, *), limit: count))
    }
    return streams
      + shifts.map { EncodingJournal.Stream($0.name, width: featureWidth, limit: testCount) }
  }

  /// Tells a plan from every other one; a file counts by its name, size and time of change.
  package var digest: Digest {
    let pictures = collection.entries.map { entry -> JSON in
      var status = stat()
      let isThere = stat(entry.path, &status) == 0
      let time = status.st_mtim
      return [
        .string(entry.name), .string(entry.split.rawValue),
        JSON(isThere ? Int(status.st_size) : -1), JSON(isThere ? time.tv_sec : 0),
        JSON(isThere ? time.tv_nsec : 0),
      ]
    }
    return Digest(
      of: [
        "version": 1, "encoder": .string(encoder), "side": JSON(preprocessing.side),
        "mean": .array(preprocessing.mean.map { JSON(Double($0)) }),
        "deviation": .array(preprocessing.deviation.map { JSON(Double($0)) }),
        "shifts": .array(shifts.map { .string($0.name) }),
        "width": JSON(featureWidth), "patches": .array((patchShape ?? []).map { JSON($0) }),
        "pictures": .array(pictures),
      ])
  }
}
