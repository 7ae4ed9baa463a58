internal import ArgumentParser
internal import Conformance
internal import LinearAlgebra
internal import PluginHost

// The worker is this executable started anew: it must not pay for the command line it never sees.
if WorkerMain.isWanted {
  WorkerMain.run(script: CheckWorker.script)
}
BLASKernels.restartWithBetter()
Assay.start()
