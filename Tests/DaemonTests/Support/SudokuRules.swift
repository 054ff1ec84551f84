/// Sudoku's rules once more, so that what the program calls solved is not judged by its own checker.
enum SudokuRules {
    /// Whether the answer fills in the givens and has every digit once in each row, column and box.
    static func solves(_ answer: String, _ givens: String) -> Bool {
        let answer = Array(answer.utf8)
        let givens = Array(givens.utf8)
        guard answer.count == 81, givens.count == 81 else { return false }
        guard zip(answer, givens).allSatisfy({ $1 == UInt8(ascii: ".") || $0 == $1 }) else { return false }
        let digits = Set(UInt8(ascii: "1")...UInt8(ascii: "9"))
        return (0..<9).allSatisfy { unit in
            let row = (0..<9).map { answer[9 * unit + $0] }
            let column = (0..<9).map { answer[9 * $0 + unit] }
            let box = (0..<9).map { answer[27 * (unit / 3) + 3 * (unit % 3) + 9 * ($0 / 3) + $0 % 3] }
            return Set(row) == digits && Set(column) == digits && Set(box) == digits
        }
    }
}
