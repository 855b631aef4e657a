import Glibc

/// What tells one host process from every other, also after a restart on the same machine.
public struct HostIdentity: Sendable, Hashable {
  /// The machine's name.
  public var name: String
  /// The same for all processes of one boot of one machine that see each other's pids.
  public var machine: String
  public var pid: Int
  /// Changes when a pid is used again.
  public var process: String

  public init(name: String, machine: String, pid: Int, process: String) {
    self.name = name
    self.machine = machine
    self.pid = pid
    self.process = process
  }

  /// This process.
  public static func current() -> HostIdentity {
    var buffer = [CChar](repeating: 0, count: 256)
    gethostname(&buffer, buffer.count - 1)
    let name = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let pid = Int(getpid())
    return HostIdentity(name: name, machine: machineID(), pid: pid, process: start(of: pid) ?? "")
  }

  /// Whether the process that registered under this identity is known to be gone; false when it cannot be told.
  public func isGone(seenFrom here: HostIdentity) -> Bool {
    guard machine == here.machine, !machine.isEmpty else { return false }
    if let start = HostIdentity.start(of: pid) { return start != process }
    // /proc may hide other users' processes; a signal of 0 tells them from none
    return kill(pid_t(pid), 0) != 0 && errno == ESRCH
  }

  /// The boot and the pid namespace: containers of one machine share the boot and count their pids apart.
  private static func machineID() -> String {
    guard let boot = text(of: "/proc/sys/kernel/random/boot_id") else { return "" }
    var buffer = [CChar](repeating: 0, count: 64)
    let count = readlink("/proc/self/ns/pid", &buffer, buffer.count)
    guard count > 0 else { return "" }
    return boot.filter { $0 != "\n" } + " " + String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The start time of a process in clock ticks since boot; nil when there is none.
  /// - Source: proc(5), /proc/pid/stat, field 22; field 2 may hold spaces and parentheses.
  private static func start(of pid: Int) -> String? {
    guard let stat = text(of: "/proc/\(pid)/stat"), let end = stat.lastIndex(of: ")") else { return nil }
    let fields = stat[stat.index(after: end)...].split(separator: " ")
    return fields.count > 19 ? String(fields[19]) : nil
  }

  private static func text(of path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
