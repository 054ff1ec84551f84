import JSON
import Rollouts

private typealias Ranges = SearchSettings.Ranges

extension ProfileKey {
    static let resampling = search(
        "resampling",
        .word(
            "none",
            or: .record([
                .init(
                    name: "every", summary: "Rounds from one look at the weights to the next. Default 4.",
                    shape: .integer(Ranges.resamplingEvery), isRequired: false),
                .init(
                    name: "temperature",
                    summary: "Divides the Q logits before the softmax that makes weights of them. Default 1.",
                    shape: .number(Ranges.resamplingTemperature), isRequired: false),
                .init(
                    name: "min_ess",
                    summary:
                        "Share of the rollouts: nothing is resampled while their effective number is at least so high. "
                        + "Default 0.5.",
                    shape: .number(Ranges.resamplingMinEss), isRequired: false),
            ])),
        "Whether the rollouts are particles, of which those with a high Q go on in the place of the others (guided stochastic "
            + "exploration, arXiv 2605.25230); none: each runs by itself."
    ) { value, settings in
        guard value.objectValue != nil else {
            settings.resampling = nil
            return
        }
        var resampling = SearchSettings.Resampling()
        if let every = value["every"]?.wholeNumber { resampling.every = Int(every) }
        if let temperature = value["temperature"]?.doubleValue { resampling.temperature = temperature }
        if let share = value["min_ess"]?.doubleValue { resampling.minEss = share }
        settings.resampling = resampling
    } get: {
        guard let resampling = $0.resampling else { return "none" }
        return [
            "every": .integer(Int64(resampling.every)), "temperature": .number(resampling.temperature),
            "min_ess": .number(resampling.minEss),
        ]
    }
}
