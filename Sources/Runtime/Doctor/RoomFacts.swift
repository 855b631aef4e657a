import Glibc
public import Workflow

/// How much room a folder's file system has.
public struct RoomFacts: Sendable {
  /// What the folder is for: `folder`, `scratch`.
  public var purpose: String
  public var path: String
  public var freeBytes = 0
  public var totalBytes = 0
  /// Files that can still be made; nil where the file system does not count them.
  public var freeFiles: Int?
  /// Why nothing could be learned.
  public var problem: String?

  public init(purpose: String, path: String, freeBytes: Int, totalBytes: Int, freeFiles: Int? = nil) {
    self.purpose = purpose
    self.path = path
    self.freeBytes = freeBytes
    self.totalBytes = totalBytes
    self.freeFiles = freeFiles
  }

  /// Asks the system; of a folder that is not there yet, about the nearest one above it.
  public init(purpose: String, path: String) {
    self.purpose = purpose
    self.path = path
    var place = path.isEmpty ? "." : path
    var room = statvfs()
    while statvfs(place, &room) != 0 {
      guard errno == ENOENT, place != "/", place != "." else {
        problem = String(cString: strerror(errno))
        return
      }
      place = place.lastIndex(of: "/").map { $0 == place.startIndex ? "/" : String(place[..<$0]) } ?? "."
    }
    freeBytes = Int(room.f_bavail) * Int(room.f_frsize)
    totalBytes = Int(room.f_blocks) * Int(room.f_frsize)
    if room.f_files > 0 { freeFiles = Int(room.f_favail) }
  }

  public var finding: Finding {
    let subject = "room.\(purpose)"
    if let problem {
      return Finding(.error, subject, "\(path): \(problem).", hint: "Make the folder, or name another in the configuration.")
    }
    let mib = 1 << 20
    let free = "\(path): \(freeBytes / mib) MiB free of \(totalBytes / mib)"
    if let freeFiles, freeFiles < 10_000 {
      return Finding(
        freeFiles < 100 ? .error : .warning, subject, "\(path): only \(freeFiles) more files can be made there.",
        hint: "Remove small files, or make a file system with more inodes.")
    }
    if freeBytes < 256 * mib {
      return Finding(.error, subject, free + ": PostgreSQL and tasks will fail soon.", hint: "Free or add disk space.")
    }
    // a small disk is full at 1 GiB, a large one is not
    if freeBytes < 1024 * mib || freeBytes < 16 * 1024 * mib && freeBytes < totalBytes / 20 {
      return Finding(.warning, subject, free + ".", hint: "Free or add disk space; retention settings keep Weir's own share small.")
    }
    return Finding(.fine, subject, free)
  }
}
