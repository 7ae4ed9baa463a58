extension PictureCollection {
  /// Reads a folder for each class, or folders `train`, `val`, `test`, `unlabelled` with such.
  ///
  /// Pictures may lie deeper.
  static func folder(_ path: String, split: Split) throws(Failure) -> PictureCollection {
    var walk = FolderWalk(root: path)
    let folders = walk.entries(of: path).filter { $0.kind == .folder }
    walk.notePictures(beside: folders, in: path)
    let splits = folders.compactMap { Split(named: $0.name) }
    if !folders.isEmpty, splits.count == folders.count {
      for (folder, split) in zip(folders, splits) {
        if split == .unlabelled {
          walk.take(folder, name: folder.name, class: nil, split: split)
          continue
        }
        let classes = walk.entries(of: folder.path).filter { $0.kind == .folder }
        walk.notePictures(beside: classes, in: folder.path)
        for inner in classes {
          walk.take(inner, name: "\(folder.name)/\(inner.name)", class: inner.name, split: split)
        }
      }
    } else {
      for folder in folders {
        walk.take(folder, name: folder.name, class: folder.name, split: split)
      }
    }
    return try walk.collection()
  }
}

/// The way through a folder of pictures.
private struct FolderWalk {
  let root: String
  private var found: [(entry: PictureCollection.Entry, className: String?)] = []
  /// With their pictures in any split.
  private var classes: [String: Int] = [:]
  private var notes: [String] = []
  private var problems: [String] = []
  private var others: [String] = []

  init(root: String) { self.root = root }

  mutating func entries(of folder: String) -> [FolderEntry] {
    guard let entries = FolderEntry.all(in: folder) else {
      problems.append("the folder '\(folder)' cannot be read")
      return []
    }
    return entries
  }

  /// What has no class is left out, and said.
  mutating func notePictures(beside folders: [FolderEntry], in folder: String) {
    let loose = entries(of: folder).filter { $0.kind != .folder && Self.isPicture($0.name) }
    guard let first = loose.first, !folders.isEmpty else { return }
    notes.append(
      "\(loose.count) pictures lie in no class's folder and are left out, such as '\(first.path)'")
  }

  mutating func take(
    _ folder: FolderEntry, name: String, class className: String?, split: PictureCollection.Split
  ) {
    if let className { classes[className, default: 0] += 0 }
    take(folder, name: name, above: [FolderEntry.identity(of: root)]) { walk, file, name in
      let entry = PictureCollection.Entry(name: name, path: file.path, split: split)
      walk.found.append((entry, className))
      if let className { walk.classes[className, default: 0] += 1 }
    }
  }

  private mutating func take(
    _ folder: FolderEntry, name: String, above: Set<FolderEntry.Identity>,
    _ body: (inout FolderWalk, FolderEntry, String) -> Void
  ) {
    guard !above.contains(folder.identity) else {
      notes.append("the link '\(folder.path)' leads to a folder above it and is not followed")
      return
    }
    let above = above.union([folder.identity])
    for entry in entries(of: folder.path) {
      let inner = "\(name)/\(entry.name)"
      if entry.kind == .folder {
        take(entry, name: inner, above: above, body)
      } else if Self.isPicture(entry.name) {
        body(&self, entry, inner)
      } else {
        others.append(entry.path)
      }
    }
  }

  /// Whether it is a picture by its name.
  ///
  /// What turns out to be none is told when it is read; so are the formats that are not read, which
  /// nobody wants to lose without a word.
  private static func isPicture(_ name: String) -> Bool {
    if PictureFormat(nameOf: name) != nil { return true }
    let unread = ["gif", "bmp", "tif", "tiff", "heic", "heif", "avif", "ppm", "pgm", "jp2", "jxl"]
    guard let dot = name.lastIndex(of: ".") else { return false }
    return unread.contains(name[name.index(after: dot)...].lowercased())
  }

  consuming func collection() throws(PictureCollection.Failure) -> PictureCollection {
    let names = classes.keys.sorted { $0.precedes($1) }
    for name in names where classes[name] == 0 {
      problems.append("the class '\(name)' has no pictures; fill its folder or remove it")
    }
    if found.isEmpty, problems.isEmpty {
      problems.append(
        "it has no pictures in folders; a folder for each class is wanted, or a table (CSV) with "
          + "the columns path and label or caption")
    }
    guard problems.isEmpty else {
      throw PictureCollection.Failure(path: root, problems: problems)
    }
    if let first = others.first {
      notes.append("\(others.count) files are no pictures by their names, such as '\(first)'")
    }
    let labels = Dictionary(uniqueKeysWithValues: zip(names, 0...))
    var entries = found.map { found in
      var entry = found.entry
      entry.label = found.className.flatMap { labels[$0] }
      return entry
    }
    entries.sort {
      ($0.label ?? .max) != ($1.label ?? .max)
        ? ($0.label ?? .max) < ($1.label ?? .max) : $0.name.precedes($1.name)
    }
    return PictureCollection(classes: names, entries: entries, notes: notes)
  }
}
