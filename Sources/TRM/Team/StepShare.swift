import CKernels

/// One member's part of a step that several threads do together.
struct StepShare {
    let rank: Int
    let size: Int
    let barrier: StepBarrier?

    /// This member's part of `0..<count`, in multiples of `unit`.
    func range(of count: Int, unit: Int) -> ptrm_range {
        let units = (count + unit - 1) / unit
        return ptrm_range(
            lower: min(count, units * rank / size * unit), upper: min(count, units * (rank + 1) / size * unit))
    }

    /// Returns when every member has come here.
    func wait() { barrier?.wait() }
}
