/// What stands where nothing is: why, and what to do.
struct EmptyPart: Sendable {
  var icon: Icon
  var title: String
  var text: HTML

  var html: HTML {
    "<div class=\"empty\">\(icon.html)<p><strong>\(title)</strong></p><p>\(text)</p></div>"
  }
}
