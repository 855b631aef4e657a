import Testing
import Workflow

@Suite struct `An SLD` {
  static func sld(_ inside: String, before: String = "") -> String {
    "\(before)<StyledLayerDescriptor version=\"1.0.0\" xmlns=\"http://www.opengis.net/sld\"><NamedLayer><Name>a</Name>\(inside)</NamedLayer></StyledLayerDescriptor>"
  }

  private static func problem(_ text: String) -> String? {
    guard case .failure(let faults) = SLDText.load(Array(text.utf8)) else { return nil }
    return faults.problems.first?.message
  }

  @Test(arguments: [
    sld(""), sld("<!-- a --><UserStyle/>", before: "\u{FEFF}<?xml version=\"1.0\"?>\n"), sld("<Name>&lt;&#65;<![CDATA[<x>]]></Name>"),
    sld("<sld:UserStyle xmlns:sld='http://www.opengis.net/sld' a = \"1\" ><sld:Title>ü</sld:Title></sld:UserStyle >"),
  ]) func `that is one is kept as it is`(text: String) throws {
    #expect(try SLDText.load(Array(text.utf8)).get().text == text)
  }

  @Test(arguments: [
    (sld("", before: "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"), "The SLD cannot be read: line 1: it has a DOCTYPE."),
    (sld("<Name>&x;</Name>"), "The SLD cannot be read: line 1: it uses the entity &x;."),
    (sld("<?php echo 1 ?>"), "The SLD cannot be read: line 1: it has a processing instruction."),
    (sld("<Name>"), "The SLD cannot be read: line 1: </NamedLayer> closes what is not open."),
    (sld("<Name a=\"1\" a=\"2\"/>"), "The SLD cannot be read: line 1: an attribute stands twice in a tag."),
    (sld("<Name a=1/>"), "The SLD cannot be read: line 1: an attribute's value has no quotes."),
    ("<a>\n<b>", "The SLD cannot be read: line 2: it ends in the middle."), ("", "The SLD cannot be read: line 1: it has no element."),
    ("<a/><b/>", "The SLD cannot be read: line 1: it has two roots."),
    ("x<a/>", "The SLD cannot be read: line 1: there is text outside of the root."),
    ("<html/>", "The SLD does not begin with <StyledLayerDescriptor version=\"1.0.0\">."),
    (sld("\n<ExternalGraphic/>"), "The SLD has an element <ExternalGraphic>, line 2, which is not kept here."),
    (sld("<script/>"), "The SLD has an element <script>, line 1, which is not kept here."),
    ("<StyledLayerDescriptor version=\"1.0.0\"/>", "The SLD has no <NamedLayer>."),
    (sld(String(repeating: "<Rule>", count: 50)), "The SLD cannot be read: line 1: it is nested more than 40 deep."),
    (sld(String(repeating: "<Rule/>", count: 10_001)), "The SLD cannot be read: line 1: it has more than 10000 elements."),
    (sld(String(repeating: " ", count: 300_000)), "The SLD cannot be read: line 1: it is larger than 262144 bytes."),
  ]) func `that does harm, or is none, is refused`(text: String, message: String) {
    #expect(Self.problem(text) == message)
  }

  @Test func `of bytes that are no text is refused`() {
    guard case .failure(let faults) = SLDText.load([0x3C, 0xFF]) else {
      Issue.record("it was taken")
      return
    }
    #expect(faults.problems.map(\.message) == ["The SLD is not UTF-8."])
  }
}
