import Glibc

/// The user that PostgreSQL runs as: this process's own, or for root an unprivileged one, since PostgreSQL refuses root.
struct ClusterOwner: Sendable {
  let uid: uid_t
  let gid: gid_t

  var isOtherThanSelf: Bool { uid != geteuid() }

  /// - Parameters:
  ///   - place: the cluster's folder; the user who has it goes on having it.
  ///   - folder: the one around it: a user who has that, as the package's user has /var/lib/weir, gets the cluster too.
  static func find(place: String, folder: String) throws(ClusterError) -> ClusterOwner {
    guard geteuid() == 0 else { return ClusterOwner(uid: geteuid(), gid: getegid()) }
    for path in [place, folder] {
      if let info = Files.info(path), info.st_uid != 0 { return ClusterOwner(uid: info.st_uid, gid: info.st_gid) }
    }
    for name in ["postgres", "nobody"] {
      if let user = getpwnam(name), user.pointee.pw_uid != 0 {
        return ClusterOwner(uid: user.pointee.pw_uid, gid: user.pointee.pw_gid)
      }
    }
    throw ClusterError(.noUnprivilegedUser, folder: folder)
  }

  /// `arguments` (the program first) as they are run by this user; `setpriv` is of util-linux, which every Debian has.
  func command(_ arguments: [String]) -> [String] {
    guard isOtherThanSelf else { return arguments }
    return ["setpriv", "--reuid=\(uid)", "--regid=\(gid)", "--clear-groups", "--no-new-privs", "--"] + arguments
  }

  /// Whether this user can enter `folder`, all folders above it included.
  func canEnter(_ folder: String) -> Bool {
    guard isOtherThanSelf else { return true }
    // a program that cannot be started has not said yes
    return (try? Program.run(command(["test", "-x", folder])))?.isSuccess ?? false
  }
}
