import Problems
import Puzzles
import Rollouts
import Threading
import Verifiers

/// Candidates that a program from outside judges. They wait for its verdicts outside the compute threads; the search goes
/// on when it has them all, so that what it decides does not depend on how long they took.
extension Scheduler {
    /// Asks about the candidates that nothing is known of, and records the others.
    func ask(about candidates: [(number: Int, candidate: Candidate)], of search: RolloutSearch, id: JobID) {
        guard let verifier = search.problem.verifier else { return }
        let (running, asked) = monitor.withLock { state -> (RunningJob?, [Candidate]) in
            guard let running = state.jobs[id] else { return (nil, []) }
            var asked: [Candidate] = []
            var waiting = 0
            var known: [(Int, Candidate)] = []
            for (number, candidate) in candidates {
                if state.core.isEnding(id) {
                    known.append((number, candidate))
                    continue
                }
                switch running.verdicts.look(candidate, rollout: number) {
                case .known(let judgement): known.append((number, candidate.judged(judgement)))
                case .wait(let asks):
                    waiting += 1
                    if asks { asked.append(candidate) }
                }
            }
            // First, so that the job is not done before it waits.
            state.core.awaitVerdicts(waiting, of: id)
            for (number, candidate) in known { state.core.record(candidate, of: number, job: id) }
            state.releaseCarries(of: id)
            return (running, asked)
        }
        guard let running else { return }
        for candidate in asked {
            let question = search.problem.question(about: search.problem.answer(from: candidate.tokens))
            verifier.ask(question, for: id) { [weak self, weak running] judgement in
                guard let self, let running else { return }
                take(judgement, about: candidate.tokens, of: running, id: id)
            }
        }
    }

    /// A verdict has come; on the verifier's thread.
    private func take(_ judgement: Judgement, about tokens: [Int32], of running: RunningJob, id: JobID) {
        monitor.withLock { state in
            // A job's searches follow each other under one name.
            guard state.jobs[id] === running else { return }
            for waiting in running.verdicts.settle(tokens, judgement) {
                state.core.recordJudged(waiting.candidate.judged(judgement), of: waiting.rollout, job: id)
            }
            state.releaseCarries(of: id)
        }
        monitor.wakeAll()
    }
}

extension Candidate {
    fileprivate func judged(_ judgement: Judgement) -> Candidate {
        var candidate = self
        candidate.verdict = judgement.verdict
        candidate.score = judgement.score
        return candidate
    }
}
