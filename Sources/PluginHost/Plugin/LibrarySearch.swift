internal import Documents
internal import Glibc

/// Finds the libraries that an ELF file needs, as the loader would, without loading anything.
///
/// The search order is that of ld.so(8): DT_RPATH where there is no DT_RUNPATH, `LD_LIBRARY_PATH`,
/// DT_RUNPATH, then the system's cache and folders.
struct LibrarySearch {
  /// A library that some file needs.
  struct Found {
    /// Where the loader will look for it.
    var path: String
    var file: LibraryFile
    var elf: ELFFile
  }

  /// Libraries found through the files' own paths or the environment, so not the system's.
  private(set) var own: [Found] = []
  /// Paths of the system's own libraries.
  private(set) var system: [String] = []
  /// All names that were met, of needed files and by their own word.
  private(set) var names: Set<String> = []
  /// Sentences on files that lie where the loader would look and are not opened.
  private(set) var refusals: [String] = []

  /// The files that may still be looked for: no honest plugin comes near it, and nothing else bounds
  /// what a file may ask this process to look through.
  private var triesLeft: Int
  private static let mostFolders = 64
  private let mostNames: Int

  private let systemLibraries: SystemLibraries
  private let environmentFolders: [String]

  /// `provided` are names that are loaded already and need no file; `mostNames` bounds what is found,
  /// `mostTries` the files that are looked for.
  init(
    provided: Set<String> = [], mostNames: Int = 256, mostTries: Int = 10_000,
    systemLibraries: SystemLibraries = .shared
  ) {
    names = provided
    self.mostNames = mostNames
    triesLeft = mostTries
    self.systemLibraries = systemLibraries
    environmentFolders =
      getenv("LD_LIBRARY_PATH").map {
        String(cString: $0).split(separator: ":").map(String.init)
      } ?? []
  }

  /// Adds what a file needs that lies at `path`, and what that needs in turn.
  mutating func add(neededBy elf: ELFFile, at path: String) {
    visit(elf, path, inherited: [])
  }

  private mutating func visit(_ elf: ELFFile, _ path: String, inherited: [String]) {
    let origin = folder(of: path)
    let oldPaths = LibrarySearch.expanded(elf.oldPaths, origin) + inherited
    let runPaths = LibrarySearch.expanded(elf.runPaths, origin)
    var seen: Set<String> = []
    let all = (elf.runPaths.isEmpty ? oldPaths : []) + environmentFolders + runPaths
    let folders = all.filter { seen.insert($0).inserted }.prefix(LibrarySearch.mostFolders)
    for name in elf.needed.prefix(mostNames)
    where !name.isEmpty && names.insert(name).inserted {
      guard own.count + system.count < mostNames, triesLeft > 0 else {
        refuse(path, "needs more libraries than are looked for")
        return
      }
      let paths = name.contains("/") ? [name] : folders.map { "\($0)/\(name)" }
      if let found = firstLibrary(paths.filter { $0.hasPrefix("/") }) {
        if let own = found.elf.name { names.insert(own) }
        self.own.append(found)
        visit(found.elf, found.path, inherited: oldPaths)
        continue
      }
      guard !name.contains("/") else { continue }
      for path in systemLibraries.paths(of: name) { addFromSystem(path) }
    }
  }

  /// Adds what the loader finds by itself; links are followed, for only the system's owner lays them.
  private mutating func addFromSystem(_ path: String) {
    guard let resolved = realpath(path, nil) else { return }
    defer { free(resolved) }
    let real = String(cString: resolved)
    guard let file = try? LibraryFile(real), let elf = ELFFile(file.descriptor) else { return }
    // What somebody built into /usr/local changes without the system.
    if SystemLibraries.isSystem(real) {
      system.append(path)
    } else {
      own.append(Found(path: path, file: file, elf: elf))
    }
    visit(elf, path, inherited: [])
  }

  private mutating func refuse(_ path: String, _ reason: String) {
    // As many as people read: a file may name thousands.
    guard refusals.count < mostNames else { return }
    refusals.append("'\(path)' \(reason)".oneLine)
  }

  private mutating func firstLibrary(_ paths: [String]) -> Found? {
    for path in paths.map(normalised) where triesLeft > 0 {
      triesLeft -= 1
      do {
        let file = try LibraryFile(path)
        guard let elf = ELFFile(file.descriptor) else {
          refuse(path, "is not opened: it is no library")
          continue
        }
        return Found(path: path, file: file, elf: elf)
      } catch LibraryFile.Refusal.because(let reason) {
        refuse(path, "is not opened: \(reason)")
      } catch {
        continue
      }
    }
    return nil
  }

  private static func expanded(_ folders: [String], _ origin: String) -> [String] {
    folders.flatMap { folder -> [String] in
      let folder = folder.replacing("${", with: "$").replacing("}", with: "")
        .replacing("$ORIGIN", with: origin).replacing("$PLATFORM", with: "x86_64")
      guard folder.contains("$LIB") else { return [folder] }
      return ["lib", "lib64", "lib/x86_64-linux-gnu", "lib/aarch64-linux-gnu"].map {
        folder.replacing("$LIB", with: $0)
      }
    }
  }
}

/// The libraries that the loader finds by itself.
struct SystemLibraries {
  /// Those of this machine.
  static let shared = SystemLibraries()

  static let cachePath = "/etc/ld.so.cache"
  private static let folders = [
    "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib",
  ]
  private var cached: [String: [String]] = [:]

  private init() {
    guard let text = readSmallFileBytes(SystemLibraries.cachePath) else { return }
    // "glibc-ld.so.cache1.1", the count of entries at 20, entries of 24 bytes from 48 on, in which
    // the offsets of name and path are at 4 and 8.
    let magic = Array("glibc-ld.so.cache1.1".utf8)
    guard text.count > 48, text.starts(with: magic) else { return }
    func number(_ offset: Int) -> Int {
      text.withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
    }
    func string(_ offset: Int) -> String? {
      guard offset < text.count else { return nil }
      return String(decoding: text[offset...].prefix(4096).prefix { $0 != 0 }, as: UTF8.self)
    }
    for start in stride(from: 48, through: text.count - 24, by: 24).prefix(number(20)) {
      guard let name = string(number(start + 4)), let path = string(number(start + 8)) else {
        continue
      }
      cached[name, default: []].append(path)
    }
  }

  /// Whether a file belongs to the system's packages.
  static func isSystem(_ path: String) -> Bool {
    ["/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/"].contains { path.hasPrefix($0) }
  }

  /// The files that the loader may take for a name.
  func paths(of name: String) -> [String] {
    (cached[name] ?? [])
      + SystemLibraries.folders.map { "\($0)/\(name)" }.filter {
        access($0, F_OK) == 0 && cached[name]?.contains($0) != true
      }
  }
}

/// All bytes of a file; nil when it cannot be read.
func readSmallFileBytes(_ path: String) -> [UInt8]? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var text: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 64 << 10)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 0 else { return count == 0 ? text : nil }
    text.append(contentsOf: buffer[..<count])
  }
}
