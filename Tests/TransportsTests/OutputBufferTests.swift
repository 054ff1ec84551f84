import Randomness
import TestSupport
import Testing
import Transports

@Suite struct OutputBufferTests {
    private static func line(_ text: String) -> [UInt8] { Array((text + "\n").utf8) }

    /// Whatever the reader takes at a time, the bytes come in order and none is lost or doubled.
    @Test(arguments: 0..<30) func bytesComeInOrderInWhateverPieces(seed: UInt64) {
        var random = SplitMix(seed: seed)
        var buffer = OutputBuffer()
        var expected: [UInt8] = []
        var read: [UInt8] = []
        for number in 0..<200 {
            let line = Self.line(String(repeating: "x", count: .random(in: 0...3000, using: &random)) + "\(number)")
            buffer.append(line)
            expected += line
            if Bool.random(using: &random) {
                var budget = Int.random(in: 0...5000, using: &random)
                buffer.drain { bytes in
                    guard budget > 0 else { return nil }
                    let count = min(budget, bytes.count)
                    read += bytes[..<count]
                    budget -= count
                    return count
                }
            }
            #expect(buffer.count == expected.count - read.count)
        }
        buffer.drain { bytes in
            read += bytes
            return bytes.count
        }
        #expect(read == expected && buffer.isEmpty)
    }

    @Test func itIsFullFromTheHighMarkToTheLowMark() {
        var limits = OutputBuffer.Limits()
        (limits.high, limits.low, limits.progress) = (100, 50, 20)
        var buffer = OutputBuffer(limits: limits)
        func take(_ count: Int) {
            var left = count
            buffer.drain { bytes in
                guard left > 0 else { return nil }
                let taken = min(left, bytes.count)
                left -= taken
                return taken
            }
        }
        buffer.append([UInt8](repeating: 1, count: 99))
        #expect(!buffer.isFull)
        buffer.append([1])
        #expect(buffer.isFull)
        take(50)
        #expect(buffer.isFull && buffer.count == 50)
        take(1)
        #expect(!buffer.isFull && buffer.count == 49)
    }

    @Test func progressIsDroppedForASlowReaderAndNothingElse() {
        var limits = OutputBuffer.Limits()
        limits.progress = 30
        var buffer = OutputBuffer(limits: limits)
        var expected: [UInt8] = []
        for number in 0..<10 {
            buffer.appendProgress([UInt8](repeating: 7, count: 10))
            let terminal = Self.line("terminal \(number)")
            buffer.append(terminal)
            expected += terminal
        }
        #expect(buffer.dropped == 9)
        var read: [UInt8] = []
        buffer.drain { bytes in
            read += bytes
            return bytes.count
        }
        #expect(read.filter { $0 != 7 } == expected)
        buffer.appendProgress([7])
        #expect(buffer.count == 1)
    }
}
