import Checkpoints
import Tensors
import TestSupport
import Testing

@Suite struct SafetensorsTests {
    private static func file(_ header: String, dataSize: Int, length: UInt64? = nil) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendIntegers(length ?? UInt64(header.utf8.count))
        return bytes + Array(header.utf8) + (0..<dataSize).map { UInt8(truncatingIfNeeded: $0) }
    }

    private static func tensor(_ name: String, _ type: String, _ shape: String, _ begin: Int, _ end: Int) -> String {
        #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[\#(begin),\#(end)]}"#
    }

    private static func two(_ first: (Int, Int), _ second: (Int, Int)) -> String {
        "{" + tensor("a", "F32", "[2]", first.0, first.1) + "," + tensor("b", "F32", "[2]", second.0, second.1) + "}"
    }

    @Test(
        arguments: [
            ("{}", 4, nil, "tensors end at offset 0, but there are 4 bytes of data"),
            ("[]", 0, nil, "neither a safetensors file nor"),
            ("{", 0, nil, "header is not valid JSON"),
            ("{}", 0, 3, "header of 3 bytes in a file of 10 bytes"),
            ("{}", 0, UInt64(4 << 20) + 1, "header of 4194305 bytes, at most 4194304 are read"),
            ("{}", 0, .max, "header of 18446744073709551615 bytes, at most 4194304 are read"),
            (two((0, 8), (8, 16)), 15, nil, "data_offsets [8, 16] are not within the 15 bytes of data"),
            (two((0, 8), (8, 16)), 17, nil, "tensors end at offset 16, but there are 17 bytes of data"),
            (two((0, 8), (4, 12)), 12, nil, "tensor b: begins at offset 4 and overlaps a, which ends at 8"),
            (two((0, 8), (12, 20)), 20, nil, "tensor b: begins at offset 12 and leaves a gap after a, which ends at 8"),
            (two((4, 12), (12, 20)), 20, nil, "tensor a: begins at offset 4 and leaves a gap after the header"),
            (two((0, 8), (0, 8)), 8, nil, "tensor b: begins at offset 0 and overlaps a"),
            (two((8, 0), (8, 16)), 16, nil, "tensor a: data_offsets [8, 0] are not within"),
            (two((-8, 0), (0, 8)), 8, nil, "tensor a: data_offsets [-8, 0] are not within"),
            (
                "{" + tensor("a", "F32", "[3]", 0, 8) + "}", 8, nil,
                "shape [3] of F32 takes 12 bytes, data_offsets [0, 8]"
            ),
            ("{" + tensor("a", "F32", "[-2]", 0, 8) + "}", 8, nil, "tensor a: shape [-2] has a negative size"),
            (
                "{" + tensor("a", "F32", "[4294967296,4294967296]", 0, 8) + "}", 8, nil,
                "tensor a: shape [4294967296, 4294967296] has more elements than can be addressed"
            ),
            (
                "{" + tensor("a", "F32", "[9223372036854775807]", 0, 8) + "}", 8, nil,
                "more elements than can be addressed"
            ),
            ("{" + tensor("a", "F32", "[9223372036854775808]", 0, 8) + "}", 8, nil, "does not fit 64 bits"),
            ("{" + tensor("a", "F32", "[2.0]", 0, 8) + "}", 8, nil, "tensor a: shape is not an array of integers"),
            ("{" + tensor("a", "F32", "[1,1,1,1,1,1,1,1,2]", 0, 8) + "}", 8, nil, "tensor a: has 9 axes"),
            (
                "{" + tensor("a", "F32", "[2]", 0, 8) + "," + tensor("a", "F32", "[2]", 8, 16) + "}", 16, nil,
                "duplicate key"
            ),
            (#"{"a":{"shape":[2],"data_offsets":[0,8]}}"#, 8, nil, "tensor a: has no dtype"),
            (#"{"a":{"dtype":"F32","data_offsets":[0,8]}}"#, 8, nil, "tensor a: shape is not an array"),
            (#"{"a":{"dtype":"F32","shape":[2]}}"#, 8, nil, "tensor a: data_offsets is not an array of two integers"),
            (
                #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4,8]}}"#, 8, nil,
                "data_offsets is not an array of two"
            ),
            (#"{"a":7}"#, 0, nil, "tensor a: expected an object, found an integer"),
            (#"{"__metadata__":{"k":7}}"#, 0, nil, "__metadata__ 'k' is an integer, expected a string"),
            (#"{"__metadata__":7}"#, 0, nil, "__metadata__ is an integer"),
            (#"{"a":[[[[[]]]]]}"#, 0, nil, "header is not valid JSON: nested deeper than 4"),
        ] as [(String, Int, UInt64?, String)])
    func brokenFiles(header: String, dataSize: Int, length: UInt64?, expected: String) {
        let found = failure { _ = try stateDict(Self.file(header, dataSize: dataSize, length: length)) }
        #expect(found?.contains(expected) == true, "\(found ?? "accepted")")
    }

    @Test func everyTruncationIsRefused() throws {
        let bytes = Self.file(Self.two((0, 8), (8, 16)), dataSize: 16)
        #expect(try stateDict(bytes).tensors.count == 2)
        for length in 0..<bytes.count {
            #expect(throws: CheckpointError.self) { try stateDict(Array(bytes[..<length])) }
        }
    }

    @Test func emptyTensorsOtherTypesAndPadding() throws {
        let header =
            "{" + Self.tensor("empty", "F16", "[0,3]", 0, 0) + "," + Self.tensor("steps", "I64", "[1]", 0, 8) + ","
            + Self.tensor("half", "BF16", "[1]", 8, 10) + #","__metadata__":{"trm.task":"sudoku"}}      "#
        let state = try stateDict(Self.file(header, dataSize: 10))
        #expect(state.tensors["empty"]?.shape == [0, 3])
        #expect(state.tensors["half"]?.float32() == [Float(BFloat16(bitPattern: 0x0908))])
        #expect(state.unusable == ["steps": .type("I64")])
        #expect(state.metadata == ["trm.task": "sudoku"])
    }

    @Test func tokensOfTheGoldenVectors() throws {
        let file = try SafetensorsFile(path: RepositoryFiles.fixture("trm/mlp.float32.expected.safetensors"))
        let tokens = file.tensors.filter { $0.value.elementType == .int32 }
        #expect(!tokens.isEmpty)
        for (name, tensor) in tokens { #expect(tensor.int32()?.count == tensor.count, "\(name)") }
    }
}
