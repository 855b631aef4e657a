import Glibc
import Testing
import Workflow

@testable import Runners

@Suite struct `A library that the user of the runners cannot reach` {
  @Test(.enabled(if: geteuid() == 0)) func `is loaded from a copy`() throws {
    let configuration = try Make.configuration()
    var template = Array("/tmp/weir-closed-XXXXXX".utf8CString)
    let folder = try #require(mkdtemp(&template).map { String(cString: $0) })  // mode 0700
    let library = "\(folder)/libNoop.so"
    #expect(link(Make.library("Noop"), library) == 0 || symlink(Make.library("Noop"), library) == 0)
    defer {
      unlink(library)
      rmdir(folder)
    }
    let copy = ReachableLibrary.path(of: library, configuration: configuration)
    #expect(copy != library && copy.hasSuffix("/libNoop.so"))
    #expect(ReachableLibrary.path(of: library, configuration: configuration) == copy)
    var build = Make.build("Noop")
    build.library = library
    #expect(try LibraryDescription.of(build, configuration: configuration).id == "org.weir.noop")
  }
}
