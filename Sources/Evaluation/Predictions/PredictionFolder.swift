internal import Contracts
package import Documents
internal import Glibc
package import Suites
package import Tensors

/// A folder of predictions, of one method on one suite.
///
/// Each setting is a folder with one `.npy` file per output, or one `.safetensors` file beside
/// where that folder would be, or the answers to an export.
package struct PredictionFolder: Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  // MARK: Reading

  /// Reads the outputs of a setting and holds them against the contract, as those of a plugin.
  ///
  /// Throws `ContractBreach`; a file that is not there has the kind `missing-file`.
  package func read(
    _ setting: PlannedSetting, _ evaluation: EvaluationCase
  ) throws -> [[String: Tensor]] {
    if let exported = try readExported(setting, evaluation) { return exported }
    let contract = setting.contract
    let known = try contract.symbols(of: evaluation.fit, in: contract.fit)
    let bundle = try bundle(setting)
    let files = try setting.predictionFiles(evaluation)
    return try evaluation.queries.enumerated().map { index, query in
      var symbols = try contract.symbols(of: query.inputs, in: contract.predict, from: known)
      var outputs: [String: Tensor] = [:]
      for file in files where file.query == index {
        guard let tensor = try tensor(file, bundle, setting) else { continue }
        do throws(ContractBreach) {
          try contract.checkOutput(tensor, named: file.output.name, &symbols)
        } catch {
          throw error.kind == "dtype-output" ? converted(error, file.output) : error
        }
        outputs[file.output.name] = tensor
      }
      return outputs
    }
  }

  /// The safetensors file of a setting, if it is there.
  private func bundle(_ setting: PlannedSetting) throws -> SafetensorsFile? {
    let file = "\(path)/\(setting.predictionFolder).safetensors"
    guard access(file, F_OK) == 0 else { return nil }
    if access("\(path)/\(setting.predictionFolder)", F_OK) == 0 {
      throw ContractBreach(
        kind: "ambiguous-file",
        message: "there is a folder beside \(file); keep only one of the two")
    }
    return try SafetensorsFile(path: file)
  }

  private func tensor(
    _ file: PredictionFile, _ bundle: SafetensorsFile?, _ setting: PlannedSetting
  ) throws -> Tensor? {
    if let bundle {
      if file.output.isOptional, !bundle.names.contains(file.member) { return nil }
      return try bundle.tensor(named: file.member)
    }
    let place = "\(path)/\(file.path)"
    guard access(place, F_OK) == 0 else {
      if file.output.isOptional { return nil }
      throw ContractBreach(
        kind: "missing-file",
        message: "there is neither \(place) nor "
          + "\(path)/\(setting.predictionFolder).safetensors nor, for an export, "
          + "\(path)/\(setting.outputsFile)")
    }
    return try Tensor.reading(npy: place)
  }

  private func converted(_ breach: ContractBreach, _ output: TensorSpec) -> ContractBreach {
    ContractBreach(
      kind: breach.kind,
      message: "\(breach.message); convert it before saving, such as with "
        + "array.astype('\(output.dtypes[0] == .f32 ? "float32" : "int32")')")
  }

  // MARK: Writing

  /// Writes the outputs of a setting, one `.npy` file each.
  package func write(
    _ outputs: [[String: Tensor]], of setting: PlannedSetting, _ evaluation: EvaluationCase
  ) throws {
    for file in try setting.predictionFiles(evaluation) {
      guard let tensor = outputs[file.query][file.output.name] else { continue }
      let place = "\(path)/\(file.path)"
      try makeFolders(of: place)
      try tensor.writeNPY(to: place)
    }
  }

  /// Tells whether the folder holds exactly the predictions that have a digest.
  package func holds(_ digest: Digest?, of setting: PlannedSetting) -> Bool {
    guard let digest, let evaluation = try? setting.materialise(),
      let outputs = try? read(setting, evaluation)
    else { return false }
    return setting.contract.digest(of: outputs) == digest
  }

  // MARK: The folder as a whole

  /// Every array file in the folder by its path there, sorted.
  package var arrayFiles: [String] {
    var found: [String] = []
    func search(_ folder: String, depth: Int) {
      guard depth < 32, let handle = opendir(path + folder) else { return }
      defer { closedir(handle) }
      while let entry = readdir(handle) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name.hasPrefix(".") || name == exportedInputs { continue }
        if name.hasSuffix(".npy") || name.hasSuffix(".safetensors") {
          found.append("\(folder)/\(name)")
        } else {
          search("\(folder)/\(name)", depth: depth + 1)
        }
      }
    }
    search("", depth: 0)
    return found.map { String($0.dropFirst()) }.sorted()
  }

  /// The digest of all array files, which stands for the plugin that was not there.
  package func digest() throws -> Digest {
    var members: [String: JSON] = [:]
    for file in arrayFiles {
      let place = "\(path)/\(file)"
      if file.hasSuffix(".npy") {
        let tensor = try? Tensor.reading(npy: place)
        members[file] = JSON(tensor?.withBytes { Digest(of: $0).description })
      } else if let bundle = try? SafetensorsFile(path: place) {
        for name in bundle.names {
          let tensor = try? bundle.tensor(named: name)
          members["\(file)#\(name)"] = JSON(tensor?.withBytes { Digest(of: $0).description })
        }
      }
    }
    return Digest(of: .object(members))
  }
}

/// Makes the folders that a file lies in.
func makeFolders(of file: String) throws {
  var partial = ""
  for part in file.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
    partial += "\(part)/"
    guard partial == "/" || mkdir(partial, 0o777) == 0 || errno == EEXIST else {
      throw TensorError("the folder \(partial) cannot be made: \(systemMessage(errno))")
    }
  }
}
