/// A picture of a ware, flawless or with one flaw and its mask.
package struct WareImage: Sendable {
  package let ware: Ware
  /// Nil where nothing is wrong.
  package let flaw: Flaw?
  /// `[S, S, 3]`.
  package let image: [UInt8]
  /// 1 where a channel differs by more than 12 grey levels from the flawless picture, closed by
  /// 3 x 3, `[S, S]`.
  package let mask: [UInt8]

  /// The share of the picture that flaws take, in thousandths.
  package static let share = 3...60

  /// Makes picture `index` of a split: the wares by turns, and every other round of them with a
  /// flaw.
  package init(_ recipe: SceneRecipe, split: Split, index: Int) {
    let isTaught = split == .train || split == .val
    let wares = isTaught ? Ware.taught : Ware.judged
    ware = wares[index % wares.count]
    let isFlawed = index / wares.count % 2 == 1

    var draws = recipe.draws("ware", split, index)
    let noise = recipe.draws("ware noise", split, index)
    let flawless = WarePicture(ware, side: recipe.side, &draws, grain: noise)
    // Brightness of 0.9 to 1.1
    let gain = draws.within(230...282)
    func finished(_ picture: WarePicture) -> [UInt8] {
      var canvas = picture.canvas
      for place in canvas.pixels.indices {
        canvas.pixels[place] = canvas.pixels[place].scaled(by: gain)
      }
      canvas.addNoise(noise) { _ in Int32(recipe.preset.noise / 2) }
      return canvas.bytes
    }
    let clean = finished(flawless)
    let pixels = recipe.side * recipe.side
    guard isFlawed else {
      (flaw, image, mask) = (nil, clean, [UInt8](repeating: 0, count: pixels))
      return
    }
    var flaws = recipe.draws("flaw", split, index)
    let wanted = flaws.pick(isTaught ? Flaw.taught : Flaw.allCases)
    // A flaw may miss the thing, or hardly differ from what is under it: it is tried elsewhere.
    for attempt in 0... {
      var spoilt = flawless
      // A scratch shows on anything, so that the search ends.
      let flaw = attempt < 100 ? wanted : .scratch
      flaw.spoil(&spoilt, &flaws)
      let image = finished(spoilt)
      let mask = WareImage.difference(clean, image, side: recipe.side)
      if WareImage.share.contains(mask.area * 1000 / pixels) {
        (self.flaw, self.image, self.mask) = (flaw, image, mask.isInside.map { $0 ? 1 : 0 })
        return
      }
    }
    preconditionFailure("the search for a flaw has no end")
  }

  private static func difference(_ clean: [UInt8], _ spoilt: [UInt8], side: Int) -> Mask {
    let isInside = (0..<side * side).map { place in
      (0..<3).contains { abs(Int(clean[3 * place + $0]) - Int(spoilt[3 * place + $0])) > 12 }
    }
    return Mask(side: side, isInside: isInside).closed()
  }

  /// "a photo of flawless brick" or "a photo of damaged brick"; sets hold it of taught wares alone.
  package var caption: String {
    flaw == nil ? "a photo of flawless \(ware)" : "a photo of damaged \(ware)"
  }
}

extension Mask {
  /// Fills gaps of one or two pixels: grown by 3 x 3 and then shrunk by as much.
  func closed() -> Mask { spread(true).spread(false) }

  /// Gives each pixel the value if one of the nine about it has it.
  private func spread(_ value: Bool) -> Mask {
    var result = self
    for place in isInside.indices where isInside[place] == value {
      let (x, y) = (place % side, place / side)
      for row in max(0, y - 1)...min(side - 1, y + 1) {
        for column in max(0, x - 1)...min(side - 1, x + 1) {
          result.isInside[row * side + column] = value
        }
      }
    }
    return result
  }
}
