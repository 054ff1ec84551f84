import Randomness
import Satisfiability
import Testing

@Suite struct SatisfiabilityTests {
    /// A random formula as lists of (variable, negated).
    static func formula(variables: Int, clauses: Int, random: inout SplitMix) -> [[SatLiteral]] {
        (0..<clauses).map { _ in
            (0..<random.within(1...4)).map { _ in
                SatLiteral(variable: random.below(variables), negated: random.chance(0.5))
            }
        }
    }

    static func holds(_ clauses: [[SatLiteral]], in model: Int) -> Bool {
        clauses.allSatisfy { $0.contains { (model >> $0.variable & 1 == 1) != $0.isNegated } }
    }

    static func isSatisfiable(_ clauses: [[SatLiteral]], variables: Int) -> Bool {
        (0..<1 << variables).contains { holds(clauses, in: $0) }
    }

    @Test func `agrees with trying every model, with assumptions, cores and clauses added later`() {
        var random = SplitMix(seed: 11)
        var seen = [false: 0, true: 0]
        for round in 0..<1500 {
            let variables = 3 + round % 8
            var clauses = Self.formula(variables: variables, clauses: variables * 2, random: &random)
            let solver = SatSolver()
            _ = solver.addVariables(variables)
            for clause in clauses { solver.add(clause) }
            for _ in 0..<4 {
                let assumptions = (0..<random.below(4)).map { _ in
                    SatLiteral(variable: random.below(variables), negated: random.chance(0.5))
                }
                let expected = Self.isSatisfiable(clauses + assumptions.map { [$0] }, variables: variables)
                let outcome = solver.solve(assuming: assumptions)
                #expect(outcome == (expected ? .satisfiable : .unsatisfiable))
                seen[expected, default: 0] += 1
                if outcome == .satisfiable {
                    let model = (0..<variables).reduce(0) {
                        $0 | (solver.isTrue(SatLiteral(variable: $1)) ? 1 << $1 : 0)
                    }
                    #expect(Self.holds(clauses + assumptions.map { [$0] }, in: model))
                } else {
                    #expect(Set(solver.core).isSubset(of: assumptions))
                    #expect(!Self.isSatisfiable(clauses + solver.core.map { [$0] }, variables: variables))
                }
                let more = Self.formula(variables: variables, clauses: 1, random: &random)
                clauses += more
                for clause in more { solver.add(clause) }
            }
        }
        #expect(seen[true, default: 0] > 500 && seen[false, default: 0] > 500)
    }

    @Test(arguments: 2...7) func `pigeons do not fit into one hole less, and fit when one stays away`(holes: Int) {
        let solver = SatSolver()
        let place = (0...holes).map { _ in solver.addVariables(holes) }
        let comes = solver.addVariables(holes + 1, decided: false)
        for pigeon in 0...holes {
            solver.add([!comes[pigeon]] + place[pigeon])
            for other in 0..<pigeon {
                for hole in 0..<holes { solver.add(!place[pigeon][hole], !place[other][hole]) }
            }
        }
        #expect(solver.solve(assuming: comes) == .unsatisfiable)
        #expect(Set(solver.core) == Set(comes))
        #expect(solver.solve(assuming: Array(comes.dropFirst())) == .satisfiable)
        #expect(solver.isConsistent)
    }

