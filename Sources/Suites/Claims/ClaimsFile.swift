internal import Documents
internal import Glibc

/// A claims document with what it takes over from its twin and from the suite that it names.
struct ClaimsFile {
  let document: Document
  /// Everything that the document says, or its twin for it.
  let members: [String: JSON]
  let grid: MethodGrid
  /// What is wrong with the document itself, and with those that it names.
  private(set) var problems: [DocumentProblem]
  /// The suite that is measured, as a suite file would say it.
  private(set) var suite: [String: JSON] = [:]

  /// The members that are none of a suite.
  private static let own: Set<String> = ["schema", "suite", "extends", "let", "methods", "claims"]

  /// Takes over a document that was read, with what its schema has against it.
  init(_ document: Document, found: [DocumentProblem], dataPaths: DataPaths) {
    self.document = document
    problems = found
    let folder = folderOfFile(document.source.path)
    members = Self.members(of: document, in: folder, depth: 0, &problems)
    grid = MethodGrid(members["methods"]?.array ?? [])
    problems += grid.problems
    suite = named(in: folder, dataPaths)
    for (key, value) in members where !Self.own.contains(key) { suite[key] = value }
    suite["schema"] = "assay.suite/1"
    if members["methods"] != nil { suite["methods"] = .array(grid.methods) }
  }

  /// Where in the document a value of the suite stands.
  var places: SuitePlaces {
    SuitePlaces(
      own: Set((document.value.object ?? [:]).keys), rows: grid.sources,
      other: document.value["extends"] == nil ? "/suite" : "/extends")
  }

  // MARK: The twin

  /// The members of a document, and those of the one that it extends where it says nothing itself.
  ///
  /// `let` is taken over name by name, and a claim member by member from the claim with its id.
  private static func members(
    of document: Document, in folder: String, depth: Int, _ problems: inout [DocumentProblem]
  ) -> [String: JSON] {
    var members = document.value.object ?? [:]
    guard let name = members["extends"]?.string else { return members }
    func refuse(_ message: String) {
      problems.append(DocumentProblem(pointer: "/extends", message: message))
    }
    guard depth < 8 else {
      refuse("the documents extend one another in a circle, or are too many")
      return members
    }
    let path = name.hasPrefix("/") ? name : "\(folder)/\(name)"
    do throws(DocumentError) {
      let schema = try ClaimsSchema.schema()
      let twin = try Document(path: path, schema: schema)
      var others: [DocumentProblem] = []
      let theirs = Self.members(
        of: twin, in: folderOfFile(path), depth: depth + 1, &others)
      for problem in others { refuse("\(path): \(problem.message)") }
      members = theirs.merging(members) { $1 }
      members["let"] = merged(names: theirs["let"], with: document.value["let"])
      members["claims"] = merged(claims: theirs["claims"], with: document.value["claims"])
    } catch {
      refuse(error.problems.count > 3 ? "\(path) is not valid" : error.description)
    }
    return members
  }

  private static func merged(names theirs: JSON?, with own: JSON?) -> JSON? {
    func name(_ key: String) -> Substring { key.prefix { $0 != "(" } }
    let taken = Set((own?.object ?? [:]).keys.map(name))
    let kept = (theirs?.object ?? [:]).filter { !taken.contains(name($0.key)) }
    return .object(kept.merging(own?.object ?? [:]) { $1 })
  }

  private static func merged(claims theirs: JSON?, with own: JSON?) -> JSON? {
    guard let own = own?.array else { return theirs }
    return .array(
      own.map { claim in
        let twin = theirs?.array?.first { $0["id"] == claim["id"] }?.object ?? [:]
        return .object(twin.merging(claim.object ?? [:]) { $1 })
      })
  }

  // MARK: The suite

  /// What the suite of `suite` says, but for what a document says of itself.
  private mutating func named(in folder: String, _ dataPaths: DataPaths) -> [String: JSON] {
    guard let name = members["suite"]?.string else { return [:] }
    let folders =
      [(folder, ""), ("\(folder)/..", "../")] + dataPaths.shipped.map { ("\($0)/..", nil) }
    let files = folders.map { (path: "\($0)/\(name).json", way: $1) }
    // The claims about a suite may well bear its name.
    guard let file = files.first(where: { access($0.path, R_OK) == 0 && !isClaims($0.path) })
    else {
      let places = files.map(\.path).joined(separator: ", ")
      problems.append(
        DocumentProblem(
          pointer: pointer(of: "suite"), message: "there is no suite '\(name)': none of \(places)"))
      return [:]
    }
    do throws(DocumentError) {
      var base = try Document.read(path: file.path, schema: SuiteSchema.schema()).object ?? [:]
      for key in ["id", "version", "title", "description", "methods", "references"] {
        base[key] = nil
      }
      // Paths of data are relative to the suite that names them.
      base["datasets"] = .array(
        (base["datasets"]?.array ?? []).map { entry in
          guard let path = entry.string, path.contains("/") else { return entry }
          let last = path.split(separator: "/").last.map(String.init) ?? path
          return .string(file.way.map { $0 + path } ?? last)
        })
      return base
    } catch {
      problems.append(
        DocumentProblem(pointer: pointer(of: "suite"), message: error.description))
      return [:]
    }
  }

  private func isClaims(_ path: String) -> Bool {
    (try? Document(path: path))?.value["schema"] == "assay.claims/1"
  }

  private func pointer(of member: String) -> String {
    document.value[member] == nil ? "/extends" : "/\(member)"
  }
}

/// Where in a file the values of a suite stand: a claims document says them in other places.
struct SuitePlaces: Sendable {
  /// The members that the file has itself.
  let own: Set<String>
  /// The place in `methods` that each row comes from.
  let rows: [Int]
  /// Where everything else comes from.
  let other: String

  func pointer(_ pointer: String) -> String {
    let steps = pointer.split(separator: "/", omittingEmptySubsequences: false)
    guard steps.count > 1 else { return pointer }
    guard own.contains(String(steps[1])) else { return other }
    guard steps[1] == "methods", steps.count > 2, let row = Int(steps[2]),
      rows.indices.contains(row)
    else { return pointer }
    return "/methods/\(rows[row])" + steps[3...].map { "/\($0)" }.joined()
  }
}
