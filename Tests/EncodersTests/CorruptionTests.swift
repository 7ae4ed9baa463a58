import Foundation
import Testing

@testable import Encoders

/// The pictures of Corruptions/ were made by the `imagecorruptions` package; see
/// corruptions_reference.py.
@Suite("Pictures made worse")
struct CorruptionTests {
  private static func stored(_ name: String) throws -> Picture {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().path + "/Corruptions/"
    return try PictureDecoder(in: .here).picture(at: folder + name + ".png")
  }

  /// How many levels the two differ by at most, and in which share of values.
  private func difference(_ left: Picture, _ right: Picture) -> (most: Int, share: Double) {
    let levels = zip(left.bytes, right.bytes).map { abs(Int($0) - Int($1)) }
    let share = Double(levels.count { $0 != 0 }) / Double(levels.count)
    return (levels.max() ?? 0, share)
  }

  static let settled: [(Corruption, Int)] = [
    (.defocusBlur, 1), (.defocusBlur, 3), (.defocusBlur, 5), (.zoomBlur, 1), (.zoomBlur, 3),
    (.zoomBlur, 5), (.gaussianBlur, 1), (.gaussianBlur, 3), (.gaussianBlur, 5), (.brightness, 1),
    (.brightness, 3), (.brightness, 5), (.contrast, 1), (.contrast, 3), (.contrast, 5),
    (.saturate, 1), (.saturate, 3), (.saturate, 4), (.saturate, 5), (.pixelate, 1),
    (.pixelate, 3), (.pixelate, 5), (.jpeg, 1), (.jpeg, 3), (.jpeg, 5),
  ]

  @Test("what involves no chance has the published definition's pixels", arguments: settled)
  func definitions(kind: Corruption, severity: Int) throws {
    let wanted = try Self.stored("\(kind.rawValue)-\(severity)")
    let made = kind.applied(to: try Self.stored("clean"), severity: severity, name: "x")
    let (most, share) = difference(made, wanted)
    // The blurs sum in another order, and a value at the edge of a level may fall off it.
    let isSum = [.defocusBlur, .zoomBlur, .gaussianBlur].contains(kind)
    #expect(most <= (isSum ? 1 : 0) && share < 0.001, "\(most) levels in \(share) of the values")
  }

  @Test(
    "motion in a given direction has the published definition's pixels",
    arguments: [(-45, 1), (-10, 2), (0, 3), (30, 4)])
  func motion(degrees: Int, severity: Int) throws {
    let wanted = try Self.stored("motion\(degrees)-\(severity)")
    var plane = Plane(try Self.stored("clean"))
    plane.move(severity - 1, degrees: Double(degrees))
    let (most, share) = difference(plane.picture, wanted)
    // The weights add up to 1 but for rounding, which decides what becomes of full pixels.
    #expect(most <= 1 && share < 0.02, "\(most) levels in \(share) of the values")
  }

  @Test("noise has the deviation that it claims", arguments: Corruption.severities)
  func deviations(severity: Int) {
    let grey = Picture(
      width: 100, height: 100, bytes: [UInt8](repeating: 128, count: 30_000))
    func deviation(_ kind: Corruption) -> Double {
      let levels = kind.applied(to: grey, severity: severity, name: "x").bytes.map(Double.init)
      let mean = levels.reduce(0, +) / 30_000
      return (levels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 30_000).squareRoot() / 255
    }
    let level = severity - 1
    let half = 128.0 / 255
    // Where the ends of the scale cut little off.
    if severity <= 2 {
      #expect(abs(deviation(.gaussianNoise) - [0.08, 0.12][level]) < 0.003)
      #expect(abs(deviation(.speckleNoise) - half * [0.15, 0.2][level]) < 0.003)
      #expect(abs(deviation(.shotNoise) - (half / [60, 25][level]).squareRoot()) < 0.003)
    }
    let impulses = Corruption.impulseNoise.applied(to: grey, severity: severity, name: "x").bytes
    let share = Double(impulses.count { $0 != 128 }) / 30_000
    #expect(abs(share - [0.03, 0.06, 0.09, 0.17, 0.27][level]) < 0.01)
    #expect(impulses.allSatisfy { [0, 128, 255].contains($0) })
  }

  @Test("a higher severity leaves less of the picture", arguments: Corruption.allCases)
  func severities(kind: Corruption) throws {
    let clean = try Self.stored("clean")
    let lost = Corruption.severities.map { severity -> Double in
      let foul = kind.applied(to: clean, severity: severity, name: "x")
      return zip(foul.bytes, clean.bytes).reduce(0) { $0 + abs(Double($1.0) - Double($1.1)) }
    }
    #expect(lost.allSatisfy { $0 > 0 })
    // Saturation goes both ways.
    #expect(kind == .saturate || lost[4] > lost[0])
  }

  @Test("a picture's name, kind and severity settle its noise", arguments: Corruption.allCases)
  func chance(kind: Corruption) throws {
    let clean = try Self.stored("clean")
    let first = kind.applied(to: clean, severity: 2, name: "a.png")
    #expect(kind.applied(to: clean, severity: 2, name: "a.png") == first)
    let isDrawn = kind.rawValue.hasSuffix("noise") || kind == .motionBlur
    #expect((kind.applied(to: clean, severity: 2, name: "b.png") != first) == isDrawn)
  }

  @Test("the smallest pictures can be made worse", arguments: Corruption.allCases)
  func small(kind: Corruption) {
    for (width, height) in [(1, 1), (1, 9), (9, 1), (2, 3)] {
      let bytes = (0..<width * height * 3).map { UInt8($0 * 37 % 256) }
      let picture = Picture(width: width, height: height, bytes: bytes)
      for severity in Corruption.severities {
        let foul = kind.applied(to: picture, severity: severity, name: "x")
        #expect((foul.width, foul.height) == (width, height))
      }
    }
  }

  @Test("counts of photons have Poisson's quantiles")
  func photons() {
    #expect(poisson(0, 0.999) == 0)
    #expect([0.0, 0.36, 0.37, 0.73, 0.74, 0.92].map { poisson(1, $0) } == [0, 0, 1, 1, 2, 3])
    #expect(poisson(60, 1 - 0x1p-53) < 200)
  }
}
