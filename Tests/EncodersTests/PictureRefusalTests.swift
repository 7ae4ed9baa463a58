import Foundation
import Glibc
import Synchronization
import Testing

@testable import Encoders

@Suite("Bad pictures are named and bring nothing down")
struct PictureRefusalTests {
  private let decoder = PictureDecoder()

  private func code(
    _ bytes: [UInt8], _ decoder: PictureDecoder? = nil
  ) -> PictureError.Code? {
    do throws(PictureError) {
      _ = try (decoder ?? self.decoder).picture(of: bytes, path: "x")
      return nil
    } catch {
      return error.code
    }
  }

  private func big(_ number: Int) -> [UInt8] {
    stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  /// A PNG of a size, whose check sums are wrong.
  private func png(_ width: Int, _ height: Int) -> [UInt8] {
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + big(13) + Array("IHDR".utf8)
      + big(width) + big(height) + [8, 2, 0, 0, 0] + big(0) + big(0) + Array("IEND".utf8) + big(0)
  }

  @Test(
    "every beginning of a picture is refused",
    arguments: [
      "sampling2.jpg", "progressive.jpg", "cmyk.jpg", "turned.jpg", "kind2-8-interlaced.png",
      "kind3-4.png", "turned6.png", "lossless.webp", "lossy-alpha.webp", "turned.webp",
    ])
  func truncated(name: String) throws {
    let bytes = try StoredPictures.bytes(name)
    #expect(code(bytes) == nil)
    for count in 0..<bytes.count {
      let found = code(Array(bytes.prefix(count)))
      let wanted: Set<PictureError.Code> =
        count == 0 ? [.empty] : count < 12 ? [.notAPicture, .truncated] : [.truncated]
      #expect(found.map(wanted.contains) == true, "\(count) bytes: \(String(describing: found))")
    }
  }

  @Test("a picture of any size that it claims costs nothing")
  func bombs() throws {
    let start = ContinuousClock.now
    for size in [100_000, Int(Int32.max), Int(UInt32.max)] {
      #expect(code(png(size, size)) == .tooLarge)
      #expect(code(Array(png(size, size).prefix(40))) == .tooLarge)
    }
    var jpeg = try StoredPictures.bytes("progressive.jpg")
    let frame = try #require(
      jpeg.indices.dropLast(4).first { jpeg[$0...].starts(with: [0xFF, 0xC2, 0, 17]) })
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(code(jpeg) == .tooLarge)
    let webp = Array("RIFF".utf8) + [30, 0, 0, 0] + Array("WEBPVP8L".utf8) + [18, 0, 0, 0, 0x2F]
    #expect(code(webp + [0xFF, 0xFF, 0xFF, 0x0F] + [UInt8](repeating: 0, count: 13)) == .tooLarge)
    #expect(ContinuousClock.now - start < .seconds(2))
  }

  @Test("the limit on pixels is exact")
  func limit() throws {
    let bytes = try StoredPictures.bytes("kind2-8.png")
    var limits = PictureLimits()
    limits.pixels = 17 * 21
    #expect(code(bytes, PictureDecoder(limits: limits)) == nil)
    limits.pixels -= 1
    #expect(code(bytes, PictureDecoder(limits: limits)) == .tooLarge)
  }

