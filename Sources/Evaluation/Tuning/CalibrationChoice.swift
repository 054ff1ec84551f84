package import Profiles

/// The calibration of a task's confidence that does best on judgements it was not fitted to.
package struct CalibrationChoice: Sendable {
    /// nil: the model's own sigmoid(q).
    package var calibration: Calibration?
    package var judgements: Int
    /// Expected calibration error of the confidence before.
    package var errorBefore: Double
    /// Of the chosen method, each judgement with the confidence that a fit to the other folds gives it.
    package var errorAfter: Double
    private var method = Method.kept

    private enum Method: CaseIterable {
        case kept
        /// The model's own, which fits better than a calibration of its earlier weights.
        case sigmoid
        case platt
        case isotonic

        func fit(_ judgements: [Judgement], before: Calibration?) -> Calibration? {
            switch self {
            case .kept: before
            case .sigmoid: nil
            case .platt: judgements.plattCalibration()
            case .isotonic: judgements.isotonicCalibration().withoutCertainty(of: judgements)
            }
        }
    }

    /// - Parameter before: the calibration of the profile that is tuned, kept unless another does better.
    package init(_ judgements: [Judgement], before: Calibration? = nil, folds: Int = 5) {
        self.judgements = judgements.count
        calibration = before
        errorBefore = Confidence.calibrationError(judgements.map { $0.judged(by: before) })
        errorAfter = errorBefore
        // Without some of both kinds in most folds there is nothing to learn: all right would mean always sure.
        let right = judgements.count { $0.isRight }
        guard min(right, judgements.count - right) >= folds else { return }
        var least = Double.infinity
        for method in Method.allCases {
            // One error over all folds together: the mean of the folds' own would be larger for fewer judgements in each.
            let held = (0..<folds).flatMap { fold in
                let rest = judgements.indices.filter { $0 % folds != fold }.map { judgements[$0] }
                let fitted = method.fit(rest, before: before)
                return judgements.indices.filter { $0 % folds == fold }.map { judgements[$0].judged(by: fitted) }
            }
            let (score, error) = (Confidence.brierScore(held), Confidence.calibrationError(held))
            // The score tells apart more finely than the error does, but nothing that raises the error is an improvement.
            // The calibration before is always allowed; its sum over the folds may differ from that above in the last bit.
            let isAllowed = method == .kept || error <= errorBefore
            if isAllowed, score < least - 1e-12 {
                least = score
                self.method = method
                errorAfter = method == .kept ? errorBefore : error
            }
        }
        calibration = method.fit(judgements, before: before)
    }

    package var text: String {
        let choice =
            switch (method, calibration) {
            case (.kept, nil): "sigmoid(q) kept"
            case (.kept, _): "the calibration before kept"
            case (.sigmoid, _): "sigmoid(q)"
            case (.platt, _): "Platt scaling"
            case (.isotonic, _): "isotonic regression"
            }
        return
            "\(choice); expected calibration error of Q alone \(errorBefore.text(4)) before, \(errorAfter.text(4)) after "
            + "(cross-validated, \(judgements) answers)"
    }
}

extension Calibration {
    /// An isotonic curve that ends where Platt's targets do, (right + 1) / (right + 2) and 1 / (wrong + 2): that a dozen
    /// answers were all right does not make the next one certain.
    func withoutCertainty(of judgements: [Judgement]) -> Calibration {
        guard case .isotonic(let points) = self else { return self }
        let right = Double(judgements.count { $0.isRight })
        let wrong = Double(judgements.count) - right
        let most = (right + 1) / (right + 2)
        let least = min(1 / (wrong + 2), most)
        return .isotonic(
            points.map { .init(q: $0.q, probability: min(max($0.probability, least), most)) })
    }
}
