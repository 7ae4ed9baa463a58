internal import Documents

extension Interpreter {
  /// A call: of a named expression, a family of methods, a function, or a metric.
  mutating func call(
    _ function: Syntax.Word, _ arguments: [Syntax.Argument], _ scope: Scope, _ place: Passage
  ) throws(ExpressionError) -> Term {
    let name = function.name
    if let definition = vocabulary.definitions[name] {
      var terms: [Term] = []
      for argument in arguments {
        if let word = argument.name {
          throw Self.failure("'\(name)' takes its arguments by place", scope.place(word.range))
        }
        terms.append(try term(argument.value, scope))
      }
      return try expand(definition, terms, place)
    }
    if let family = vocabulary.families[name] {
      return try members(of: family, arguments, scope, place)
    }
    let quantity: Quantity
    if let fold = Quantity.Fold(rawValue: name) {
      quantity = try self.fold(fold, arguments, scope, place)
    } else if let correlation = Quantity.Correlation(rawValue: name) {
      let rows = try rows(arguments, least: 2, of: name, scope, place)
      quantity = .correlation(correlation, rows.first, rows.second)
    } else if let line = Quantity.Line(rawValue: name) {
      quantity = try self.line(line, arguments, scope, place)
    } else if let functional = Quantity.OperatingPoints.Functional(rawValue: name) {
      quantity = try points(functional, arguments, scope, place)
    } else if name == "reported" || vocabulary.isMetric(name) {
      quantity = .measured(try measurement(function, arguments, scope, place))
    } else {
      let isTypo = nearestName(to: name, in: vocabulary.callable) != nil
      throw Self.failure(
        isTypo
          ? unknown("metric or function", name, among: vocabulary.callable)
          : "there is no metric or function '\(name)'; 'assay list metrics' lists the metrics",
        scope.place(function.range))
    }
    return Term(value: .quantity(quantity), place: place)
  }

  /// The rows of a family whose members are those asked for.
  private mutating func members(
    of family: [MethodGrid.Row], _ arguments: [Syntax.Argument], _ scope: Scope, _ place: Passage
  ) throws(ExpressionError) -> Term {
    var rows = family
    for argument in arguments {
      guard let word = argument.name else {
        throw Self.failure(
          "name the member of the grid, such as size: 3", scope.place(argument.value.range))
      }
      let members = Set(family.flatMap(\.place.keys))
      guard members.contains(word.name) else {
        throw Self.failure(
          unknown("member of the grid", word.name, among: Array(members)),
          scope.place(word.range))
      }
      let wanted = try term(argument.value, scope).flattened.map(\.literal)
      rows = rows.filter { wanted.contains($0.place[word.name]) }
      guard !rows.isEmpty else {
        throw Self.failure(
          "the grid has no such value of '\(word.name)'", scope.place(argument.value.range))
      }
    }
    return Term(rows.map(\.name), place)
  }

  // MARK: Functions

  private mutating func fold(
    _ fold: Quantity.Fold, _ arguments: [Syntax.Argument], _ scope: Scope, _ place: Passage
  ) throws(ExpressionError) -> Quantity {
    var parts: [Quantity] = []
    for argument in arguments {
      if let word = argument.name {
        throw Self.failure("'\(fold.rawValue)' takes numbers alone", scope.place(word.range))
      }
      let found = try term(argument.value, scope)
      for part in found.flattened {
        parts.append(try quantity(of: part, scope.place(argument.value.range)))
      }
    }
    guard parts.count >= fold.leastCount else {
      throw Self.failure(
        "'\(fold.rawValue)' takes \(fold.leastCount) numbers or more; here there are "
          + "\(parts.count)", place)
    }
    return .fold(fold, parts)
  }

  /// Two lists of as many numbers.
  private mutating func rows(
    _ arguments: [Syntax.Argument], least: Int, of name: String, _ scope: Scope, _ place: Passage
  ) throws(ExpressionError) -> (first: [Quantity], second: [Quantity]) {
    var lists: [[Quantity]] = []
    for argument in arguments {
      var quantities: [Quantity] = []
      for element in try elements(argument.value, scope).flatMap(\.flattened) {
        quantities.append(try quantity(of: element, scope.place(argument.value.range)))
      }
      lists.append(quantities)
    }
    guard lists.count == 2, lists[0].count == lists[1].count, lists[0].count >= least else {
      throw Self.failure(
        "'\(name)' takes two lists of as many numbers, \(least) or more", place)
    }
    return (lists[0], lists[1])
  }

  private mutating func line(
    _ line: Quantity.Line, _ arguments: [Syntax.Argument], _ scope: Scope, _ place: Passage
  ) throws(ExpressionError) -> Quantity {
    guard line == .accuracyAt else {
      let rows = try rows(arguments, least: 3, of: line.rawValue, scope, place)
      return .line(line, rows.first, rows.second, 0.5)
    }
    guard let first = arguments.first,
      case .number(let accuracy) = try quantity(first.value, scope), accuracy > 0, accuracy < 1
    else {
      throw Self.failure(
        "'\(line.rawValue)' takes a reference accuracy between 0 and 1, then two lists", place)
    }
    let rows = try rows(
      Array(arguments.dropFirst()), least: 3, of: line.rawValue, scope, place)
    return .line(line, rows.first, rows.second, accuracy)
  }

  private mutating func points(
    _ functional: Quantity.OperatingPoints.Functional, _ arguments: [Syntax.Argument],
    _ scope: Scope, _ place: Passage
  ) throws(ExpressionError) -> Quantity {
    var methods: [Term] = []
    var others: [Term] = []
    var named: [Syntax.Argument] = []
    for argument in arguments {
      switch argument.name?.name {
      case nil: methods += try term(argument.value, scope).flattened
      case "others": others = try term(argument.value, scope).flattened
      default: named.append(argument)
      }
    }
    guard !methods.isEmpty else {
      throw Self.failure("'\(functional.rawValue)' takes the rows that are its points", place)
    }
    let circumstances = try circumstances(named, scope, allowing: ["dataset"])
    func names(_ terms: [Term]) throws(ExpressionError) -> [String] {
      try terms.map { (term) throws(ExpressionError) in
        guard let name = term.name else { throw Self.failure("expected a row's name", term.place) }
        return name
      }
    }
    let points = Quantity.OperatingPoints(
      functional: functional, methods: try names(methods), others: try names(others),
      dataset: circumstances.dataset, setting: circumstances.setting)
    let owners = (methods + others).flatMap { [$0, $0] }
    for (measurement, owner) in zip(points.measurements, owners) {
      var places = circumstances.places
      places["method"] = owner.place
      read(ClaimReading(measurement: measurement, places: places, place: place))
      report(vocabulary.rowObstacle(measurement.method), owner.place)
      if case .metric(let key) = measurement.value {
        report(vocabulary.metricObstacle(key), place)
      }
    }
    return .operatingPoints(points)
  }
}
