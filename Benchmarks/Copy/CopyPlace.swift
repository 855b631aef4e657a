import Foundation
import TestSupport

/// The store, the folder with the files, and how each program gets there.
final class CopyPlace {
  private let server: ObjectServer
  private let folder: String
  private let configuration: String
  let rclone: String
  let aws: String
  var endpoint: String { server.endpoint }

  init() throws {
    // two gigabytes and a half are there at a time, and Ceph clears up with some delay
    server = try ObjectServer(.ceph, environment: ["WEIR_TEST_CEPH_BYTES": String(12 << 30)])
    guard let configuration = server.details["configuration"] else { throw Complaint("the server does not say where its configuration is") }
    self.configuration = configuration
    folder = NSTemporaryDirectory() + "weir-bench-copy-\(getpid())"
    rclone = URL(filePath: ObjectServer.python).deletingLastPathComponent().appending(path: "rclone").path
    aws = FileManager.default.currentDirectoryPath + "/.venv-peers/bin/aws"
    guard FileManager.default.isExecutableFile(atPath: aws) else { throw Complaint("there is no \(aws): run Setup/setup.sh peers") }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }  // what stays in the temporary folder harms nothing

  private func files(_ set: ObjectSet) -> String { "\(folder)/\(set.name)" }

  /// The files, and the bucket from which they are copied inside the store.
  func make(_ set: ObjectSet) throws {
    var bytes = [UInt8](repeating: 0, count: set.bytes)
    for index in 0..<set.count {
      // no two files are the same, so that no store can keep them once
      withUnsafeBytes(of: UInt64(index).littleEndian) { bytes.replaceSubrange(0..<8, with: $0) }
      for at in stride(from: 8, to: bytes.count, by: 4093) { bytes[at] = UInt8.random(in: 0...255) }
      let parent = "\(files(set))/\(index % 50)"
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
      try Data(bytes).write(to: URL(filePath: "\(parent)/\(index).bin"))
    }
    try check(["mkdir", ":s3:source-\(set.name)"])
    try check(["copy", files(set), ":s3:source-\(set.name)", "--transfers", "16"])
  }

  func remove(_ set: ObjectSet) throws {
    try check(["purge", ":s3:source-\(set.name)"])
    try FileManager.default.removeItem(atPath: files(set))
    try clear()
  }

  /// One copy into an empty bucket, looked after and removed; only the copy itself is timed.
  func trial(_ contender: Contender, _ way: CopyWay, _ set: ObjectSet) throws -> CopyTrial {
    let bucket = "target"
    try check(["mkdir", ":s3:\(bucket)"])
    let source: CopySource = way == .into ? .folder(files(set)) : .bucket("source-\(set.name)")
    let run = try TimedRun(contender.command(self, source: source, bucket: bucket), environment: environment)
    guard run.status == 0 else {
      throw Complaint("\(contender.rawValue), \(way.rawValue), \(set.text): ended with \(run.status)\n\(run.output)")
    }
    let size = try TimedRun([rclone, "size", "--json", ":s3:\(bucket)"], environment: environment).output
    guard size.contains("\"count\":\(set.count),"), size.contains("\"bytes\":\(set.count * set.bytes),") else {
      throw Complaint("\(contender.rawValue), \(way.rawValue), \(set.text): not all of it arrived: \(size)")
    }
    try check(["purge", ":s3:\(bucket)"])
    try clear()
    return CopyTrial(seconds: run.seconds, cpu: run.cpu)
  }

  /// What is removed leaves Ceph's memory only so.
  private func clear() throws {
    let run = try TimedRun(["/usr/bin/radosgw-admin", "gc", "process", "--include-all"], environment: ["CEPH_CONF": configuration])
    guard run.status == 0 else { throw Complaint("radosgw-admin gc: ended with \(run.status)\n\(run.output)") }
  }

  private func check(_ arguments: [String]) throws {
    let run = try TimedRun([rclone] + arguments, environment: environment)
    guard run.status == 0 else { throw Complaint("rclone \(arguments.joined(separator: " ")): ended with \(run.status)\n\(run.output)") }
  }

  /// As the configuration names containers.
  func url(_ source: CopySource) -> String {
    switch source {
    case .folder(let path): "file://\(path)"
    case .bucket(let name): "s3://\(name)?endpoint=\(endpoint)&region=\(ObjectServer.region)&credentials=bench"
    }
  }

  private var environment: [String: String] {
    [
      "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": folder, "LANG": "C.UTF-8", "RCLONE_CONFIG": "/dev/null",
      "RCLONE_S3_PROVIDER": "Ceph",
      "RCLONE_S3_ENDPOINT": endpoint, "RCLONE_S3_ACCESS_KEY_ID": server.alice.key, "RCLONE_S3_SECRET_ACCESS_KEY": server.alice.secret,
      "AWS_ACCESS_KEY_ID": server.alice.key, "AWS_SECRET_ACCESS_KEY": server.alice.secret, "AWS_DEFAULT_REGION": ObjectServer.region,
      // Ceph 16 refuses the trailing checksums that aws sends by default
      "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required", "AWS_RESPONSE_CHECKSUM_VALIDATION": "when_required",
      "AWS_EC2_METADATA_DISABLED": "true",
    ]
  }
}

/// What stops the benchmark.
struct Complaint: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
