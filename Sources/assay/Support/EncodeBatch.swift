internal import Encoders
internal import Evaluation

/// A batch of pictures on its way through the tower: all that is in memory at once.
struct EncodeBatch {
  private let plan: EncodingPlan
  private let places: [Int]
  private let threads: Int
  /// The pictures that could be read, with their places.
  private let framed: [(place: Int, picture: Picture)]
  private let problems: [Int: String]

  init(_ places: [Int], plan: EncodingPlan, reader: PictureReader, threads: Int) {
    self.plan = plan
    self.places = places
    self.threads = threads
    let entries = plan.collection.entries
    let read = concurrentMap(places, threads: threads) { reader.framed(entries[$0]) }
    var framed: [(Int, Picture)] = []
    var problems: [Int: String] = [:]
    for (place, result) in zip(places, read) {
      switch result {
      case .success(let picture): framed.append((place, picture))
      case .failure(let error): problems[place] = "\(error)"
      }
    }
    self.framed = framed
    self.problems = problems
  }

  /// Encodes the pictures and their corrupted copies, and adds the rows to the journal.
  func add(to journal: EncodingJournal, with encoder: PictureEncoder) throws {
    let clean = rows(of: framed, with: encoder)
    var rows = [spread(clean.features, width: plan.featureWidth, over: places, of: framed)]
    if let shape = plan.patchShape {
      rows.append(
        spread(clean.patches, width: shape.reduce(1, *), over: places, of: framed))
    }
    let asked = places.filter { $0 < plan.testCount }
    let tested = framed.filter { $0.place < plan.testCount }
    let entries = plan.collection.entries
    for shift in plan.shifts {
      let copies = concurrentMap(tested.map(\.place).indices.map { $0 }, threads: threads) {
        [tested] index in
        let (place, picture) = tested[index]
        let foul = shift.corruption.applied(
          to: picture, severity: shift.severity, name: entries[place].name)
        return (place: place, picture: foul)
      }
      let features = self.rows(of: copies, with: encoder, onlyFeatures: true).features
      rows.append(spread(features, width: plan.featureWidth, over: asked, of: tested))
    }
    try journal.append(rows, count: places.count, skipping: problems)
  }

  private func rows(
    of pictures: [(place: Int, picture: Picture)], with encoder: PictureEncoder,
    onlyFeatures: Bool = false
  ) -> (features: [Float], patches: [Float]) {
    guard !pictures.isEmpty else { return ([], []) }
    let preprocessing = plan.preprocessing
    let channels = concurrentMap(pictures.map(\.picture), threads: threads) {
      preprocessing.channels(of: $0)
    }
    return encoder.rows(
      Array(channels.joined()), count: pictures.count, onlyFeatures: onlyFeatures)
  }

  /// Rows for all places, of numbers that are none where a picture could not be read.
  private func spread(
    _ rows: [Float], width: Int, over places: [Int],
    of pictures: [(place: Int, picture: Picture)]
  ) -> [Float] {
    if places.count == pictures.count { return rows }
    let numbers = Dictionary(uniqueKeysWithValues: pictures.enumerated().map { ($1.place, $0) })
    return places.flatMap { place -> [Float] in
      guard let number = numbers[place] else { return [Float](repeating: .nan, count: width) }
      return Array(rows[number * width..<(number + 1) * width])
    }
  }
}
