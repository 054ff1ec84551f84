import Profiles
import Synchronization
package import Verifiers

/// The verifiers of the profiles in force, one for each profile that has one.
package final class VerifierStore: Sendable {
    private let running = Mutex<[String: (settings: VerifierSettings, verifier: Verifier)]>([:])
    private let report: @Sendable (_ profile: String, _ sentence: String) -> Void

    /// - Parameter report: takes a sentence for each fault; called on a verifier's thread.
    package init(report: @escaping @Sendable (_ profile: String, _ sentence: String) -> Void = { _, _ in }) {
        self.report = report
    }

    /// The verifier of a profile, made now if it was not before; its processes start with the first question.
    func verifier(of profile: Profile) -> Verifier? {
        guard let settings = profile.verifier else { return nil }
        return running.withLock { table in
            if let entry = table[profile.name], entry.settings == settings { return entry.verifier }
            let verifier = Verifier(settings) { [report, name = profile.name] sentence in report(name, sentence) }
            table[profile.name] = (settings, verifier)
            return verifier
        }
    }

    /// Lets those go that no profile has any more; searches that still ask keep theirs.
    func keep(_ profiles: ProfileSet) {
        running.withLock { table in
            table = table.filter { name, entry in profiles[name]?.verifier == entry.settings }
        }
    }

    /// What a profile's verifier did; nil when nothing was asked of it yet.
    package func counts(of profile: String) -> VerifierCounts? {
        running.withLock { table in table[profile]?.verifier }?.counts
    }

    /// Ends all processes and waits until they are gone.
    package func stop() {
        let ended = running.withLock { table in
            defer { table = [:] }
            return table.values.map(\.verifier)
        }
        for verifier in ended { verifier.stop() }
    }
}
