import PluginHost

if CommandLine.arguments.dropFirst().first == "worker" { WorkerMain.run() }
print("assay")
