import Engine
import Workflow

/// What an operator can do to a dataset, each as a button that opens a dialog.
struct DatasetActs: Sendable {
  enum Act: String, Sendable, CaseIterable {
    case update
    case dryRun = "dry-run"
    case enable, disable, rollback

    fileprivate var words: String {
      switch self {
      case .update: "Update now"
      case .dryRun: "Dry run"
      case .enable: "Turn the schedule on"
      case .disable: "Turn the schedule off"
      case .rollback: "Show another version"
      }
    }

    fileprivate var icon: Icon {
      switch self {
      case .update: .again
      case .dryRun: .gauge
      case .enable: .play
      case .disable: .pause
      case .rollback: .skip
      }
    }

    /// What is said once it was done.
    var done: String {
      switch self {
      case .update: "An update is under way."
      case .dryRun: "A dry run is under way: readers go on to see what they saw."
      case .enable: "Its schedule is on."
      case .disable: "Its schedule is off."
      case .rollback: "Readers see that version."
      }
    }
  }

  var dataset: Dataset

  private var possible: [Act] {
    let isBusy = dataset.runningJobID != nil
    // without a schedule there is none to turn off
    let turning: [Act] = dataset.definition.isEnabled ? (dataset.definition.updateSchedule == nil ? [] : [.disable]) : [.enable]
    return (isBusy ? [] : [.update, .dryRun]) + turning + (isBusy || dataset.currentVersion == nil ? [] : [.rollback])
  }

  var buttons: HTML {
    let buttons = possible.map { act -> HTML in
      "<button class=\"button\" type=\"button\" data-dialog=\"dialog-\(act.rawValue)\">\(act.icon.html)\(act.words)</button>\n"
    }
    return "<div class=\"acts\" role=\"group\" aria-label=\"What can be done to this dataset\">\(buttons)</div>"
  }

  func dialogs(versions: [JSON]) -> [HTML] {
    Act.allCases.map { act in
      """
      <dialog id="dialog-\(act.rawValue)" aria-labelledby="title-\(act.rawValue)">
      <form method="post" action="/api/interface/datasets/\(url: dataset.definition.id)/\(act.rawValue)">
      <h2 id="title-\(act.rawValue)">\(act.words)</h2>
      \(fields(act, versions))
      <div class="line"><span class="space"></span><button class="button" type="button" data-close>Leave it</button>
      <button class="button primary" type="submit">\(act == .rollback ? "Show it" : act.words)</button></div>
      </form>
      </dialog>

      """
    }
  }

  private func fields(_ act: Act, _ versions: [JSON]) -> HTML {
    switch act {
    case .update:
      return """
        <p>A job looks at the source, and loads what is new beside what readers see; then it takes its place at once.</p>
        <label class="tick"><input type="checkbox" name="force" value="true"> Also when the source has nothing new</label>
        """
    case .dryRun: return "<p>Everything but the last: it is loaded and compared, and readers see nothing of it.</p>"
    case .enable: return "<p>It is updated again when its schedule says so\(schedule).</p>"
    case .disable: return "<p>It stays as it is until somebody updates it by hand.</p>"
    case .rollback:
      let others = versions.filter { $0["state"]?.stringValue != "current" }
      guard !others.isEmpty else { return "<p>There is no other version.</p>" }
      let options = others.map { version -> HTML in
        let number = version["version"]?.intValue ?? 0
        let rows = version["row_count"]?.intValue.map { ", \(Quantity.text($0)) rows" } ?? ""
        return
          "<option value=\"\(number)\">version \(number)\(version["source_version"]?.stringValue.map { ", of the source \($0)" } ?? "")\(rows)</option>"
      }
      return """
        <p>Readers see it at once, all of it. The version that they see now is kept.</p>
        <label>Version <select name="version">\(options)</select></label>
        """
    }
  }

  private var schedule: HTML? { dataset.definition.updateSchedule.map { ": <code>\($0)</code>, in UTC" } }
}
