/// How often the truth fell into the band that was told.
public struct Calibration: Sendable, Hashable {
  /// One forecast: made at a moment since the stage opened.
  public struct Prediction: Sendable, Hashable {
    public var madeAt: Duration
    public var forecast: Forecast

    public init(madeAt: Duration, forecast: Forecast) {
      self.madeAt = madeAt
      self.forecast = forecast
    }
  }

  public var predictions: Int
  public var within: Int
  public var tooEarly: Int
  public var tooLate: Int

  public init(within: Int, tooEarly: Int, tooLate: Int) {
    predictions = within + tooEarly + tooLate
    self.within = within
    self.tooEarly = tooEarly
    self.tooLate = tooLate
  }

  /// - Parameter end: when the stage had ended, since it opened.
  public init(_ predictions: some Sequence<Prediction>, end: Duration) {
    self.predictions = 0
    within = 0
    tooEarly = 0
    tooLate = 0
    for prediction in predictions where prediction.madeAt < end {
      self.predictions += 1
      let truth = end - prediction.madeAt
      if truth < prediction.forecast.soonest {
        tooLate += 1
      } else if truth > prediction.forecast.latest {
        tooEarly += 1
      } else {
        within += 1
      }
    }
  }

  /// 0 to 1; nil when nothing was told.
  public var share: Double? { predictions == 0 ? nil : Double(within) / Double(predictions) }

  public var json: JSON {
    func number(_ value: Int) -> JSON { .number(JSONNumber(value)) }
    return [
      "predictions": number(predictions), "within": number(within), "too_early": number(tooEarly), "too_late": number(tooLate),
      "share": share.map { .number(JSONNumber($0)) } ?? .null,
    ]
  }
}
