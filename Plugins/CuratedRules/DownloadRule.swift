/// Which downloads of a dataset nobody needs any more: a download stays as long as its version.
package struct DownloadRule {
  /// The job that has just ended its update.
  package var job: String
  /// Jobs whose versions stand.
  package var kept: Set<String>

  package init(job: String, kept: Set<String>) { (self.job, self.kept) = (job, kept) }

  /// - Parameter key: such as `admin0/17/source`. What is put by hand is not a download.
  package func isToGo(_ key: String) -> Bool {
    let parts = key.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, let number = Int(parts[1]), let own = Int(job) else { return false }
    // a job that came later may be at work
    return number <= own && !kept.contains("\(number)")
  }
}
