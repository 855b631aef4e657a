/// 1: the file is a shared library for this machine, hardened as the loader expects.
struct ElfSaneCheck: Check {
  let number = 1
  let name = "elf-sane"
  let level = 1

  #if arch(arm64)
    private static let machine = (number: 183, name: "aarch64")
  #else
    private static let machine = (number: 62, name: "x86-64")
  #endif

  func look(at subject: CheckSubject) -> CheckFinding {
    let image = subject.image
    var failures: [String] = []
    var warnings: [String] = []
    if image.machine != Self.machine.number {
      failures.append("It is built for machine \(image.machine), this host is \(Self.machine.name). Build it for that.")
    }
    if image.type != 3 {
      failures.append("It is no shared library (ELF type \(image.type)). Link it with -shared.")
    }
    if !image.segments.contains(where: { $0.type == ELFImage.SegmentType.relro }) {
      warnings.append("Its relocations stay writable. Link it with -Wl,-z,relro.")
    }
    let flags = image.value(ELFImage.DynamicTag.flags) ?? 0
    if image.value(ELFImage.DynamicTag.textRelocations) != nil || flags & 4 != 0 {
      failures.append("It has text relocations, so its code must be writable. Compile it with -fPIC.")
    }
    if image.segments.first(where: { $0.type == ELFImage.SegmentType.stack }).map({ $0.flags & 1 != 0 }) ?? true {
      failures.append("It asks for an executable stack. Link it with -Wl,-z,noexecstack.")
    }
    if flags & 0x10 != 0 {
      failures.append("It uses static thread-local storage, which dlopen cannot always give. Compile without -ftls-model.")
    }
    for folder in image.searchPath where !folder.hasPrefix("$ORIGIN") {
      warnings.append("It looks for libraries in \(folder), which another machine may not have. Use $ORIGIN.")
    }
    return .failed(failures, warnings: warnings)
  }
}
