package import Documents
internal import Evaluation
internal import Metrics
internal import PluginHost
internal import Suites

extension Report {
  /// The report as a JSON object of schema `assay.report/2`.
  package var json: JSON {
    let shared = SharedEntries(self)
    var members: [String: JSON] = [
      "schema": .string(Report.schema),
      "tool": ["version": .string(tool.version), "abi": .string(tool.abi)],
      "run": run.json,
      "plugins": .array(plugins.map(\.json)),
      "suites": .array(suites.map(\.json)),
      "datasets": .array(datasets.map(\.json)),
      "metrics": .array(metrics.map { $0.json(in: shared) }),
      "intervals": .array(shared.kinds.map(\.json)), "configs": .array(shared.configs),
      "groups": shared.groupSetsJSON,
      "trials": .array(trials.map { $0.json(in: shared) }),
      "aggregates": .array(
        runs(aggregates, RowKey.init).map { row, aggregates in
          row.json(
            "metrics",
            .object(
              aggregates.reduce(into: [:]) { members, aggregate in
                members[aggregate.metric] = aggregate.json(in: shared)
              }))
        }),
      "warnings": .array(warnings.map(\.json)),
      "summary": .object(
        Dictionary(
          uniqueKeysWithValues: summary.map { ($0.key.rawValue, JSON($0.value)) })),
    ]
    if !claims.isEmpty { members["claims"] = .array(claims.map(\.json)) }
    if !derived.isEmpty {
      members["derived"] = .array(
        runs(derived, \.row).map { row, values in
          row.json("values", .array(values.map { $0.json(in: shared) }))
        })
    }
    members["environment"] = environment?.json
    members["invocation"] = run.invocation?.json
    return .object(members)
  }

  /// The report as it is kept in files: with the digest of everything else in it.
  package var sealedJSON: JSON { Report.sealed(json) }

  /// The document with the digest of all its other members.
  static func sealed(_ json: JSON) -> JSON {
    guard case .object(var members) = json else { return json }
    members["digest"] = .string(contentDigest(json).description)
    return .object(members)
  }

  /// The digest of all members but `digest`.
  static func contentDigest(_ json: JSON) -> Digest {
    guard case .object(var members) = json else { return Digest(of: json) }
    members["digest"] = nil
    return Digest(of: .object(members))
  }
}

extension RunEntry {
  fileprivate var json: JSON {
    [
      "suites": .array(suites.map(JSON.string)), "methods": .array(methods.map(JSON.string)),
      "seeds": .array(seeds.map { JSON($0) }), "threads": JSON(threads),
      "complete": .bool(isComplete),
    ]
  }
}

extension RunEntry.Invocation {
  fileprivate var json: JSON {
    [
      "jobs": JSON(jobs), "isolation": .string(isolation),
      "limits": .object(limits.mapValues { JSON($0) }),
      "argv": .array(arguments.map(JSON.string)),
    ]
  }
}

extension EnvironmentEntry {
  fileprivate var json: JSON {
    var members: [String: JSON] = [
      "host": [
        "cpu": .string(cpu), "cores": JSON(cores), "ram_bytes": JSON(memoryBytes),
        "kernel": .string(kernel),
      ],
      "blas": [
        "name": .string(blas.name), "version": .string(blas.version),
        "threads": JSON(blas.threads), "core": .string(blas.core),
      ],
      "sandbox": [
        "landlock_abi": sandbox.landlockABI.map { JSON($0) } ?? .null,
        "seccomp": .bool(sandbox.seccomp),
      ],
      "started": .string(started), "finished": .string(finished),
    ]
    if let git {
      members["git"] = ["commit": .string(git.commit), "dirty": .bool(git.isDirty)]
    }
    return .object(members)
  }
}

extension PluginEntry {
  fileprivate var json: JSON {
    var members: [String: JSON] = [
      "name": .string(name), "version": .string(version), "abi": .string(abi),
      "digest": .string(digest.description), "licence": JSON(licence),
      "methods": .array(
        methods.map { method in
          [
            "id": .string(method.id), "version": .string(method.version),
            "summary": .string(method.summary), "paper": JSON(method.paper),
          ]
        }),
    ]
    if let runtime { members["runtime"] = .string(runtime) }
    return .object(members)
  }
}

extension SuiteEntry {
  fileprivate var json: JSON {
    var members: [String: JSON] = [
      "id": .string(id), "version": .string(version), "digest": .string(digest.description),
    ]
    members["references"] = references?.json
    return .object(members)
  }
}

extension DatasetEntry {
  fileprivate var json: JSON {
    [
      "id": .string(id), "version": .string(version), "digest": .string(digest.description),
      "n": JSON(n), "classes": classes.map { JSON($0) } ?? .null, "source": .string(source),
      "licence": .string(licence),
    ]
  }
}

extension MetricEntry {
  var json: JSON {
    [
      "key": .string(key), "title": .string(title), "version": JSON(version),
      "higher_is_better": direction == .neutral ? .null : .bool(higherIsBetter),
    ]
  }

  /// The entry with the usual kinds of the metric's intervals.
  fileprivate func json(in shared: SharedEntries) -> JSON {
    guard case .object(var members) = json else { return json }
    members["interval"] = shared.intervals[key]?.json
    members["mean_interval"] = shared.meanIntervals[key]?.json
    return .object(members)
  }
}

extension Aggregate {
  fileprivate func json(in shared: SharedEntries) -> JSON {
    var members: [String: JSON] = [
      "mean": mean.map { JSON($0) } ?? .null, "n_seeds": JSON(nSeeds), "failed": JSON(failed),
    ]
    members["sd_seeds"] = sdSeeds.map { JSON($0) }
    members["interval"] = interval?.json(usual: shared.meanIntervals[metric], in: shared)
    return .object(members)
  }
}

extension RowKey {
  /// The row with one more member, which holds its values.
  fileprivate func json(_ name: String, _ values: JSON) -> JSON {
    [
      "suite": .string(suite), "dataset": .string(dataset), "setting": .object(setting),
      "label": .string(label), name: values,
    ]
  }
}

/// The elements in runs that have one key in common, in their order.
private func runs<T>(_ elements: [T], _ key: (T) -> RowKey) -> [(RowKey, [T])] {
  var result: [(row: RowKey, elements: [T])] = []
  for element in elements {
    let row = key(element)
    if result.last?.row == row {
      result[result.count - 1].elements.append(element)
    } else {
      result.append((row, [element]))
    }
  }
  return result
}

extension ReportWarning {
  fileprivate var json: JSON {
    ["code": .string(code), "where": .string(place), "text": .string(text)]
  }
}
