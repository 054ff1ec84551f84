/// Memory that a `SatSolver` grows itself and reads without bounds checks. Whoever holds it frees it.
struct SatBlock<Element: BitwiseCopyable> {
    private(set) var base: UnsafeMutablePointer<Element>
    private(set) var capacity: Int

    init(capacity: Int) {
        self.capacity = max(capacity, 1)
        base = .allocate(capacity: self.capacity)
    }

    init(_ elements: [Element]) {
        self.init(capacity: elements.count)
        for (index, element) in elements.enumerated() { base[index] = element }
    }

    /// Makes room for `needed` elements and keeps the first `count`.
    mutating func reserve(_ needed: Int, keeping count: Int) {
        guard needed > capacity else { return }
        let capacity = max(needed, 2 * self.capacity)
        let base = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
        base.update(from: self.base, count: count)
        self.base.deallocate()
        self.base = base
        self.capacity = capacity
    }

    func free() { base.deallocate() }

    @inline(__always)
    subscript(index: Int) -> Element {
        get { base[index] }
        nonmutating set { base[index] = newValue }
    }

    @inline(__always)
    subscript(index: Int32) -> Element {
        get { base[Int(index)] }
        nonmutating set { base[Int(index)] = newValue }
    }
}