  @Test(
    "what is no picture is told as what it is",
    arguments: [
      ("GIF89a....", "GIF"), ("BM........", "BMP"), ("not a picture\n", "text"),
      ("\u{0}\u{1}\u{2}", "no known format"),
    ])
  func otherFormats(text: String, word: String) {
    let error = #expect(throws: PictureError.self) {
      try decoder.picture(of: Array(text.utf8), path: "birds/1.jpg")
    }
    #expect(error?.code == .notAPicture)
    #expect(error?.description.contains(word) == true)
    #expect(error?.description.hasPrefix("birds/1.jpg: ") == true)
  }

  @Test("pictures without pixels are damaged", arguments: [(0, 5), (5, 0), (0, 0)])
  func noPixels(width: Int, height: Int) {
    #expect(code(png(width, height)) == .corrupt)
  }

  @Test("an animation is refused, one frame that calls itself so is not")
  func animated() throws {
    let still = try StoredPictures.bytes("kind2-8.png")
    let frames = { (count: Int) -> [UInt8] in
      // The library does not know the chunk and drops it, but looks at its check sum: that of
      // ancillary chunks may be wrong.
      Array(still[..<33]) + self.big(8) + Array("acTL".utf8) + self.big(count) + self.big(0)
        + self.big(0) + Array(still[33...])
    }
    #expect(code(frames(2)) == .animated)
    #expect(code(frames(1)) == nil)
  }

  @Test("folders, pipes and files that are not there are unreadable")
  func unreadable() throws {
    let pipe = NSTemporaryDirectory() + "assay-picture-pipe-\(getpid()).png"
    #expect(mkfifo(pipe, 0o600) == 0)
    defer { unlink(pipe) }
    for path in ["/", "/there/is/no.png", pipe] {
      let error = #expect(throws: PictureError.self) { try decoder.picture(at: path) }
      #expect(error?.code == .unreadable)
    }
  }

  @Test("a file beyond the limit is not read")
  func largeFile() throws {
    var limits = PictureLimits()
    limits.fileBytes = 100
    let error = #expect(throws: PictureError.self) {
      try PictureDecoder(limits: limits).picture(at: StoredPictures.folder + "sampling2.jpg")
    }
    #expect(error?.code == .tooLarge)
  }

  @Test("too many scans, and too much time, end a picture")
  func time() throws {
    let bytes = try StoredPictures.bytes("progressive.jpg")
    let end = try #require(bytes.indices.last { bytes[$0...].starts(with: [0xFF, 0xD9]) })
    // A scan that refines the first coefficients needs no table and no bits.
    let scan: [UInt8] = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0x10, 0]
    let many = bytes[..<end] + Array([[UInt8]](repeating: scan, count: 600).joined())
    #expect(code(many + [0xFF, 0xD9]) == .corrupt)
    var limits = PictureLimits()
    limits.seconds = 0
    #expect(code(bytes, PictureDecoder(limits: limits)) == .tookTooLong)
  }

  @Test("a picture that needs more memory than the process may have is refused, and no other")
  func memory() throws {
    var limits = PictureLimits()
    limits.memory = 32 << 20
    let decoder = PictureDecoder(limits: limits)
    let wide = try StoredPictures.bytes("kind2-8.png")
    var claimed = wide
    claimed.replaceSubrange(16..<24, with: big(9000) + big(9000))
    // The size is part of a check sum, so that only one of both reasons can be met first.
    #expect([.outOfMemory, .corrupt].contains(code(claimed, decoder)))
    var jpeg = try StoredPictures.bytes("progressive.jpg")
    let frame = try #require(
      jpeg.indices.dropLast(4).first { jpeg[$0...].starts(with: [0xFF, 0xC2, 0, 17]) })
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0x23, 0x28, 0x23, 0x28])
    #expect(code(jpeg, decoder) == .outOfMemory)
    #expect(code(wide, decoder) == nil)
  }

  @Test("a process that dies is named, and the next picture gets another")
  func death() throws {
    let bytes = try StoredPictures.bytes("sampling2.jpg")
    for signal in [SIGKILL, SIGSEGV] {
      #expect(code(bytes) == nil)
      let process = try #require(decoder.process.withLock { $0?.process })
      #expect(kill(process, signal) == 0)
      #expect(code(bytes) == .decoderDied)
      #expect(code(bytes) == nil)
      // Nothing of the old one is left.
      #expect(kill(process, 0) == -1)
    }
  }

  @Test("the process can call nothing but memory and its socket, and goes with its decoder")
  func confinement() throws {
    let process: pid_t
    do {
      let own = PictureDecoder()
      #expect(code(try StoredPictures.bytes("lossy.webp"), own) == nil)
      process = try #require(own.process.withLock { $0?.process })
      let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
      // A filter is in force (2), and no program can give rights.
      #expect(status.contains("Seccomp:\t2\n"))
      #expect(status.contains("NoNewPrivs:\t1\n"))
      let limits = try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8)
      let space = limits.split(separator: "\n").first { $0.hasPrefix("Max address space") }
      #expect(space?.contains("unlimited") == false)
    }
    #expect(kill(process, 0) == -1)
  }

  @Test("flipped bits give a picture or an error")
  func flips() throws {
    // From a fixed seed, as a failure has to come again.
    var state: UInt64 = 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for line in StoredPictures.read {
      let bytes = try StoredPictures.bytes(line[0])
      for _ in 0..<20 {
        var bytes = bytes
        for _ in 0...next(4) { bytes[next(bytes.count)] ^= 1 << next(8) }
        #expect(code(bytes) != .decoderDied)
      }
    }
  }
}
