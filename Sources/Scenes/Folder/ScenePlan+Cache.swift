package import Documents
internal import Glibc

extension ScenePlan {
  /// Gives the folder of the dataset in a cache, and makes it on first use.
  ///
  /// What lies there is held against the digests in its `generator.json`; what fails is made anew.
  /// The folder appears whole or not at all, and two makers at once do no harm.
  ///
  /// - Parameters:
  ///   - cache: The cache's folder, which is there; datasets lie in its folder `scenes`.
  ///   - digest: What must come out, where it is known.
  /// - Throws: `other-digest` where something else came out, `not-written`.
  package func folder(
    inCache cache: String, expecting digest: Digest? = nil
  ) throws(SceneError) -> String {
    let shelf = "\(cache)/scenes"
    let folder = "\(shelf)/\(id)-v\(ScenePlan.version)"
    if let found = ScenePlan.verifiedDigest(of: folder), digest == nil || digest == found {
      return folder
    }
    mkdir(shelf, 0o755)
    let draft = "\(folder).\(String(UInt64.random(in: 0...UInt64.max), radix: 36)).tmp"
    let made: Digest
    do throws(SceneError) {
      made = try write(to: draft)
    } catch {
      ScenePlan.remove(draft)
      throw error
    }
    guard digest == nil || digest == made else {
      ScenePlan.remove(draft)
      throw SceneError(
        .otherDigest, "\(id) came out with the digest \(made), not \(digest?.description ?? "")")
    }
    ScenePlan.remove(folder)
    guard rename(draft, folder) == 0 || ScenePlan.verifiedDigest(of: folder) == made else {
      ScenePlan.remove(draft)
      throw SceneError(
        .notWritten, "cannot make \(folder): \(String(cString: strerror(errno)))")
    }
    // Another maker was faster, and made the same.
    ScenePlan.remove(draft)
    return folder
  }

  /// The digest that a dataset folder claims in `generator.json`; nil where a file is not what it
  /// was.
  package static func verifiedDigest(of folder: String) -> Digest? {
    let read = try? Document.reading(path: "\(folder)/generator.json", schema: nil)
    guard let document = read?.document.value, let files = document["files"],
      document["digest"]?.string == Digest(of: files).description,
      access("\(folder)/dataset.json", R_OK) == 0
    else { return nil }
    let isWhole = (files.object ?? [:]).allSatisfy { file, digest in
      fileDigest("\(folder)/\(file)")?.description == digest.string
    }
    return isWhole ? Digest(of: files) : nil
  }

  /// Removes a folder of plain files; one that is not there is no error.
  private static func remove(_ folder: String) {
    guard let handle = opendir(folder) else { return }
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { unlink("\(folder)/\(name)") }
    }
    closedir(handle)
    rmdir(folder)
  }
}
