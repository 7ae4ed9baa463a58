/// A mask that may or may not be an object, and how well it fits one.
package struct Proposal: Sendable {
  package enum Origin: String, CaseIterable, Sendable {
    case object, grown, shrunk, moved, joined, box, rest
  }

  /// `[S, S]`, 1 inside.
  package let mask: [UInt8]
  package let origin: Origin
  /// The largest intersection over union with an object's mask; for analysis, not for methods.
  package let score: Double
}

extension Scene {
  /// Masks as a proposal network gives them: each object's own, two spoilt ones of it, three boxes
  /// of background, and everything else.
  package func proposals() -> [Proposal] {
    var draws = recipe.draws("proposals", split, index)
    let masks = objects.indices.map { index in
      Mask(side: side, isInside: instances.map { $0 == index + 1 })
    }
    func proposal(_ mask: Mask, _ origin: Proposal.Origin) -> Proposal {
      Proposal(
        mask: mask.isInside.map { $0 ? 1 : 0 }, origin: origin,
        score: masks.map { mask.overlap($0) }.max() ?? 0)
    }
    var proposals: [Proposal] = []
    for mask in masks {
      proposals.append(proposal(mask, .object))
      for _ in 0..<2 {
        let (spoilt, origin) = mask.spoilt(others: masks, &draws)
        proposals.append(proposal(spoilt, origin))
      }
    }
    let occupied = instances.map { $0 > 0 }
    for _ in 0..<3 {
      let (width, height) = (draws.within(side / 8...side / 3), draws.within(side / 8...side / 3))
      let (left, top) = (draws.below(side - width), draws.below(side - height))
      let isInside = occupied.indices.map { place in
        (left..<left + width).contains(place % side)
          && (top..<top + height).contains(place / side) && !occupied[place]
      }
      proposals.append(proposal(Mask(side: side, isInside: isInside), .box))
    }
    proposals.append(proposal(Mask(side: side, isInside: occupied.map { !$0 }), .rest))
    return proposals
  }
}

/// A set of pixels.
struct Mask: Equatable {
  let side: Int
  var isInside: [Bool]

  var area: Int { isInside.count(where: \.self) }

  /// The mask and its neighbours up, down, left and right.
  func grown() -> Mask {
    var grown = self
    for place in isInside.indices where isInside[place] {
      let (x, y) = (place % side, place / side)
      if x > 0 { grown.isInside[place - 1] = true }
      if x < side - 1 { grown.isInside[place + 1] = true }
      if y > 0 { grown.isInside[place - side] = true }
      if y < side - 1 { grown.isInside[place + side] = true }
    }
    return grown
  }

  var inverted: Mask { Mask(side: side, isInside: isInside.map { !$0 }) }

  /// The mask without the pixels that touch its outside.
  func shrunk() -> Mask { inverted.grown().inverted }

  /// The mask moved by whole pixels; what leaves the canvas is lost.
  func moved(_ dx: Int, _ dy: Int) -> Mask {
    var moved = Mask(side: side, isInside: [Bool](repeating: false, count: isInside.count))
    for place in isInside.indices where isInside[place] {
      let (x, y) = (place % side + dx, place / side + dy)
      if (0..<side).contains(x), (0..<side).contains(y) { moved.isInside[y * side + x] = true }
    }
    return moved
  }

  /// Intersection over union; 0 of two empty masks.
  func overlap(_ other: Mask) -> Double {
    let pairs = zip(isInside, other.isInside)
    let common = pairs.count { $0 && $1 }
    let all = area + other.area - common
    return all == 0 ? 0 : Double(common) / Double(all)
  }

  /// Grown or shrunk by 1 to 3 pixels, moved by 2, or joined with another object.
  func spoilt(others: [Mask], _ draws: inout Draws) -> (Mask, Proposal.Origin) {
    let steps = draws.within(1...3)
    let rivals = others.filter { $0 != self }
    switch draws.below(rivals.isEmpty ? 3 : 4) {
    case 0: return ((0..<steps).reduce(self) { mask, _ in mask.grown() }, .grown)
    case 1:
      // A thin object must not vanish.
      var mask = self
      for _ in 0..<steps where mask.shrunk().area > 0 { mask = mask.shrunk() }
      return (mask, .shrunk)
    case 2:
      let (dx, dy) = draws.pick([(2, 0), (-2, 0), (0, 2), (0, -2)])
      return (moved(dx, dy), .moved)
    default:
      let other = draws.pick(rivals)
      return (
        Mask(side: side, isInside: zip(isInside, other.isInside).map { $0 || $1 }), .joined
      )
    }
  }
}
