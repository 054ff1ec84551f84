import Puzzles
package import Rollouts
package import TRM
import Tensors

/// The rollouts of one search that have a carry, by number.
///
/// Not thread-safe: whoever drives the search makes and releases rollouts under its own lock. A rollout that was handed
/// out may be used on another thread meanwhile.
package final class RolloutSet {
    package let problem: Problem
    private let seed: UInt64
    /// The puzzle as asked, made once for all rollouts that solve it.
    private let asked: RolloutInput
    private var rollouts: [Int: RolloutState] = [:]
    private var slab: Slab?

    /// - Parameter seed: the search's; it chooses the views.
    package init(_ problem: Problem, seed: UInt64) {
        self.problem = problem
        self.seed = seed
        asked = problem.input()
    }

    /// Takes memory for so many carries at a time, once; false when the system has none. Without this every carry is
    /// allocated alone.
    package func takeMemory(carries: Int) -> Bool {
        if slab == nil { slab = problem.model.makeSlab(carries: carries) }
        return slab != nil
    }

    /// The state of rollout k, fresh at the first call.
    package subscript(number: Int) -> RolloutState {
        if let state = rollouts[number] { return state }
        let state = RolloutState(problem, number: number, seed: seed, asked: asked, slab: slab)
        rollouts[number] = state
        return state
    }

    /// Makes rollouts go on from where others are. To be called before the next steps are handed out.
    package func make(_ copies: [Search.Copy]) {
        for copy in copies {
            guard let source = rollouts[copy.from] else { continue }
            self[copy.to].take(source)
        }
    }

    /// Lets carries go that the search needs no more.
    package func release(_ numbers: [Int]) {
        for number in numbers { rollouts[number] = nil }
    }
}

/// One rollout: its carry, and the view of the puzzle that it solves.
package final class RolloutState: @unchecked Sendable {
    // @unchecked: handed from thread to thread under the lock of whoever drives the search. The search orders a rollout's
    // next step or candidate only after the last one has been recorded, so one thread at a time has it.
    private let problem: Problem
    private let number: Int
    private let seed: UInt64
    private let asked: RolloutInput
    private let slab: Slab?
    private var carry: Carry?
    private var input: RolloutInput?

    init(_ problem: Problem, number: Int, seed: UInt64, asked: RolloutInput, slab: Slab?) {
        self.slab = slab
        self.problem = problem
        self.number = number
        self.seed = seed
        self.asked = asked
    }

    /// Goes on from where another rollout is, in its view.
    func take(_ other: RolloutState) {
        guard let source = other.carry else { return }
        let carry = self.carry ?? problem.model.makeCarry(in: slab)
        carry.copy(source)
        (self.carry, input) = (carry, other.input)
    }

    /// What the model needs for this order: the carry, fresh at step 0, and the rollout's input.
    package func slot(for order: StepOrder) -> StepSlot {
        let input = self.input ?? problem.input(order.start, rollout: number, seed: seed) ?? asked
        let carry = self.carry ?? problem.model.makeCarry(in: slab)
        (self.input, self.carry) = (input, carry)
        return StepSlot(carry: carry, embedding: input.embedding, noise: order.noise)
    }

    /// The model's answer as it stands, mapped back from the rollout's view, with the verdict of the task's rules. A
    /// verifier is left to whoever drives the search: nobody must wait for it here.
    /// - Parameter withMargins: whether it shall say how sure it is of its cells.
    package func candidate(isJudged: Bool, withMargins: Bool = false, in workspace: Workspace) -> Candidate {
        guard let carry else { return Candidate(tokens: [], verdict: .unchecked, meanTop1: 0) }
        let decoded = problem.model.decode(carry, withRunnersUp: withMargins, in: workspace)
        let tokens = input?.symmetry.map { $0.inverse.apply(decoded.tokens) } ?? decoded.tokens
        let isRuled = isJudged && problem.verifier == nil
        let verdict = isRuled ? problem.judge(problem.answer(from: tokens)).verdict : .unchecked
        return Candidate(
            tokens: tokens, verdict: verdict, meanTop1: decoded.meanTop1Probability,
            margins: decoded.runnersUp.map(margins))
    }

    /// Mapped back from the rollout's view.
    private func margins(_ runnersUp: Decoded.RunnersUp) -> CellMargins {
        guard let symmetry = input?.symmetry else {
            return CellMargins(runnersUp: runnersUp.tokens, margins: runnersUp.margins)
        }
        let inverse = symmetry.inverse
        return CellMargins(
            runnersUp: inverse.apply(runnersUp.tokens), margins: inverse.positions.map { runnersUp.margins[Int($0)] })
    }
}
