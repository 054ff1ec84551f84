import HeapModule

/// Jobs by a key, the least first.
///
/// What leaves is not looked for: an entry whose job is no longer meant is dropped when it comes to the top, or all of
/// them together when they outnumber the others. So every change takes logarithmic time.
struct JobHeap<Key: Comparable & Sendable>: Sendable {
    struct Entry: Comparable, Sendable {
        var key: Key
        var job: SchedulerCore.JobID

        static func < (left: Entry, right: Entry) -> Bool {
            left.key == right.key ? left.job < right.job : left.key < right.key
        }
    }

    private var heap = Heap<Entry>()

    var isEmpty: Bool { heap.isEmpty }

    /// - Parameters:
    ///   - live: about how many entries are meant; far more are a reason to clean up.
    ///   - isMeant: whether an entry still is.
    mutating func insert(_ key: Key, _ job: SchedulerCore.JobID, live: Int, isMeant: (Entry) -> Bool) {
        if heap.count > 2 * live + 64 { heap = Heap(heap.unordered.filter(isMeant)) }
        heap.insert(Entry(key: key, job: job))
    }

    /// The first entry that is meant.
    mutating func first(where isMeant: (Entry) -> Bool) -> Entry? {
        while let entry = heap.min {
            if isMeant(entry) { return entry }
            heap.removeMin()
        }
        return nil
    }

    mutating func removeFirst() { _ = heap.popMin() }
}
