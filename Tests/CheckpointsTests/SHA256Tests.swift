import Checkpoints
import Testing

@Suite struct SHA256Tests {
    /// FIPS 180-4's examples as NIST publishes them (Cryptographic Standards and Guidelines, example values).
    @Test(arguments: [
        ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            1, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
        ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func knownAnswers(text: String, times: Int, expected: String) {
        let message = Array(String(repeating: text, count: times).utf8)
        #expect(message.withUnsafeBytes { SHA256.hexDigest(of: $0) } == expected)
    }

    /// Around every length at which the padding takes another block, in one piece and in pieces.
    @Test func piecesGiveTheSameDigest() {
        for length in 0...200 {
            let message = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            var whole = SHA256()
            message.withUnsafeBytes { whole.update($0) }
            let expected = whole.finalize()
            for size in [1, 3, 63, 64, 65] {
                var pieces = SHA256()
                for start in stride(from: 0, to: length, by: size) {
                    message[start..<min(start + size, length)].withUnsafeBytes { pieces.update($0) }
                }
                #expect(pieces.finalize() == expected)
            }
        }
    }
}
