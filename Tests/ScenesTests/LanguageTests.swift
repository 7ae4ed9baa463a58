import Testing

@testable import Scenes

/// Reads a text of the scenes' grammar by its words alone, apart from how texts are made.
private struct Reader {
  let scene: Scene
  var words: [String]

  init(_ text: String, _ scene: Scene) {
    self.scene = scene
    words = text.split(separator: " ").map(String.init)
  }

  /// Takes "a small red circle" off the front; the objects that it is true of.
  mutating func objects() -> [Int] {
    precondition(["a", "the"].contains(words.removeFirst()))
    let size = Size(rawValue: words[0])
    if size != nil { words.removeFirst() }
    let colour = words.removeFirst()
    let outline = words.removeFirst()
    return scene.objects.indices.filter {
      let object = scene.objects[$0]
      return object.colour.rawValue == colour && object.outline.rawValue == outline
        && (size == nil || size == object.size)
    }
  }

  /// Takes a relation off the front and tells for which objects it holds of `other`.
  mutating func isRelated() -> (Int, Int) -> Bool {
    let word = words.removeFirst()
    if ["left", "right"].contains(word) { words.removeFirst() }
    return { [scene] first, second in
      let (a, b) = (scene.objects[first].centre, scene.objects[second].centre)
      let (dx, dy) = (a.x - b.x, a.y - b.y)
      let isSideways = abs(dx) > abs(dy) && abs(dx) >= 32
      let isUpright = abs(dy) > abs(dx) && abs(dy) >= 32
      switch word {
      case "left": return isSideways && dx < 0
      case "right": return isSideways && dx > 0
      case "above": return isUpright && dy < 0
      default: return isUpright && dy > 0
      }
    }
  }

  /// Tells whether a caption is true.
  var isTrue: Bool {
    var reader = self
    return reader.readCaption()
  }

  private mutating func readCaption() -> Bool {
    let first = objects()
    var second: [Int]?
    if words.first == "and" {
      words.removeFirst()
      second = objects()
    }
    let background = words.first == "on" ? words[1] : scene.background.rawValue
    let isAssigned =
      second.map { second in first.contains { one in second.contains { $0 != one } } }
      ?? !first.isEmpty
    return isAssigned && background == scene.background.rawValue
  }
}

@Suite("The language of scenes")
struct LanguageTests {
  @Test("every caption is true, read by its words", arguments: Split.allCases)
  func captions(split: Split) {
    for scene in scenes(300, split) {
      let caption = scene.caption()
      #expect(Reader(caption.text, scene).isTrue, "\(caption.text)")
      #expect(caption.isTrue(of: scene))
    }
  }

  @Test("every foil is false, and differs from a true caption in the word that it names")
  func foils() {
    var subjects: [Foil.Subject: Int] = [:]
    for scene in scenes(600, .test) {
      guard let foil = scene.foil() else { continue }
      let (original, wrong) = (
        Reader(foil.original.text, scene), Reader(foil.caption.text, scene)
      )
      let differing = original.words.indices.filter { original.words[$0] != wrong.words[$0] }
      #expect(original.words.count == wrong.words.count && differing == [foil.wordIndex])
      #expect(original.isTrue && !wrong.isTrue, "\(foil.caption.text)")
      #expect(!foil.caption.isTrue(of: scene))
      subjects[foil.subject, default: 0] += 1
    }
    #expect(subjects.values.allSatisfy { $0 > 150 })
  }

  @Test("every expression denotes exactly one object, read by its words")
  func expressions() {
    var means: [Expression.Means: Int] = [:]
    for scene in scenes(300, .test, .lookalikes) {
      for reference in scene.references() {
        var reader = Reader(reference.expression.text, scene)
        var named = reader.objects()
        if !reader.words.isEmpty {
          let holds = reader.isRelated()
          let marks = reader.objects()
          #expect(marks.count == 1)
          named = named.filter { object in marks.contains { $0 != object && holds(object, $0) } }
        }
        #expect(named == [reference.target], "\(reference.expression.text)")
        means[reference.means, default: 0] += 1
        let target = scene.objects[reference.target]
        let rivals = scene.objects.count {
          $0 != target && ($0.colour == target.colour || $0.outline == target.outline)
        }
        #expect((rivals == 0) == (reference.means == .unique))
      }
    }
    #expect(Expression.Means.allCases.allSatisfy { means[$0, default: 0] > 50 }, "\(means)")
  }

  @Test("every relation is true, read by its words, and its opposite is not")
  func relations() {
    var made = 0
    for scene in scenes(300) {
      guard var sentence = scene.relationCaption() else { continue }
      made += 1
      var reader = Reader(sentence.text, scene)
      let first = reader.objects()
      let holds = reader.isRelated()
      let second = reader.objects()
      #expect(first.contains { one in second.contains { holds(one, $0) } })
      #expect(sentence.isTrue(of: scene))
      (sentence.first, sentence.second) = (sentence.second, sentence.first)
      // No two objects of a scene are of one kind, so that the sentence has one reading.
      #expect(!sentence.isTrue(of: scene))
    }
    #expect(made > 100)
  }

  @Test("few captions of a batch of 64 are the same")
  func duplicates() {
    let captions = scenes(1280).map { $0.caption().text }
    var repeated = 0
    for start in stride(from: 0, to: captions.count, by: 64) {
      repeated += 64 - Set(captions[start..<start + 64]).count
    }
    #expect(Double(repeated) / Double(captions.count) < 0.05)
  }

  @Test("as many training captions are false as the preset says, and none elsewhere")
  func falseCaptions() {
    let some = scenes(1000, preset: .hard)
    let wrong = some.count { !$0.taughtCaption().isTrue(of: $0) }
    #expect((25...75).contains(wrong), "\(wrong)")
    #expect(scenes(200, .test, preset: .hard).allSatisfy { $0.taughtCaption().isTrue(of: $0) })
    #expect(scenes(200).allSatisfy { $0.taughtCaption().isTrue(of: $0) })
  }

  @Test("every word has a number of its own, and a text gives a row of 24")
  func tokens() {
    #expect(Set(Vocabulary.words).count == Vocabulary.words.count)
    let row = Vocabulary.tokens(of: "a red circle on grass")
    #expect(row.count == 24 && row[0] == Vocabulary.start)
    let words = row[1...5].map { Vocabulary.words[Int($0)] }
    #expect(words.joined(separator: " ") == "a red circle on grass")
    #expect(row[6] == Vocabulary.end && row[7...].allSatisfy { $0 == Vocabulary.padding })
    #expect(Vocabulary.tokens(of: "").prefix(3) == [Vocabulary.start, Vocabulary.end, 0])
  }
}
