internal import Documents

extension Interpreter {
  /// Where a value is read: on which dataset, in which setting, of which group.
  struct Circumstances {
    var dataset: String?
    var setting: [String: JSON] = [:]
    var group: Quantity.Part?
    var places: [String: Passage] = [:]
  }

  /// `accuracy(gda, dataset: fashion, shots: 16)`, or `reported(gda, alpha)`.
  mutating func measurement(
    _ function: Syntax.Word, _ arguments: [Syntax.Argument], _ scope: Scope, _ place: Passage
  ) throws(ExpressionError) -> Quantity.Measurement {
    let unnamed = arguments.filter { $0.name == nil }
    let isReported = function.name == "reported"
    guard unnamed.count == (isReported ? 2 : 1) else {
      throw Self.failure(
        isReported
          ? "'reported' takes a method and the name of a number that it reports"
          : "'\(function.name)' takes one method, as in \(function.name)(zero-shot); all else has "
            + "a name, as in shots: 16", place)
    }
    var names: [Term] = []
    for argument in unnamed {
      let found = try term(argument.value, scope)
      guard found.name != nil else {
        throw Self.failure(
          names.isEmpty ? "expected the name of a method" : "expected the name of a number",
          scope.place(argument.value.range))
      }
      names.append(found)
    }
    var found = try circumstances(
      arguments.filter { $0.name != nil }, scope,
      allowing: isReported ? ["dataset"] : ["dataset", "by", "group", "except", "unshifted"])
    found.places["method"] = names[0].place
    found.places["metric"] = scope.place(function.range)
    let method = names[0].name ?? ""
    let value: Quantity.Value =
      isReported ? .reported(names[1].name ?? "") : .metric(function.name)
    let measurement = Quantity.Measurement(
      value, method: method, dataset: found.dataset, setting: found.setting, group: found.group)
    read(ClaimReading(measurement: measurement, places: found.places, place: place))
    report(vocabulary.rowObstacle(method), names[0].place)
    if !isReported {
      report(vocabulary.metricObstacle(function.name), scope.place(function.range))
    }
    if let group = found.group {
      report(vocabulary.partitionObstacle(group.by), found.places["by"] ?? place)
    }
    return measurement
  }

  /// The named arguments of a reading.
  mutating func circumstances(
    _ arguments: [Syntax.Argument], _ scope: Scope, allowing words: Set<String>
  ) throws(ExpressionError) -> Circumstances {
    var found = Circumstances()
    var own: [String: Term] = [:]
    for argument in arguments {
      guard let word = argument.name else { continue }
      let value = try term(argument.value, scope)
      // A name in quotes is one of the setting, even where the language has the word.
      let name = word.name.hasPrefix("'") ? String(word.name.dropFirst()) : word.name
      guard found.places[name] == nil else {
        throw Self.failure("'\(name)' is given twice", scope.place(word.range))
      }
      let isWord = words.contains(word.name)
      let start = isWord ? argument.value.range.lowerBound : word.range.lowerBound
      found.places[name] = scope.place(start..<argument.value.range.upperBound)
      if isWord {
        own[name] = value
      } else if let literal = value.literal {
        found.setting[name] = literal
      } else {
        throw Self.failure(
          "expected a name or a number; loop with 'for' over a list",
          scope.place(argument.value.range))
      }
    }
    found.dataset = try name(own["dataset"])
    found.group = try group(own, &found.places)
    return found
  }

  private func group(
    _ own: [String: Term], _ places: inout [String: Passage]
  ) throws(ExpressionError) -> Quantity.Part? {
    if let shift = own["unshifted"] {
      places["by"] = shift.place
      places["group"] = shift.place
      if let other = ["by", "group", "except"].compactMap({ own[$0] }).first {
        throw Self.failure("'unshifted' names the group itself", other.place)
      }
      return Quantity.Part(by: "shift", key: try name(shift), isReference: true)
    }
    guard let by = try name(own["by"]) else {
      guard let stray = (own["group"] ?? own["except"]) else { return nil }
      throw Self.failure("say what the groups are by, as in by: shift, group: clean", stray.place)
    }
    var exceptions: [String] = []
    for (index, term) in (own["except"]?.flattened ?? []).enumerated() {
      places["except/\(index)"] = term.place
      exceptions.append(try name(term) ?? "")
    }
    return Quantity.Part(by: by, key: try name(own["group"]), exceptions: exceptions)
  }

  private func name(_ term: Term?) throws(ExpressionError) -> String? {
    guard let term else { return nil }
    guard let name = term.name else { throw Self.failure("expected a name", term.place) }
    return name
  }
}
