internal import Contracts
internal import Datasets
internal import Documents
internal import Glibc
package import Suites
internal import Tensors

/// What a trial hands over to a worker, in a file for a method that lives elsewhere.
///
/// Tensors are called `fit/train.features` and `predict/query.features`; where `predict` is called
/// several times, `predict/0/query.features` and so on, by the number of the call. Rows stand in the
/// order in which a worker meets them, which tells nothing, and so do the calls. What is asked about
/// has no labels here.
extension PlannedSetting {
  /// The file of the inputs in a folder of exports.
  package var inputsFile: String { "\(predictionFolder)/\(exportedInputs)" }
  /// The file of the answers, whose tensors are called `logits`, or `0/logits`.
  package var outputsFile: String { "\(predictionFolder)/\(exportedOutputs)" }

  /// Writes the inputs of `fit` and `predict` below a folder.
  ///
  /// Throws `TensorError` when a file cannot be written.
  package func export(to folder: String) throws {
    let evaluation = try materialise()
    func tensor(_ source: TensorSource) throws -> Tensor {
      try Tensor(dtype: source.dtype, shape: source.shape, fill: source.write)
    }
    var tensors = try evaluation.fit.map { ("fit/\($0.name)", try tensor($0)) }
    for (number, call) in evaluation.calls.enumerated() {
      for source in call.inputs {
        let name = callMember(source.name, number, of: evaluation)
        tensors.append(("predict/\(name)", try tensor(source)))
      }
    }
    let path = "\(folder)/\(inputsFile)"
    try makeFolders(of: path)
    try SafetensorsFile.write(
      tensors,
      metadata: [
        "schema": "assay.export/1", "suite": suite, "suite_digest": suiteDigest.description,
        "task": contract.task, "contract": contract.version.description, "dataset": dataset.id,
        "dataset_digest": dataset.digest.description, "setting": JSON.object(setting).canonicalText,
        "seed": "\(seed)", "order": CaseCall.orderVersion,
      ], to: path)
  }

  /// The name of a tensor of a call: its own, with the number of the call where there are several.
  func callMember(_ name: String, _ number: Int, of evaluation: EvaluationCase) -> String {
    evaluation.calls.count == 1 ? name : "\(number)/\(name)"
  }
}

extension PredictionFolder {
  /// Reads the answers to an export, put back into the order of the dataset; nil where there is no
  /// file of them.
  ///
  /// Throws `ContractBreach`.
  func readExported(
    _ setting: PlannedSetting, _ evaluation: EvaluationCase
  ) throws -> [[String: Tensor]]? {
    let place = "\(path)/\(setting.outputsFile)"
    guard access(place, F_OK) == 0 else { return nil }
    let contract = setting.contract
    let file = try SafetensorsFile(path: place)
    let known = try contract.symbols(of: evaluation.fit, in: contract.fit)
    var left = Set(file.names)
    let outputs = try evaluation.calls.enumerated().map { number, call in
      var symbols = try contract.symbols(of: call.inputs, in: contract.predict, from: known)
      var outputs: [String: Tensor] = [:]
      for output in contract.outputs {
        let member = setting.callMember(output.name, number, of: evaluation)
        guard left.remove(member) != nil else {
          if output.isOptional { continue }
          throw ContractBreach(
            kind: "missing-output", message: "\(place) has no tensor '\(member)'")
        }
        let tensor = try file.tensor(named: member)
        try contract.checkOutput(tensor, named: output.name, &symbols)
        outputs[output.name] = tensor
      }
      return outputs
    }
    if let stray = left.min() {
      throw ContractBreach(
        kind: "unknown-output",
        message: "\(place) has a tensor '\(stray)', which nothing asks for; outputs are "
          + contract.outputs.map(\.name).joined(separator: ", "))
    }
    return try evaluation.puttingBack(outputs, contract)
  }
}

let exportedInputs = "inputs.safetensors"
let exportedOutputs = "outputs.safetensors"
