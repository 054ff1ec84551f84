package import Profiles

/// The calibration of a task's confidence that does best on judgements it was not fitted to.
package struct CalibrationChoice: Sendable {
    /// nil: the model's own sigmoid(q) does best.
    package var calibration: Calibration?
    package var judgements: Int
    /// Expected calibration error of sigmoid(q).
    package var errorBefore: Double
    /// Of the chosen method, fitted on four fifths and measured on the other fifth.
    package var errorAfter: Double

    private enum Method: CaseIterable {
        case none
        case platt
        case isotonic

        func fit(_ judgements: [Judgement]) -> Calibration? {
            switch self {
            case .none: nil
            case .platt: judgements.plattCalibration()
            case .isotonic: judgements.isotonicCalibration()
            }
        }
    }

    package init(_ judgements: [Judgement], folds: Int = 5) {
        self.judgements = judgements.count
        errorBefore = judgements.calibrationError(nil)
        errorAfter = errorBefore
        // Without some of both kinds in most folds there is nothing to learn: all right would mean always sure.
        let right = judgements.count { $0.isRight }
        guard min(right, judgements.count - right) >= folds else { return }
        var best: (score: Double, method: Method)?
        for method in Method.allCases {
            var (score, error) = (0.0, 0.0)
            for fold in 0..<folds {
                let held = judgements.indices.filter { $0 % folds == fold }.map { judgements[$0] }
                let rest = judgements.indices.filter { $0 % folds != fold }.map { judgements[$0] }
                let fitted = method.fit(rest)
                score += held.brierScore(fitted) * Double(held.count)
                error += held.calibrationError(fitted) * Double(held.count)
            }
            if best.map({ score < $0.score }) ?? true {
                best = (score, method)
                errorAfter = method == .none ? errorBefore : error / Double(judgements.count)
            }
        }
        calibration = best?.method.fit(judgements)
    }

    package var text: String {
        let method =
            switch calibration {
            case nil: "sigmoid(q) kept"
            case .platt: "Platt scaling"
            case .isotonic: "isotonic regression"
            }
        return "\(method); expected calibration error \(errorBefore.text(4)) before, \(errorAfter.text(4)) after "
            + "(cross-validated, \(judgements) answers)"
    }
}
