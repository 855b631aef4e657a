import Glibc
import TestSupport

/// A Slurm of one machine: controller and node daemon of the test's own, without munge, ended with their owner.
final class SlurmCluster: Sendable {
  private let folder: String
  private let daemons: [RunningProgram]

  init(in folder: String) throws {
    self.folder = folder
    for name in ["state", "spool"] { mkdir("\(folder)/\(name)", 0o755) }
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, 255)
    let host = String(decoding: name.prefix { $0 != 0 && $0 != 46 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let user = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? "root"
    guard let one = Listening.port()?.number, let two = Listening.port()?.number else {
      throw RunningProgram.Failure(description: "no free port")
    }
    let text = """
      ClusterName=weir
      SlurmctldHost=\(host)(127.0.0.1)
      SlurmctldPort=\(one)
      SlurmdPort=\(two)
      AuthType=auth/none
      CredType=cred/none
      SlurmUser=\(user)
      SlurmdUser=\(user)
      StateSaveLocation=\(folder)/state
      SlurmdSpoolDir=\(folder)/spool
      SlurmctldPidFile=\(folder)/slurmctld.pid
      SlurmdPidFile=\(folder)/slurmd.pid
      ProctrackType=proctrack/linuxproc
      TaskPlugin=task/none
      MpiDefault=none
      SwitchType=switch/none
      SelectType=select/cons_tres
      SelectTypeParameters=CR_Core
      JobAcctGatherType=jobacct_gather/none
      AccountingStorageType=accounting_storage/none
      SchedulerParameters=batch_sched_delay=0,sched_interval=1
      ReturnToService=2
      NodeName=\(host) NodeAddr=127.0.0.1 CPUs=\(sysconf(Int32(_SC_NPROCESSORS_ONLN))) RealMemory=500 State=UNKNOWN
      PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP

      """
    TemporaryFolder.write(text, to: "\(folder)/slurm.conf")
    let environment = ["SLURM_CONF": "\(folder)/slurm.conf"]
    daemons = [
      try RunningProgram(["-D", "-c"], environment: environment, program: "/usr/sbin/slurmctld"),
      try RunningProgram(["-D"], environment: environment, program: "/usr/sbin/slurmd"),
    ]
  }

  /// What both daemons said.
  var log: String { daemons.map { $0.out + $0.err }.joined(separator: "\n") }

  /// A command of Slurm's from start to end.
  func command(_ name: String, _ arguments: String..., environment: [String: String] = [:]) async throws -> Output {
    try await RunningProgram(
      arguments, environment: environment.merging(["SLURM_CONF": "\(folder)/slurm.conf"]) { $1 }, program: "/usr/bin/\(name)"
    ).end()
  }

  func becomesReady() async throws {
    _ = try await wait("the node is idle") {
      try await self.command("sinfo", "--noheader", "--format=%t").out.hasPrefix("idle") ? true : nil
    }
  }

  /// Asks again and again.
  func wait<T>(_ what: String, _ found: () async throws -> T?) async throws -> T {
    let limit = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < limit {
      if let value = try await found() { return value }
      for daemon in daemons where daemon.hasEnded { throw RunningProgram.Failure(description: "it ended before \(what): \(log)") }
    }
    throw RunningProgram.Failure(description: "not in time: \(what)\n\(log)")
  }
}
