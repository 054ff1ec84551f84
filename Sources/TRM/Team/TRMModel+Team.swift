extension TRMModel {
    /// One supervision step of every slot, each split by rows over the members of `team`: for when fewer rollouts than
    /// threads are alive. The results are the same bytes as without a team.
    ///
    /// `workspace` must have been made for at least the team's size. Allocates nothing.
    package func step(_ slots: inout [StepSlot], in workspace: Workspace, team: StepTeam) {
        guard team.size > 1 else { return step(&slots, in: workspace) }
        precondition(workspace.teamSize >= team.size, "workspace of \(workspace.teamSize) for a team of \(team.size)")
        for group in slots.indices.groups(of: workspace.groupSize) {
            var job = SharedStep(model: self, slots: slots[group], workspace: workspace, team: team)
            withUnsafeMutablePointer(to: &job) { job in
                team.run({ context, rank in SharedStep.run(context, rank: rank) }, context: job)
            }
        }
        assess(&slots)
    }
}

/// A step of a group of slots that a team does together.
private struct SharedStep {
    let model: TRMModel
    let slots: ArraySlice<StepSlot>
    let workspace: Workspace
    let team: StepTeam

    static func run(_ context: UnsafeMutableRawPointer, rank: Int) {
        let job = context.assumingMemoryBound(to: SharedStep.self)
        let share = StepShare(rank: rank, size: job.pointee.team.size, barrier: job.pointee.team.barrier)
        job.pointee.model.advance(job.pointee.slots, in: job.pointee.workspace, share: share)
    }
}
