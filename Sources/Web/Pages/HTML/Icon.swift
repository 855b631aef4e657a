/// The drawings beside words, on a square of 24. They never stand alone: what they say is said in words, too.
enum Icon: String, Sendable {
  case weir = "M3 7c3-3 6 3 9 0s6 3 9 0M3 12c3-3 6 3 9 0s6 3 9 0M3 17c3-3 6 3 9 0s6 3 9 0"
  case gauge = "M4 18a9 9 0 1 1 16 0M12 14l4-5"
  case queue = "M4 6h16M4 12h16M4 18h9"
  case list = "M8 6h13M8 12h13M8 18h13M3 6h.01M3 12h.01M3 18h.01"
  case map = "M9 4 3 6v14l6-2 6 2 6-2V4l-6 2zM9 4v14M15 6v14"
  case server = "M4 4h16v6H4zM4 14h16v6H4zM8 7h.01M8 17h.01"
  case plug = "M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4"
  case moon = "M20 14a8 8 0 1 1-10-10 6.5 6.5 0 0 0 10 10z"
  case check = "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM8 12l3 3 5-6"
  case cross = "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM9 9l6 6M15 9l-6 6"
  case warning = "M12 4 2.5 20h19zM12 10v4M12 17h.01"
  case running = "M12 3a9 9 0 1 0 9 9"
  case clock = "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM12 7v5l3 2"
  case again = "M4 5v5h5M4.5 10a8 8 0 1 1-.5 5"
  case ban = "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM6 6l12 12"
  case circle = "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z"
  case pause = "M8 5v14M16 5v14"
  case play = "M7 4l13 8-13 8z"
  case tag = "M4 4h8l8 8-8 8-8-8zM8 8h.01"
  case up = "M12 20V5M6 11l6-6 6 6"
  case skip = "M5 5l9 7-9 7zM18 5v14"

  var html: HTML {
    "<svg class=\"i\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"\(rawValue)\"/></svg>"
  }
}
