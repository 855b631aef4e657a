import Testing
import Workflow

@testable import Runtime

@Suite struct `A URL that a handler asks for` {
  @Test(arguments: [
    ("https://example.org", "https://example.org/", "https://example.org:443"),
    ("HTTP://Example.ORG.:8080/a/../b?c=d#e", "http://example.org:8080/a/../b?c=d", "http://example.org:8080"),
    ("https://example.org?x=1", "https://example.org/?x=1", "https://example.org:443"),
    ("https://xn--bcher-kva.example:443/%C3%A9", "https://xn--bcher-kva.example/%C3%A9", "https://xn--bcher-kva.example:443"),
    ("http://8.8.8.8/", "http://8.8.8.8/", "http://8.8.8.8:80"),
    ("https://[2001:4860:4860:0::8888]:444/", "https://[2001:4860:4860::8888]:444/", "https://[2001:4860:4860::8888]:444"),
  ])
  func `is read in one way`(text: String, read: String, origin: String) throws {
    let url = try RequestURL(text)
    #expect(url.text == read && url.origin == origin)
  }

  private static let number = "its host is a number: write an IPv4 address as four decimal numbers"
  private static let letter = "it has a letter that must be percent-encoded; write a host with other letters in its xn-- form"

  @Test(arguments: [
    ("http://2130706433/", Self.number), ("http://0x7f000001/", Self.number), ("http://0x7f.1/", Self.number),
    ("http://0177.0.0.1/", Self.number),
    ("http://127.1/", Self.number), ("http://127.0.0.1./", Self.number), ("http://1.2.3.4.5/", Self.number), ("http://a.0x1/", Self.number),
    ("http://256.1.1.1/", Self.number), ("http://127.0.0.01/", Self.number),
    ("http://user@127.0.0.1/", "it has a user before the host: name a credential by \"auth\" instead"),
    ("https://allowed.example:80@evil.example/", "it has a user before the host: name a credential by \"auth\" instead"),
    ("http://allowed.example\\@evil.example/", Self.letter), ("http://bücher.example/", Self.letter), ("http://a b/", Self.letter),
    ("http://a.example/\r\nX: y", Self.letter), ("http://１２７.0.0.1/", Self.letter), ("http://a.example/\u{7F}", Self.letter),
    ("http://%31%32%37.0.0.1/", "its host is no name"), ("http:///path", "its host is no name"),
    ("http://.example/", "its host is no name"),
    ("http://a..example/", "its host is no name"), ("http://a.example../", "its host is no name"), ("http://a,b/", "its host is no name"),
    ("http://[::1/", "what stands in brackets is no IPv6 address"), ("http://[127.0.0.1]/", "what stands in brackets is no IPv6 address"),
    ("http://a:b:80/", "its host is no name"), ("http://a:0/", "its port is no number from 1 to 65535"),
    ("http://a:99999/", "its port is no number from 1 to 65535"), ("http://a:/", "its port is no number from 1 to 65535"),
    ("ftp://a/", "its scheme is neither http nor https"), ("file:///etc/passwd", "its scheme is neither http nor https"),
    ("gopher://a/", "its scheme is neither http nor https"), ("//a/", "it is not http://host/path or https://host/path"),
    ("", "it is not http://host/path or https://host/path"),
  ])
  func `is refused when others could read it in another way`(text: String, problem: String) {
    let fault = #expect(throws: ServiceFault.self) { try RequestURL(text) }
    #expect(fault?.message == "the URL: \(problem)")
    #expect(fault?.status == 300)
  }
}

@Suite struct `An address that a request is connected to` {
  @Test(arguments: [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "169.254.0.1", "100.64.0.1", "100.100.100.200", "192.0.0.192", "198.18.0.1", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "::ffff:0:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "fc00::1",
    "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001::1", "2001:db8::1", "100::1", "", "?", "localhost", "127.1",
  ])
  func `is not one of ours`(address: String) {
    #expect(!AddressRule().admits(address))
  }

  @Test(arguments: [
    "8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "193.0.0.1", "2001:4860:4860::8888", "64:ff9b::808:808", "2002:808:808::1",
    "::ffff:8.8.8.8",
  ])
  func `is a public one`(address: String) {
    #expect(AddressRule().admits(address))
  }

  @Test func `is one of ours where the operator allowed it, and only there`() throws {
    let rule = AddressRule(allowed: ["10.1.0.0/16", "::1", "169.254.169.254"].compactMap { NetworkRange($0) })
    for address in ["10.1.2.3", "::1", "::ffff:10.1.2.3", "169.254.169.254"] { #expect(rule.admits(address), "\(address)") }
    for address in ["10.2.0.1", "127.0.0.1", "::2", "169.254.169.253"] { #expect(!rule.admits(address), "\(address)") }
  }

  @Test(arguments: ["10.0.0.0/33", "10.0.0/8", "x", "", "10.0.0.0/8/1", "fe80::1%lo", "::/129", "10.0.0.0/-1"])
  func `cannot be allowed by what is no range`(text: String) {
    #expect(NetworkRange(text) == nil)
  }
}
