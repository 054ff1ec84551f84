/// Memory that its holder grows itself, reads without bounds checks, and frees in the end: what the solvers are made of.
/// Whatever comes from outside has been checked before it becomes an index here.
///
/// Everything is inlinable, because the solvers of other targets read it millions of times a second.
@frozen @usableFromInline
package struct UncheckedBlock<Element: BitwiseCopyable> {
    @usableFromInline package var base: UnsafeMutablePointer<Element>
    @usableFromInline package private(set) var capacity: Int

    @inlinable
    package init(capacity: Int) {
        self.capacity = max(capacity, 1)
        base = .allocate(capacity: self.capacity)
    }

    @inlinable
    package init(_ elements: [Element]) {
        self.init(capacity: elements.count)
        for (index, element) in elements.enumerated() { base[index] = element }
    }

    /// Makes room for `needed` elements and keeps the first `count`.
    package mutating func reserve(_ needed: Int, keeping count: Int) {
        guard needed > capacity else { return }
        let capacity = max(needed, 2 * self.capacity)
        let base = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
        base.update(from: self.base, count: count)
        self.base.deallocate()
        self.base = base
        self.capacity = capacity
    }

    @inlinable
    package func free() { base.deallocate() }

    @inlinable @inline(__always)
    package subscript(index: Int) -> Element {
        get { base[index] }
        nonmutating set { base[index] = newValue }
    }

    @inlinable @inline(__always)
    package subscript(index: Int32) -> Element {
        get { base[Int(index)] }
        nonmutating set { base[Int(index)] = newValue }
    }
}
