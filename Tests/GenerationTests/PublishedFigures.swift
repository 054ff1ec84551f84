/// How published puzzles of a task look: counted over those of up to 10x10 on a site that collects them, 115 to 572 a task.
struct PublishedFigures: Sendable {
    let task: String
    /// The puzzles to generate: enough to tell the styles apart, few enough to wait for.
    let count: Int
    /// Per figure of `PeopleStatistics` its values at 10, 25, 50, 75 and 90 %, and how far off a generated sample may be.
    let quantiles: [String: (values: [Double], slack: Double)]
    /// Shares of the symmetries of the clues' places.
    let symmetries: [String: Double]
    /// Shares of the commonest clues.
    let clues: [String: Double]
    /// How far off a share of clues may be.
    var clueSlack = 0.1

    static let all = [tapa, lightup, nurikabe, heyawake, shakashaka]

    static let tapa = PublishedFigures(
        task: "tapa", count: 100,
        quantiles: [
            "density": ([0.12, 0.14, 0.16, 0.19, 0.21], 0.025),
            "vague": ([0, 0, 0, 0.29, 0.5], 0.12),
            "shaded": ([0.44, 0.46, 0.5, 0.54, 0.59], 0.025),
            "edge": ([0, 0.19, 0.33, 0.44, 0.52], 0.25),
        ],
        symmetries: ["none": 0.59, "rot180": 0.33, "rot90": 0.07, "mirror": 0.01],
        clues: [
            "3": 0.108, "2": 0.108, "4": 0.086, "1": 0.063, "?": 0.063, "22": 0.05, "12": 0.049, "5": 0.043,
            "13": 0.042,
            "??": 0.041, "23": 0.037, "11": 0.033, "33": 0.031, "6": 0.029, "7": 0.028, "14": 0.025,
        ])

    static let lightup = PublishedFigures(
        task: "lightup", count: 150,
        quantiles: [
            "density": ([0.18, 0.2, 0.24, 0.24, 0.3], 0.025),
            "unnumbered": ([0.25, 0.33, 0.42, 0.54, 0.62], 0.07),
        ],
        symmetries: ["none": 0.07, "rot180": 0.66, "rot90": 0.26, "mirror": 0.02],
        clues: ["x": 0.453, "1": 0.245, "2": 0.149, "0": 0.119, "3": 0.031, "4": 0.003])

    static let nurikabe = PublishedFigures(
        task: "nurikabe", count: 20,
        quantiles: [
            "density": ([0.1, 0.11, 0.125, 0.14, 0.16], 0.02),
            "islands": ([6, 9, 12, 14, 15], 3),
            "largest": ([4, 5, 7, 9, 10], 2),
            "mean": ([2.7, 3.1, 3.6, 4.2, 5], 1),
            "ones": ([0, 0, 0.08, 0.18, 0.25], 0.11),
        ],
        // A quarter has its numbers in point symmetry, which the generator cannot place so.
        symmetries: [:],
        clues: [
            "2": 0.239, "3": 0.235, "4": 0.17, "1": 0.109, "5": 0.097, "6": 0.057, "7": 0.035, "8": 0.024, "9": 0.02,
        ])

    static let heyawake = PublishedFigures(
        task: "heyawake", count: 24,
        quantiles: [
            "density": ([0.06, 0.08, 0.1, 0.12, 0.14], 0.06),
            "rooms": ([14, 16, 19, 23, 26], 5),
            "largest": ([6, 9, 10, 15, 16], 3),
            "numbered": ([0.26, 0.4, 0.53, 0.67, 0.78], 0.15),
            "ones": ([0, 0, 0, 2, 5], 2),
        ],
        symmetries: ["none": 0.95, "rot90": 0.03, "rot180": 0.02, "mirror": 0.01],
        clues: ["2": 0.353, "1": 0.239, "3": 0.2, "0": 0.107, "4": 0.067, "5": 0.024],
        clueSlack: 0.15)

    static let shakashaka = PublishedFigures(
        task: "shakashaka", count: 16,
        quantiles: [
            "density": ([0.09, 0.11, 0.14, 0.16, 0.18], 0.05),
            "unnumbered": ([0, 0.11, 0.3, 0.43, 0.59], 0.15),
        ],
        symmetries: ["none": 0.92, "rot180": 0.05, "rot90": 0.03],
        clues: ["x": 0.316, "2": 0.219, "1": 0.182, "3": 0.141, "0": 0.068, "4": 0.036])
}
