/// How a rollout went, in the paper's three kinds.
package enum RolloutMode: String, Sendable, Hashable, CaseIterable {
    /// Right early and for good: from a step in the first quarter on.
    case quickSuccess = "quick_success"
    /// Right at the end, but only later for good: it left a wrong answer behind.
    case delayedSuccess = "delayed_success"
    /// Wrong at the end.
    case failure

    package var title: String {
        switch self {
        case .quickSuccess: "quick success"
        case .delayedSuccess: "delayed success"
        case .failure: "failure"
        }
    }

    /// - Parameters:
    ///   - isRight: whether the rollout's answer was right after each step.
    ///   - depth: the steps it was given; one that has fewer was dropped and failed.
    package init(isRight: [Bool], depth: Int) {
        guard isRight.count == depth, isRight.last == true else {
            self = .failure
            return
        }
        self = Self.settled(isRight) <= max(1, depth / 4) ? .quickSuccess : .delayedSuccess
    }

    /// The step, from 1, from which on the answer is right to the end; one more than there are when it is never.
    package static func settled(_ isRight: [Bool]) -> Int {
        (isRight.lastIndex(of: false) ?? -1) + 2
    }
}