    @Test func `learned clauses are thrown away without a change of the answer`() {
        // Enough conflicts for several reductions: a pigeonhole of 9 under a budget, then the same solver on a part of it.
        let holes = 9
        let solver = SatSolver()
        let place = (0...holes).map { _ in solver.addVariables(holes) }
        let comes = solver.addVariables(holes + 1, decided: false)
        for pigeon in 0...holes {
            solver.add([!comes[pigeon]] + place[pigeon])
            for other in 0..<pigeon {
                for hole in 0..<holes { solver.add(!place[pigeon][hole], !place[other][hole]) }
            }
        }
        #expect(solver.solve(assuming: comes, conflictLimit: 30_000) != .satisfiable)
        #expect(solver.learnedClauseCount < 20_000)
        for absent in 0...holes {
            let present = comes.enumerated().filter { $0.offset != absent }.map(\.element)
            #expect(solver.solve(assuming: present) == .satisfiable)
            for pigeon in 0...holes where pigeon != absent {
                #expect(place[pigeon].contains { solver.isTrue($0) })
                for other in 0..<pigeon where other != absent {
                    #expect(
                        !(0..<holes).contains { solver.isTrue(place[pigeon][$0]) && solver.isTrue(place[other][$0]) })
                }
            }
        }
    }

    @Test func `the same calls give the same search`() {
        func run() -> [Int] {
            var random = SplitMix(seed: 5)
            let solver = SatSolver()
            let variables = solver.addVariables(60)
            solver.shuffle(variables, trueShare: 0.5, using: &random)
            for clause in Self.formula(variables: 60, clauses: 230, random: &random) { solver.add(clause) }
            let outcome = solver.solve()
            return [outcome == .satisfiable ? 1 : 0, solver.conflicts, solver.decisions, solver.propagations]
        }
        #expect(run() == run())
    }

    /// Counts models by blocking each one found.
    static func countModels(_ solver: SatSolver, of literals: [SatLiteral], assuming: [SatLiteral] = []) -> Int {
        var count = 0
        while solver.solve(assuming: assuming) == .satisfiable {
            count += 1
            solver.add(literals.map { solver.isTrue($0) ? !$0 : $0 })
        }
        return count
    }

    static func isConnected(_ cells: Int, width: Int, height: Int) -> Bool {
        guard cells != 0 else { return true }
        var reached = cells & -cells
        while true {
            var next = reached
            for cell in 0..<width * height where reached >> cell & 1 == 1 {
                if cell % width > 0 { next |= 1 << (cell - 1) }
                if cell % width < width - 1 { next |= 1 << (cell + 1) }
                if cell >= width { next |= 1 << (cell - width) }
                if cell < width * (height - 1) { next |= 1 << (cell + width) }
            }
            next &= cells
            if next == reached { return reached == cells }
            reached = next
        }
    }

    @Test(arguments: [(1, 4), (2, 2), (3, 3), (4, 3), (2, 6), (4, 4)])
    func `connectivity has exactly the connected sets as models`(size: (Int, Int)) {
        let (width, height) = size
        let expected = (0..<1 << (width * height)).count { Self.isConnected($0, width: width, height: height) }
        for negated in [false, true] {
            let solver = SatSolver()
            let cells = solver.addVariables(width * height)
            solver.add(ConnectivityTheory(width: width, height: height, literals: cells.map { negated ? !$0 : $0 }))
            #expect(Self.countModels(solver, of: cells) == expected)
        }
    }

    @Test func `connectivity together with random clauses`() {
        var random = SplitMix(seed: 3)
        for _ in 0..<300 {
            let clauses = Self.formula(variables: 12, clauses: 8, random: &random)
            let expected = (0..<1 << 12).count {
                Self.holds(clauses, in: $0) && Self.isConnected($0, width: 4, height: 3)
            }
            let solver = SatSolver()
            let cells = solver.addVariables(12)
            for clause in clauses { solver.add(clause) }
            solver.add(ConnectivityTheory(width: 4, height: 3, literals: cells))
            #expect(Self.countModels(solver, of: cells) == expected)
        }
    }

    @Test func `cardinality has exactly the models of those sizes, and does not bind while its selector is off`() {
        for size in 1...6 {
            for low in 0...size {
                for high in low...size {
                    let solver = SatSolver()
                    let cells = solver.addVariables(size)
                    let selector = solver.addVariable(decided: false)
                    let theory = CardinalityTheory()
                    theory.add(when: selector, low...high, of: cells)
                    solver.add(theory)
                    let expected = (0..<1 << size).count { (low...high).contains($0.nonzeroBitCount) }
                    #expect(Self.countModels(solver, of: cells, assuming: [selector]) == expected)
                    #expect(solver.core == [selector] || expected == 1 << size)
                    #expect(Self.countModels(solver, of: cells) == (1 << size) - expected)
                }
            }
        }
    }

    @Test func `many variables on many levels`() {
        // Far more variables than the first blocks hold, added between calls, and a decision level for each.
        let solver = SatSolver()
        var cells: [SatLiteral] = []
        for round in 1...6 {
            cells += solver.addVariables(400)
            solver.add(cells)
            #expect(solver.solve() == .satisfiable)
            #expect(cells.contains { solver.isTrue($0) })
            #expect(solver.variableCount == 400 * round)
        }
        for (first, second) in zip(cells, cells.dropFirst()) { solver.add(!first, second) }
        #expect(solver.solve(assuming: [cells[0], !cells[2399]]) == .unsatisfiable)
        #expect(Set(solver.core) == [cells[0], !cells[2399]])
    }
}
