import Testing
import Workflow

@Suite struct `The fingerprint of a failure` {
  @Test(arguments: [
    ("no object a/b/c.tif", "no object <path>"),
    ("no object bronze/tile_07.tif in container", "no object <path> in container"),
    ("cannot open /data/x y: Permission denied", "cannot open <path> y: Permission denied"),
    ("GET https://example.org/a?b=1: HTTP 503", "GET <path>=<n>: HTTP 503"),
    ("read/write failed", "read/write failed"),
    ("element 17 of 4,096 is -1.5e3 too large", "element <n> of <n> is <n> too large"),
    ("expected a string, got 5 (a number).", "expected a string, got <n> (a number)."),
    ("tile12 and tile-13 and t14_b", "tile<n> and tile-<n> and t<n>_b"),
    ("item 3f2504e0-4f89-41d3-9a0c-0305e82c3301 is bad", "item <uuid> is bad"),
    ("checksum 9e107d9d372bb6826bd81d3542a419d6 differs", "checksum <hex> differs"),
    ("at 0x7ffd10 in deadbeef and defaced", "at <hex> in deadbeef and defaced"),
    ("address deadbeef00 is odd", "address <hex> is odd"),
    ("there is no column \"height\" in 'roads'", "there is no column <name> in <name>"),
    ("it doesn't and can't", "it doesn't and can't"),
    ("an open \"quote", "an open \"quote"),
    ("  many   blanks\n\tand lines ", "many blanks and lines"),
    ("the plugin ended its runner: exit(3)", "the plugin ended its runner: exit(3)"),
    ("returned 204 without a message", "returned 204 without a message"),
    ("curl error code 28 after 30001 ms", "curl error code 28 after <n> ms"),
    ("plugin \"p\", handler \"f.v\", task 17/copy/3: the runner crashed: SIGSEGV", "the runner crashed: SIGSEGV"),
    ("handler \"f.v\", task 17/copy/3: its host \"a\" ended while it ran", "its host <name> ended while it ran"),
    ("plugin \"p\" has 3 faults", "plugin <name> has <n> faults"),
    ("größer als 5 µm", "größer als <n> µm"), ("", ""),
  ]) func `leaves out what differs from task to task`(message: String, text: String) {
    #expect(Fingerprint(.failed, message: message).text == text)
  }

  @Test func `is one for one cause, and another for another`() {
    let one = Fingerprint(.failed, message: "no object a/1.tif")
    #expect(one.id == Fingerprint(.failed, message: "no object b/22.tif").id)
    #expect(one.id != Fingerprint(.crashed, message: "no object a/1.tif").id)
    #expect(one.id != Fingerprint(.failed, message: "no container a/1.tif").id)
  }

  @Test func `takes no time to speak of, whatever the message`() {
    for text in ["9", "a", "\"", "/", "a1", "é", "-", "0x", " "] {
      let fingerprint = Fingerprint(.failed, message: String(repeating: text, count: 200_000))
      #expect(fingerprint.text.utf8.count <= 303)
    }
  }
}
