/// How hard the pictures are; lengths are those on a canvas of 64 pixels and grow with it.
package struct Preset: Equatable, Sendable {
  /// The name on the command line.
  package var name: String
  /// How often a picture asks for 1, 2, 3 or 4 objects.
  package var objectCounts: [Int]
  /// Radii in quarter pixels.
  package var smallRadius: ClosedRange<Int>
  package var largeRadius: ClosedRange<Int>
  /// The standard deviation of the noise on objects in grey levels; backgrounds have 3/4 of it.
  package var noise: Int
  /// The strength of background patterns in hundredths.
  package var backgroundContrast: Int
  /// How many objects of other kinds a picture of the suites `count` and `rank` has.
  package var distractors: ClosedRange<Int>
  /// How many of a hundred training captions say something false.
  package var falseCaptions: Int

  /// Few large objects, little noise.
  package static let easy = Preset(
    name: "easy", objectCounts: [60, 25, 15, 0], smallRadius: 44...52, largeRadius: 60...72,
    noise: 4, backgroundContrast: 60, distractors: 0...3, falseCaptions: 0)

  /// The one that thresholds refer to.
  package static let standard = Preset(
    name: "default", objectCounts: [40, 20, 20, 20], smallRadius: 36...48,
    largeRadius: 56...72, noise: 8, backgroundContrast: 100, distractors: 0...8,
    falseCaptions: 0)

  /// Small objects, strong noise, and 5 of a hundred training captions false.
  package static let hard = Preset(
    name: "hard", objectCounts: [20, 20, 30, 30], smallRadius: 22...32, largeRadius: 40...56,
    noise: 14, backgroundContrast: 160, distractors: 4...12, falseCaptions: 5)

  /// From easy to hard.
  package static let all = [easy, standard, hard]

  /// The preset of a name; nil for others.
  package static func named(_ name: String) -> Preset? { all.first { $0.name == name } }

  /// The radii of a size.
  func radii(_ size: Size) -> ClosedRange<Int> { size == .small ? smallRadius : largeRadius }
}

/// A part of a set; its pictures have draws of their own.
package enum Split: String, CaseIterable, Sendable {
  case train, val, test
  /// Each picture shows a kind that no other split shows; see `Kind.heldOut`.
  case unseen
}
