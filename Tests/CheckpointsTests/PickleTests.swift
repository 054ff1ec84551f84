import Checkpoints
import Tensors
import Testing

@Suite struct PickleTests {
    private static func archive(_ pickle: [UInt8]) -> [UInt8] {
        ZipBuilder(pickle: pickle, storages: ["0": (0..<24).map { UInt8($0) }]).bytes()
    }

    private func message(_ pickle: [UInt8]) -> String? { failure { _ = try wholeStateDict(Self.archive(pickle)) } }

    /// Whatever a pickle asks Python to import and call is not: what it would have made stays a name.
    @Test(arguments: [
        ("posix", "system"), ("builtins", "eval"), ("torch", "LongStorage"), ("torch._utils", "_rebuild_tensor"),
        ("argparse", "Namespace"), ("", ""),
    ])
    func foreignGlobals(module: String, name: String) throws {
        for isObject in [false, true] {
            var pickle = PickleBuilder()
            pickle.code("}(")
            pickle.string("w")
            pickle.tensor(count: 6, shape: [6], strides: [1])
            pickle.string("x")
            pickle.global(module, name)
            pickle.code("(")
            pickle.string("true")
            pickle.code("t")
            // REDUCE or NEWOBJ, then attributes and items for what was made.
            pickle.bytes += [isObject ? 0x81 : 0x52]
            pickle.code("}b}(")
            pickle.string("k")
            pickle.code("Nub]Na")
            pickle.code("0")
            pickle.code("u.")
            let state = try stateDict(Self.archive(pickle.bytes))
            #expect(state.tensors.keys.sorted() == ["w"])
            #expect(
                state.warnings == [
                    "there are Python objects in the file that nothing is read of, and nothing was run: \(module).\(name)",
                    "beside the tensors, and not read: x (an object of \(module).\(name))",
                ])
        }
    }

    /// A dictionary whose missing values are made by something is a dictionary.
    @Test func defaultDictionaries() throws {
        var pickle = PickleBuilder()
        pickle.global("collections", "defaultdict")
        pickle.global("torch", "zeros")
        pickle.bytes += [0x85, 0x52]
        pickle.code("(")
        pickle.string("w")
        pickle.tensor(count: 6, shape: [2], strides: [1])
        pickle.code("u.")
        let state = try stateDict(Self.archive(pickle.bytes))
        #expect(state.tensors["w"]?.shape == [2] && state.warnings == [])
    }

    @Test(
        arguments: [
            (0x97, "NEXT_BUFFER"), (0x69, "INST"), (0x6F, "OBJ"), (0x82, "EXT1"), (0x50, "PERSID"),
            (0x46, "FLOAT"), (0x67, "GET"), (0xFF, "unknown"), (0x00, "unknown"),
        ] as [(UInt8, String)])
    func foreignOpcodes(code: UInt8, name: String) {
        #expect(message([0x80, 2, code, 0x2E])?.hasSuffix("(\(name)) is not allowed, at byte 2") == true)
    }

    @Test(
        arguments: [
            ([], "does not begin with PROTO"),
            ([0x80], "ends before STOP"),
            ([0x80, 1], "protocol 1; 2 to 5 are read"),
            ([0x80, 6], "protocol 6; 2 to 5 are read"),
            ([0x80, 4], "ends before STOP"),
            ([0x80, 4, 0x95, 1], "ends before STOP"),
            ([0x80, 4, 0x95] + [UInt8](repeating: 0xFF, count: 8), "ends before STOP"),
            ([0x80, 4, 0x8D] + [UInt8](repeating: 0xFF, count: 8), "ends inside an opcode"),
            ([0x80, 4, 0x8E, 0, 0, 0, 0, 0, 0, 0, 0x80], "ends inside an opcode"),
            ([0x80, 4, 0x8E, 9, 0, 0, 0, 0, 0, 0, 0], "ends inside an opcode"),
            ([0x80, 4, 0x8C, 2, 0x61], "ends inside an opcode"),
            ([0x80, 4, 0x94], "uses an empty stack"),
            ([0x80, 4, 0x93], "pops an empty stack"),
            ([0x80, 4, 0x4E, 0x8C, 1, 0x61, 0x93], "named by None and a string, not two strings"),
            ([0x80, 4, 0x8F, 0x2E], "the file holds an object of set"),
            ([0x80, 4, 0x28, 0x4E, 0x91, 0x2E], "the file holds an object of frozenset"),
            ([0x80, 4, 0x8F, 0x28, 0x4E, 0x90, 0x2E], "the file holds an object of set"),
            ([0x80, 4, 0x4E, 0x28, 0x4E, 0x90], "appends to None"),
            ([0x80, 5, 0x96, 1, 0, 0, 0, 0, 0, 0, 0, 7, 0x2E], "the file holds an object of bytearray"),
            ([0x80, 3, 0x43, 2, 7, 7, 0x2E], "the file holds an object of bytes"),
            ([0x80, 4, 0x8B, 1, 0, 0, 0x80, 7], "ends inside an opcode"),
            ([0x80, 2], "ends before STOP"),
            ([0x80, 2, 0x2E], "pops an empty stack"),
            ([0x80, 2, 0x30], "pops an empty stack"),
            ([0x80, 2, 0x28, 0x2E], "pops an empty stack"),
            ([0x80, 2, 0x4E, 0x28, 0x30], "pops an empty stack"),
            ([0x80, 2, 0x74], "there is no mark"),
            ([0x80, 2, 0x68, 7], "nothing was stored in the memo under 7"),
            ([0x80, 2, 0x71, 7], "uses an empty stack"),
            ([0x80, 2, 0x58, 0xFF, 0xFF, 0xFF, 0x7F], "string of 2147483647 bytes"),
            ([0x80, 2, 0x58, 4, 0, 0, 0, 0x61], "ends inside an opcode"),
            ([0x80, 2, 0x58, 1, 0, 0, 0, 0xFF, 0x2E], "string is not UTF-8"),
            ([0x80, 2, 0x8A, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x2E], "the file holds an object of int"),
            ([0x80, 2, 0x4E, 0x29, 0x81, 0x2E], "the file holds an object of None"),
            ([0x80, 2, 0x4E, 0x4E, 0x61], "appends to None"),
            ([0x80, 2, 0x5D, 0x4E, 0x4E, 0x73], "sets items of a list"),
            ([0x80, 2, 0x7D, 0x28, 0x4E, 0x75], "a key without a value"),
            ([0x80, 2, 0x4E, 0x4E, 0x62], "sets the state of None"),
            ([0x80, 2, 0x4E, 0x29, 0x52], "calls None with a tuple"),
            ([0x80, 2, 0x29, 0x51], "persistent id is not a tuple of 5"),
            ([0x80, 2, 0x63] + [UInt8](repeating: 0x61, count: 300), "not ended by a newline"),
            ([0x80, 2, 0x5D, 0x2E], "the file holds a list"),
            ([0x80, 2, 0x7D, 0x2E], "there is no dict of tensors"),
            ([0x80, 2, 0x7D, 0x4B, 1, 0x4E, 0x73, 0x2E], "there is no dict of tensors"),
        ] as [([UInt8], String)])
    func brokenPickles(pickle: [UInt8], expected: String) {
        let found = message(pickle)
        #expect(found?.contains(expected) == true, "\(found ?? "accepted")")
    }

    @Test(
        arguments: [
            ([24], [1], 0, 24, "should have 24 elements of 4 bytes"),
            ([7], [1], 0, 6, "reaches element 6 of a storage of 6"),
            ([6], [1], 1, 6, "reaches element 6 of a storage of 6"),
            ([2], [6], 0, 6, "reaches element 6 of a storage of 6"),
            ([6], [1], -1, 6, "storage offset is not a number from 0 on"),
            ([6], [1], .max, 6, "more elements than can be addressed"),
            ([-6], [1], 0, 6, "size has a negative number, -6"),
            ([6], [-1], 0, 6, "stride has a negative number, -1"),
            ([.max, .max], [1, 1], 0, 6, "more elements than can be addressed"),
            ([1 << 32, 1 << 32], [0, 0], 0, 6, "more elements than can be addressed"),
            ([2, 2], [.max, 1], 0, 6, "more elements than can be addressed"),
            ([1 << 40], [0], 0, 6, "more elements than its storage (6)"),
            ([7], [0], 0, 6, "more elements than its storage (6)"),
            ([2, 3], [3], 0, 6, "2 sizes but 1 strides"),
            ([1, 1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1, 1, 1], 0, 6, "tensor with 9 axes"),
            ([0], [1], 7, 6, "starts at element 7 of a storage of 6"),
            ([6], [1], 0, -6, "storage '0' has no valid number of elements"),
            ([6], [1], 0, .max, "should have 9223372036854775807 elements"),
        ] as [([Int64], [Int64], Int64, Int64, String)])
    func tensorsOutsideTheirStorage(
        shape: [Int64], strides: [Int64], offset: Int64, count: Int64, expected: String
    ) {
        let pickle = PickleBuilder.oneTensor(count: count, offset: offset, shape: shape, strides: strides)
        let found = message(pickle)
        #expect(found?.contains(expected) == true, "\(found ?? "accepted")")
    }

    @Test(
        arguments: [
            ([2, 3], [1, 2], 0, [0, 2, 4, 1, 3, 5]),
            ([2, 2], [3, 2], 0, [0, 2, 3, 5]),
            ([3], [2], 1, [1, 3, 5]),
            ([2], [1], 4, [4, 5]),
            ([2, 1, 2], [1, .max, 2], 1, [1, 3, 2, 4]),
            ([1, 3, 1], [.max, 1, .max], 2, [2, 3, 4]),
            ([2, 2], [0, 1], 3, [3, 4, 3, 4]),
            ([], [], 5, [5]),
            ([0, 3], [3, 1], 6, []),
        ] as [([Int64], [Int64], Int64, [Float])])
    func stridesAndOffsets(shape: [Int64], strides: [Int64], offset: Int64, expected: [Float]) throws {
        let pickle = PickleBuilder.oneTensor(
            storage: "HalfStorage", count: 6, offset: offset, shape: shape, strides: strides)
        let storage = (0..<6).flatMap { withUnsafeBytes(of: Half(Float($0)).bitPattern) { Array($0) } }
        let state = try stateDict(ZipBuilder(pickle: pickle, storages: ["0": storage]).bytes())
        #expect(state.tensors["w"]?.shape == shape.map { Int($0) })
        #expect(state.tensors["w"]?.float32() == expected)
    }

    @Test func lengthsAndDepthsAreCapped() {
        let deep = [0x80, 2] + [UInt8](repeating: 0x28, count: 2000) + [0x2E]
        #expect(message(deep)?.contains("more than 1024 nested marks") == true)
        let wide = [0x80, 2] + [UInt8](repeating: 0x4E, count: 1 << 20 + 1) + [0x2E]
        #expect(message(wide)?.contains("stack of more than 1048576 values") == true)
        let many = [0x80, 2] + [[UInt8]](repeating: [0x7D, 0x30], count: 1 << 19 + 1).joined() + [0x2E]
        #expect(message(many)?.contains("more than 524288 tuples, lists and dicts") == true)
        let long = [0x80, 2] + [UInt8](repeating: 0x4E, count: 4 << 20)
        #expect(message(long)?.contains("pickle: 4194306 bytes, at most 4194304 are read") == true)
    }

    /// Each transposed view is copied; a thousand of them would take a thousand times the file.
    @Test func copiesMayNotExceedTheFile() {
        var pickle = PickleBuilder()
        pickle.code("}(")
        for index in 0..<1000 {
            pickle.string("\(index)")
            pickle.tensor(count: 100_000, shape: [2, 50_000], strides: [1, 2])
        }
        pickle.code("u.")
        let storage = [UInt8](repeating: 0, count: 400_000)
        let found = failure { _ = try stateDict(ZipBuilder(pickle: pickle.bytes, storages: ["0": storage]).bytes()) }
        #expect(found == "views of shared storages would take more memory than the file has bytes")
    }

    /// Half a million tuples inside each other, and a list and a dict that contain themselves, are read and freed.
    @Test func nestingAndCyclesDoNoHarm() {
        let nested = [0x80, 2, 0x29] + [UInt8](repeating: 0x85, count: 500_000) + [0x2E]
        #expect(message(nested)?.contains("the file holds a tuple") == true)
        // l = []; memo[0] = l; l.append(l)
        #expect(message([0x80, 2, 0x5D, 0x71, 0, 0x68, 0, 0x61, 0x2E])?.contains("the file holds a list") == true)
        // d = {}; memo[0] = d; d["model"] = d
        var cyclic = PickleBuilder()
        cyclic.bytes += [0x7D, 0x71, 0]
        cyclic.string("model")
        cyclic.bytes += [0x68, 0, 0x73, 0x2E]
        #expect(message(cyclic.bytes)?.contains("there is no dict of tensors") == true)
    }
}
