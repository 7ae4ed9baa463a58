import Testing

@testable import Scenes

/// What tells the answer without seeing what is asked for must stay weak.
@Suite("Shortcuts")
struct ShortcutTests {
  @Test("the mean colour of a picture tells the outline of its one object in 30 % at most")
  func meanColour() {
    // The nearest of 1500 pictures by the mean colour (of every fifth pixel), a strong such guess.
    func singles(_ split: Split, _ count: Int) -> [(mean: [Double], outline: Outline)] {
      scenes(count, split).filter { $0.objects.count == 1 }.map { scene in
        let mean = (0..<3).map { channel in
          stride(from: channel, to: scene.image.count, by: 3 * 5)
            .reduce(0.0) { $0 + Double(scene.image[$1]) } / 819
        }
        return (mean, scene.objects[0].outline)
      }
    }
    let (known, asked) = (singles(.train, 1500), singles(.test, 500))
    func distance(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let right = asked.count { picture in
      let nearest = known.min {
        distance($0.mean, picture.mean) < distance($1.mean, picture.mean)
      }
      return nearest?.outline == picture.outline
    }
    let share = Double(right) / Double(asked.count)
    #expect(share <= 0.3, "\(share)")
  }

  @Test("the text alone does not tell which word of a foil is wrong")
  func foilText() {
    // Each word is guessed wrong as often as it was the wrong one in other foils.
    let foils = scenes(1600, .test).compactMap { $0.foil() }
    let (known, asked) = (foils.prefix(foils.count / 2), foils.suffix(foils.count / 2))
    var (seen, wrong): ([String: Double], [String: Double]) = ([:], [:])
    func content(_ foil: Foil) -> [(place: Int, text: String)] {
      foil.caption.words.enumerated()
        .filter { [.colour, .outline, .background].contains($0.element.role) }
        .map { ($0.offset, $0.element.text) }
    }
    for foil in known {
      for (place, text) in content(foil) {
        seen[text, default: 0] += 1
        if place == foil.wordIndex { wrong[text, default: 0] += 1 }
      }
    }
    var (right, chance) = (0.0, 0.0)
    for foil in asked {
      let words = content(foil)
      let guess = words.max {
        wrong[$0.text, default: 0] / seen[$0.text, default: 1]
          < wrong[$1.text, default: 0] / seen[$1.text, default: 1]
      }
      if guess?.place == foil.wordIndex { right += 1 }
      // Backgrounds are wrong as often as both colours of two objects together: the best guess
      // that knows the classes of words alone.
      chance += 1.0 / 3
    }
    let count = Double(asked.count)
    #expect(right / count < chance / count + 0.06, "\(right / count)")
  }
}
