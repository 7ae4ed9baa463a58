package import Contracts
internal import Datasets
internal import Documents
package import Suites
package import Tensors

/// One file of a folder of predictions: one output of the contract for one query set.
package struct PredictionFile: Sendable {
  /// The path in the folder, such as `fashion/shots=4/seed=1/logits.npy`.
  package let path: String
  /// The name in a safetensors file that holds all outputs of the setting: `logits`, or
  /// `QUERY/logits` where there are several query sets.
  package let member: String
  /// The place of the query set.
  package let query: Int
  package let output: TensorSpec
  /// Nil where an extent is the method's to choose.
  package let shape: Shape?
}

extension PlannedSetting {
  /// The folder of this setting's predictions, such as `fashion/shots=4/seed=1`.
  package var predictionFolder: String {
    let parts = setting.keys.sorted().map { key in
      "\(key)=\(setting[key]?.string ?? setting[key]?.canonicalText ?? "")"
    }
    return ([dataset.id] + parts + ["seed=\(seed)"]).map(fileName).joined(separator: "/")
  }

  /// Every file that the predictions of this setting are made of.
  package func predictionFiles(_ evaluation: EvaluationCase) throws -> [PredictionFile] {
    let known = try contract.symbols(of: evaluation.fit, in: contract.fit)
    let isAlone = evaluation.queries.count == 1
    return try evaluation.queries.enumerated().flatMap { index, query in
      let symbols = try contract.symbols(of: query.inputs, in: contract.predict, from: known)
      return contract.outputs.map { output in
        let member = isAlone ? output.name : "\(fileName(query.name))/\(output.name)"
        return PredictionFile(
          path: "\(predictionFolder)/\(member).npy", member: member, query: index,
          output: output, shape: output.shape(with: symbols))
      }
    }
  }
}

/// A name that stands for itself in a path: slashes and leading dots are written as `%2F` and `%2E`.
package func fileName(_ name: String) -> String {
  var result = ""
  for (place, character) in name.enumerated() {
    switch character {
    case "/": result += "%2F"
    case "%": result += "%25"
    case "\0": result += "%00"
    case "." where place == 0: result += "%2E"
    default: result.append(character)
    }
  }
  return result
}
