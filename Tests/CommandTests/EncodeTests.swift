import Encoders
import Foundation
import Testing

@Suite("assay encode")
struct EncodeTests {
  /// A folder of pictures, and a small CLIP with a vocabulary of words.
  private struct Place {
    let assay: Assay
    var checkpoint: String { assay.path("clip.safetensors") }
    var words: String { assay.path("words.txt") }
    var output: String { assay.path("made") }

    init() throws {
      assay = try Assay()
      try DualEncoder(.small, seed: 7).write(to: checkpoint)
      let words = ["<padding>", "<start>", "<end>", "<unknown>", "a", "photo", "of", "cat", "dog"]
      try Data((words.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: self.words))
      for (number, name) in ["sampling2.jpg", "lossless.webp", "kind2-8.png"].enumerated() {
        try copy(name, to: "pictures/cat/\(number).\(name.split(separator: ".")[1])")
        try copy(name, to: "pictures/dog/\(number)-\(name)")
      }
    }

    func copy(_ name: String, to target: String) throws {
      let source = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "EncodersTests/Pictures/\(name)")
      try write(Data(contentsOf: source), to: target)
    }

    func write(_ data: Data, to target: String) throws {
      let file = URL(filePath: assay.path(target))
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try data.write(to: file)
    }

    func encode(_ options: String..., images: String = "pictures") throws -> Assay.Result {
      try assay.run(
        ["encode", assay.path(images), "--checkpoint", checkpoint, "--output", output] + options)
    }

    func lines(_ name: String) throws -> [String] {
      try String(contentsOfFile: "\(output)/\(name)", encoding: .utf8)
        .split(separator: "\n").map(String.init)
    }

    func exists(_ name: String) -> Bool {
      FileManager.default.fileExists(atPath: "\(output)/\(name)")
    }
  }

  @Test("makes a dataset of a folder, with texts and shifts, that is valid and leaves nothing")
  func folder() throws {
    let place = try Place()
    defer { place.assay.cleanUp() }
    let made = try place.encode(
      "--vocabulary", place.words, "--corruptions", "contrast:1..2,pixelate:5", "--patches",
      "--batch", "4")
    #expect(made.status == 0, "\(made.errors)")
    #expect(try place.assay.run("validate", place.output).status == 0)
    #expect(try place.lines("classes.txt") == ["cat", "dog"])
    #expect(try place.lines("test.pictures.txt").count == 6)
    for name in ["contrast-1", "contrast-2", "pixelate-5"] {
      #expect(place.exists("shift.\(name).npy"))
    }
    #expect(!place.exists(".encode"))
    #expect(try place.encode("--no-texts").status == 2)
  }

  @Test("names every bad picture and writes nothing, or leaves them out by choice")
  func badPictures() throws {
    let place = try Place()
    defer { place.assay.cleanUp() }
    try place.write(Data("no picture".utf8), to: "pictures/cat/broken.png")
    try place.write(Data(), to: "pictures/dog/empty.jpg")
    let refused = try place.encode("--no-texts", "--batch", "2")
    #expect(refused.status == 2)
    #expect(refused.errors.contains("cat/broken.png") && refused.errors.contains("dog/empty.jpg"))
    #expect(!place.exists("dataset.json"))
    let made = try place.encode("--no-texts", "--batch", "2", "--skip-bad")
    #expect(made.status == 0, "\(made.errors)")
    #expect(try place.lines("test.pictures.txt").count == 6)
    #expect(try place.lines("skipped.txt").count == 2)
  }

  @Test("gives the same bytes in one go and after a stop")
  func stop() throws {
    let (whole, halted) = (try Place(), try Place())
    defer {
      whole.assay.cleanUp()
      halted.assay.cleanUp()
    }
    #expect(try whole.encode("--no-texts", "--batch", "2").status == 0)
    // A bad picture stops it after all is encoded; what is cut then stands for a kill.
    try halted.write(Data("x".utf8), to: "pictures/dog/9.png")
    #expect(try halted.encode("--no-texts", "--batch", "2").status == 2)
    let rows = FileHandle(forUpdatingAtPath: halted.output + "/.encode/features.f32")
    try rows?.truncate(atOffset: 3 * 64 * 4 + 7)
    try rows?.close()
    #expect(try halted.encode("--no-texts", "--batch", "2", "--skip-bad").status == 0)
    func bytes(_ place: Place) throws -> Data {
      try Data(contentsOf: URL(filePath: place.output + "/test.npy"))
    }
    #expect(try bytes(whole) == bytes(halted))
  }

  @Test("captions make a case of retrieval, further columns groups")
  func table() throws {
    let place = try Place()
    defer { place.assay.cleanUp() }
    let table = """
      path,label,split,caption,caption 2,light
      pictures/cat/0.jpg,cat,test,a cat,a photo of a cat,day
      pictures/dog/1-lossless.webp,dog,test,a dog,,night
      pictures/cat/2.png,cat,train,photo of a cat,,day
      pictures/dog/2-kind2-8.png,dog,train,a photo,,day
      """
    try place.write(Data(table.utf8), to: "pairs.csv")
    let made = try place.encode("--vocabulary", place.words, images: "pairs.csv")
    #expect(made.status == 0, "\(made.errors)")
    #expect(try place.assay.run("validate", place.output).status == 0)
    #expect(try place.lines("test.captions.txt") == ["a cat", "a photo of a cat", "a dog"])
    #expect(place.exists("image_of_text.npy") && place.exists("train.text.npy"))
  }

  @Test(
    "refuses what it does not know before any work",
    arguments: [
      ["--no-texts", "--corruptions", "rain"], ["--no-texts", "--corruptions", "contrast:6"],
      ["--no-texts", "--corruptions", "contrast,contrast:1"], ["--no-texts", "--batch", "0"],
      [], ["--vocabulary", "/no/where"], ["--no-texts", "--classes", "/no/where"],
      ["--no-texts", "--templates", "/no/where"],
    ])
  func refusals(options: [String]) throws {
    let place = try Place()
    defer { place.assay.cleanUp() }
    let arguments = [
      "encode", place.assay.path("pictures"), "--checkpoint", place.checkpoint, "--output",
      place.output,
    ]
    #expect(try place.assay.run(arguments + options).status == 2)
    #expect(!place.exists("dataset.json"))
  }
}
