import Testing

@testable import Storage

@Suite struct `A small XML document` {
  private func root(_ text: String) -> XMLElement? { XMLElement(parsing: Array(text.utf8)) }

  @Test func `is read with its texts, entities and sections`() {
    let found = root(
      """
      <?xml version="1.0" encoding="UTF-8"?>\n  <!-- a > b --><s:List xmlns:s="http://x/>" a='1'>
        <Key>a&amp;b &lt;&#10;&#x65E5;&gt;</Key><Empty/><Key><![CDATA[<raw>&amp;]]></Key>
        <Deep><er at="/">x</er ></Deep></s:List>
      """)
    #expect(found?.name == "List" && found?.all("Key").map(\.text) == ["a&b <\n日>", "<raw>&amp;"])
    #expect(found?["Empty"]?.text == "" && found?["Deep"]?.text("er") == "x" && found?.text("None") == nil)
  }

  @Test(arguments: [
    "", "text", "<a>", "<a></b>", "<a>&nope;</a>", "<a>&#xD800;</a>", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "<a><b></a></b>",
    "<a>&amp</a>", "<>", "</a>", String(repeating: "<a>", count: 100) + String(repeating: "</a>", count: 100),
  ])
  func `is refused when it is broken or could be hostile`(text: String) {
    #expect(root(text) == nil)
  }

  @Test func `gives back any text that was escaped`() {
    let text = "a<b>&\"'\t\n é🛰"
    #expect(root("<a>\(XMLElement.escaped(text))</a>")?.text == text)
  }
}
