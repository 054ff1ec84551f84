import Checkpoints
import TestSupport
import Testing

/// Configurations of training runs, read beside `checkpoints/views.pt`: seq_len 3, one slot.
@Suite struct ConfigFileTests {
    private func load(_ yaml: String, seqLen: Int? = nil) throws -> Checkpoint {
        let folder = try TemporaryFolder()
        let config = try folder.write(yaml, as: "all_config.yaml")
        return try Checkpoint.load(
            path: RepositoryFiles.fixture("checkpoints/views.pt"), configPath: config, seqLen: seqLen)
    }

    private static let cycles = "H_cycles: 2\nL_cycles: 3\nexpansion: 4\n"

    @Test(arguments: [
        cycles + "puzzle_emb_len: 1\n",
        "arch:\n  H_cycles: 2\n  L_cycles: 3\n  expansion: 4.0\n  puzzle_emb_len: 1\n",
        // Keys of `arch` count before the same keys beside it.
        "H_cycles: 9\narch: {H_cycles: 2, L_cycles: 3, expansion: 4, puzzle_emb_len: 1}\nL_cycles: 9\n",
        cycles + "puzzle_emb_len: 0\n",
        cycles + "puzzle_emb_len: 1\nmlp_t: true\npos_encodings: none\nseq_len: 3\nnum_heads: null\n",
        #"{"H_cycles": 2, "L_cycles": 3, "expansion": 4, "puzzle_emb_len": 1, "data_paths": ["data/sudoku"]}"#,
    ])
    func whatTheShapesTellMayBeLeftOut(yaml: String) throws {
        let config = try load(yaml).config
        #expect(config.seqLen == 3)
        #expect(config.puzzleSlots == 1)
        #expect(config.hiddenSize == 4)
        #expect(config.lLayers == 1)
        #expect(config.mlpT)
        #expect((config.hCycles, config.lCycles) == (2, 3))
    }

    /// As the public repository's `config/arch/trm.yaml` has them, not yet resolved.
    @Test(
        arguments: [
            ("hidden_size: 4\npuzzle_emb_ndim: ${.hidden_size}\n", nil),
            ("arch:\n  hidden_size: 4\n  puzzle_emb_ndim: ${.hidden_size}\n", nil),
            ("width: 4\nhidden_size: ${.width}\npuzzle_emb_ndim: ${.hidden_size}\n", nil),
            (
                "puzzle_emb_ndim: ${.hidden}\n",
                "'puzzle_emb_ndim' is '${.hidden}', of which only ${.KEY} is resolved, with KEY a key beside it, expected an "
                    + "integer"
            ),
            ("puzzle_emb_ndim: ${arch.hidden_size}\n", "'puzzle_emb_ndim' is '${arch.hidden_size}', of which only"),
            ("hidden_size: ${.puzzle_emb_ndim}\npuzzle_emb_ndim: ${.hidden_size}\n", "of which only"),
            ("lr: ${oc.env:LR}\n", nil),
        ] as [(String, String?)])
    func interpolations(yaml: String, message: String?) throws {
        let found = failure {
            let config = try load(Self.cycles + "puzzle_emb_len: 1\n" + yaml).config
            #expect(config.puzzleEmbNdim == 4)
        }
        #expect(message == nil ? found == nil : found?.contains(message ?? "") == true, "\(found ?? "accepted")")
    }

    @Test func theTaskTellsHowManySlotsThereAre() throws {
        #expect(try load(Self.cycles, seqLen: 3).config.puzzleEmbLen == 1)
        // Without it the reference's default holds, for which there are not enough positions.
        #expect(failure { _ = try load(Self.cycles) }?.hasSuffix("config: seq_len is -12, expected 1 to 65536") == true)
    }

    @Test func aliasesAndTagsAreOnlyWarnedOf() throws {
        let yaml = Self.cycles + "puzzle_emb_len: 1\npaths: &p [a]\nmore: *p\nargs: !!python/tuple [1]\n"
        let warnings = try load(yaml).warnings
        #expect(warnings.count == 3)
        #expect(warnings.allSatisfy { $0.contains("all_config.yaml:") })
    }

    @Test(arguments: [
        ("", "all_config.yaml: is empty"),
        ("- 1\n", "all_config.yaml:1:1: expected a mapping"),
        ("a: [", "all_config.yaml:"),
        (cycles + "arch:\n  H_cycles: two\n", "all_config.yaml:5:13: 'H_cycles' is 'two', expected an integer"),
        (cycles + "arch:\n  H_cycles: [2]\n", "all_config.yaml:5:13: 'H_cycles' is a sequence, expected an integer"),
        (cycles + "arch:\n  mlp_t: yes\n", "all_config.yaml:5:10: 'mlp_t' is 'yes', expected true or false"),
        ("L_cycles: 3\nexpansion: 4\n", "all_config.yaml: has no 'H_cycles'"),
        (cycles + "mlp_t: false\n", "all_config.yaml: has no 'num_heads'"),
        (cycles + "mlp_t: false\nnum_heads: 2\n", "all_config.yaml: has no 'pos_encodings'"),
    ])
    func whatIsWrong(yaml: String, expected: String) {
        let message = failure { _ = try load(yaml) }
        #expect(message?.contains(expected) == true, "\(message ?? "accepted")")
    }

    @Test func withoutAnyConfiguration() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(try fixtureBytes("checkpoints/views.pt"), as: "step_100")
        #expect(
            failure { _ = try Checkpoint.load(path: path) }
                == "\(path): has no configuration: no trm.config in its metadata, and there is no all_config.yaml beside it"
        )
        #expect(
            failure { _ = try Checkpoint.load(path: path, configPath: folder.path + "/no.yaml") }
                == "\(folder.path)/no.yaml: cannot open: No such file or directory")
        _ = try folder.write(Self.cycles + "puzzle_emb_len: 1\n", as: "all_config.yaml")
        #expect(try Checkpoint.load(path: path).config.seqLen == 3)
    }
}
