import Evaluation
import PluginHost
import Testing

@testable import Reports

@Suite("Merged refusals")
struct MergedRefusalTests {
  @Test("a seed that a method passes over in its own shard has failed once the shards are joined")
  func shards() throws {
    let folder = TemporaryFolder()
    let store = TrialStore(path: folder.path + "/r.store")
    var refused = trial(seed: 2, status: .unsupported)
    refused.failure = TrialFailure(stage: "predict", kind: "unsupported", message: "not this one")
    let shards = [[trial(seed: 1)], [refused]].enumerated().map { place, trials in
      MergeInput(name: "shard \(place)", report: report(trials), samples: store)
    }
    let merged = try merge(shards, into: store)
    #expect(merged.trials.map(\.status) == [.ok, .error])
    let alone = try merge([shards[1]], into: store)
    #expect(alone.trials.map(\.status) == [.unsupported])
  }
}
