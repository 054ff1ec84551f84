import Problems
import Randomness
import Testing

@Suite struct MemoryBudgetTests {
    @Test func itsPartsAddUp() {
        let budget = MemoryBudget(total: 64 << 20)
        #expect(budget.exactLimit == 16 << 20 && budget.mostForOne == 36 << 20)
        #expect(budget.canEverTake(36 << 20) && !budget.canEverTake(36 << 20 + 1))
        #expect(budget.part(of: 1 << 20) == .small && budget.part(of: 1 << 20 + 1) == .large)
    }

    /// However full the one part is, the other has its room.
    @Test func theLargeLeaveRoomForTheSmall() {
        var budget = MemoryBudget(total: 64 << 20)
        let large = budget.take(36 << 20)
        let another = budget.take(2 << 20)
        #expect(large && !another)
        var small = 0
        while budget.take(1 << 20) { small += 1 }
        #expect(small == 12)
    }

    @Test func aMoveThatDoesNotFitChangesNothing() {
        var budget = MemoryBudget(total: 64 << 20)
        let first = budget.take(30 << 20)
        let before = budget
        let moved = budget.move(from: 30 << 20, to: 37 << 20)
        #expect(first && !moved && budget == before)
        let grown = budget.move(from: 30 << 20, to: 35 << 20)
        #expect(grown && budget.used == 35 << 20)
    }

    @Test(arguments: [0, 1, 1 << 20, 512 << 20, Int.max, -5])
    func whatIsTakenIsNeverMoreThanThereIs(total: Int) {
        var budget = MemoryBudget(total: total)
        var random = SplitMix(seed: 7)
        var held: [Int] = []
        for _ in 0..<2000 {
            if random.next() % 3 == 0, let last = held.popLast() {
                budget.giveBack(last)
            } else {
                let bytes = Int(random.next() % UInt64(max(1, min(total, 1 << 30))))
                if budget.take(bytes) { held.append(bytes) }
            }
            #expect(budget.used == held.reduce(0, +))
            #expect(budget.used <= max(0, total))
        }
        for bytes in held { budget.giveBack(bytes) }
        #expect(budget.used == 0)
    }
}
