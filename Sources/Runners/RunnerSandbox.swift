internal import CKernel

/// What this kernel has for keeping runners in.
public enum RunnerSandbox {
  /// 0: no Landlock; 6 and newer keep signals and abstract sockets in too.
  public static var landlockVersion: Int { Int(weir_landlock_version()) }
}
