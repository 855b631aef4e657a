/// Calls one handler on a thread of this process: for a debugger, valgrind or a sanitizer.
///
/// The protocol and the outcome are those of a runner. But a crash ends this process, and nothing can be killed: a task
/// that is given up goes on in the background. `weir serve` never does this.
public enum InProcessRunner {
  /// Blocks until the task's outcome is there; `delegate` hears everything else.
  ///
  /// - Throws: `.scratchUnusable`, `.systemRefused`.
  public static func call(
    _ task: TaskCall, build: RunnerBuild, configuration: RunnerConfiguration, delegate: any RunnerDelegate
  ) throws(RunnersError) -> Outcome {
    var configuration = configuration
    configuration.isolation = .thread
    configuration.user = nil
    return try OneTask.call(task, build: build, configuration: configuration, delegate: delegate)
  }
}
