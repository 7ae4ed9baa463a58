internal import Documents
internal import Metrics

extension ClaimsFile {
  /// What the claims assert, and where they read it.
  struct Assertions {
    var claims: [PublishedClaim] = []
    var readings: [ClaimReading] = []
    var problems: [DocumentProblem] = []
  }

  /// Reads all claims, held against the suite that they are about.
  func assertions(_ checks: SuiteFileChecks) -> Assertions {
    var found = Assertions()
    var vocabulary = checks.vocabulary
    vocabulary.families = grid.families
    vocabulary.lists["methods"] = grid.methods.map { $0["label"] ?? $0["id"] ?? .null }
    vocabulary.definitions = definitions(vocabulary, &found.problems)
    var interpreter = Interpreter(vocabulary)
    for (index, claim) in (members["claims"]?.array ?? []).enumerated() {
      do throws(ExpressionError) {
        for bindings in try bindings(of: claim, index, &interpreter) {
          let condition = try interpreter.condition(
            claim["holds"]?.string ?? "", at: pointer(of: "holds", index), bindings: bindings)
          found.readings += interpreter.readings
          func text(_ member: String) -> String {
            fill(claim[member]?.string ?? "", with: bindings)
          }
          found.claims.append(
            PublishedClaim(
              id: text("id"), text: text("text"), source: text("source"), value: condition.value,
              bound: condition.bound))
        }
      } catch {
        found.problems.append(error.problem)
      }
      found.problems += missing(in: claim, index)
    }
    found.problems += interpreter.problems + repeatedIds(found.claims)
    // A loop meets the same mistake again, as do the claims that use a name.
    found.problems = found.problems.reduce(into: []) { known, problem in
      let placed = atHome(problem)
      if !known.contains(placed) { known.append(placed) }
    }
    return found
  }

  /// Members that neither the document nor its twin has.
  private func missing(in claim: JSON, _ index: Int) -> [DocumentProblem] {
    ["text", "source", "holds"].filter { claim[$0] == nil }.map {
      DocumentProblem(
        pointer: "/claims/\(index)",
        message: "'\($0)' is missing, and there is no claim with this id that has it in 'extends'")
    }
  }

  private func repeatedIds(_ claims: [PublishedClaim]) -> [DocumentProblem] {
    var seen: Set<String> = []
    return claims.filter { !seen.insert($0.id).inserted }.map {
      DocumentProblem(
        pointer: "/claims",
        message: "two claims have the id '\($0.id)'; name the loop's variable in braces")
    }
  }

  // MARK: Names

  private func definitions(
    _ vocabulary: Vocabulary, _ problems: inout [DocumentProblem]
  ) -> [String: Definition] {
    var definitions: [String: Definition] = [:]
    for (key, value) in (members["let"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
      let pointer =
        document.value["let"]?[key] == nil ? "/extends" : JSONPointer.appending(key, to: "/let")
      do throws(ExpressionError) {
        let (name, parameters) = try head(key, at: pointer)
        let kind =
          Vocabulary.functions.contains(name)
          ? "a word of the language" : vocabulary.isMetric(name) ? "a metric" : nil
        if let kind = grid.families[name] == nil ? kind : "a family of methods" {
          problems.append(
            DocumentProblem(
              pointer: pointer, message: "'\(name)' is \(kind) already; take another name"))
        }
        var parser = try Parser(value.string ?? "", at: pointer)
        definitions[name] = Definition(
          name: name, parameters: parameters, body: try parser.whole(), text: value.string ?? "",
          pointer: pointer)
      } catch {
        problems.append(error.problem)
      }
    }
    return definitions
  }

  /// `gain(ratio)` as its name and its parameters.
  private func head(
    _ key: String, at pointer: String
  ) throws(ExpressionError) -> (String, [String]) {
    var parser = try Parser(key, at: pointer)
    switch try parser.whole().form {
    case .name(let name): return (name, [])
    case .call(let word, let arguments):
      let names = arguments.compactMap { argument -> String? in
        guard argument.name == nil, case .name(let name) = argument.value.form else { return nil }
        return name
      }
      if names.count == arguments.count { return (word.name, names) }
    default: break
    }
    throw ExpressionError(
      message: "expected a name, or one with parameters such as gain(ratio)",
      place: Passage(pointer: pointer, text: key, range: 0..<key.unicodeScalars.count))
  }

  // MARK: Loops

  /// The values of the loop's variables, once for each claim that it makes.
  private func bindings(
    of claim: JSON, _ index: Int, _ interpreter: inout Interpreter
  ) throws(ExpressionError) -> [[String: JSON]] {
    guard let loop = claim["for_each"] else { return [[:]] }
    if let rows = loop.array { return rows.map { $0.object ?? [:] } }
    var lists: [String: JSON] = [:]
    for (name, values) in loop.object ?? [:] {
      guard let text = values.string else {
        lists[name] = values
        continue
      }
      let pointer = JSONPointer.appending(name, to: self.pointer(of: "for_each", index))
      lists[name] = .array(try interpreter.list(text, at: pointer))
    }
    guard let combinations = MethodGrid.combinations(of: lists) else {
      let text = claim["id"]?.string ?? ""
      throw ExpressionError(
        message: "the loop makes more than \(MethodGrid.mostRows) claims",
        place: Passage(
          pointer: "/claims/\(index)", text: text, range: 0..<text.unicodeScalars.count))
    }
    return combinations
  }

  private func pointer(of member: String, _ index: Int) -> String {
    guard let claim = document.value["claims"]?[index] else { return "/extends" }
    return claim[member] == nil ? "/claims/\(index)" : "/claims/\(index)/\(member)"
  }

  /// The problem without a place in its text where that stands in another document.
  private func atHome(_ problem: DocumentProblem) -> DocumentProblem {
    let isOfClaim = problem.pointer.hasPrefix("/claims/")
    let isElsewhere =
      problem.pointer == "/extends"
      || (isOfClaim && problem.pointer.split(separator: "/").count < 3)
    guard isElsewhere else { return problem }
    var problem = problem
    problem.offset = nil
    return problem
  }
}

extension SuiteFileChecks {
  /// What names mean on results of the suite.
  fileprivate var vocabulary: Vocabulary {
    var words = Vocabulary()
    words.isMetric = { MetricInfo.named($0) != nil }
    words.metrics = MetricInfo.all.map(\.key)
    words.metricObstacle = { obstacle(toReading: $0) }
    words.rowObstacle = { rows?.problem(with: $0, at: "")?.message }
    words.partitionObstacle = { obstacle(toGroupsBy: $0) }
    words.lists["seeds"] = value["seeds"]?.array ?? []
    // A path names the folder, which bears the dataset's id.
    words.lists["datasets"] = strings("datasets").map { entry in
      .string(entry.split(separator: "/").last.map(String.init) ?? entry)
    }
    for (name, member) in value["protocol"]?.object ?? [:] {
      guard let values = member.array, values.allSatisfy({ $0.object == nil }) else { continue }
      // A schema of numbers makes 50.0 of 50, which is the name of no setting.
      words.lists[name] = values.map { value in value.int.map { JSON($0) } ?? value }
    }
    return words
  }
}
