extension ModelConfig {
    /// Refuses values with which the arithmetic would have no meaning, or no end. After this, every product of two
    /// sizes fits an `Int`.
    func validate() throws(CheckpointError) {
        func check(_ key: String, _ value: Int, _ range: ClosedRange<Int>) throws(CheckpointError) {
            guard range.contains(value) else {
                throw CheckpointError("config: \(key) is \(value), expected \(range.lowerBound) to \(range.upperBound)")
            }
        }
        try check("seq_len", seqLen, 1...1 << 16)
        try check("vocab_size", vocabSize, 1...1 << 20)
        try check("hidden_size", hiddenSize, 1...1 << 16)
        try check("num_heads", numHeads, 1...1 << 10)
        try check("H_cycles", hCycles, 1...1 << 10)
        try check("L_cycles", lCycles, 1...1 << 10)
        try check("L_layers", lLayers, 1...1 << 10)
        if architecture == .hrm { try check("H_layers", hLayers, 1...1 << 10) }
        // The reference updates each of its latents at most once in a cycle.
        if architecture == .hier6 { try check("L_cycles", lCycles, 1...Self.hier6Latents) }
        // The sets of candidates are words of 64 bits.
        if architecture == .ldt { try check("vocab_size", vocabSize, 2...64) }
        try check("q_outputs", qOutputs, 1...2)
        try check("puzzle_emb_ndim", puzzleEmbNdim, 0...1 << 20)
        try check("puzzle_emb_len", puzzleEmbLen, 0...1 << 16)
        try check("num_puzzle_identifiers", numPuzzleIdentifiers, 0...1 << 31)
        // Logits and latents: 1 GiB of float32 each at most, hundreds of times what the public models have.
        for (key, width) in [("vocab_size", vocabSize), ("hidden_size", hiddenSize)]
        where positions * width > 1 << 28 {
            throw CheckpointError(
                "config: \(positions) positions (seq_len and puzzle_emb_len) of \(key) \(width) are "
                    + "\(positions * width) numbers, expected at most \(1 << 28)")
        }
        guard expansion > 0, expansion <= 256 else {
            throw CheckpointError("config: expansion is \(expansion), expected more than 0 and at most 256")
        }
        guard rmsNormEps >= 0, rmsNormEps <= 1 else {
            throw CheckpointError("config: rms_norm_eps is \(rmsNormEps), expected 0 to 1")
        }
        guard ropeTheta > 0, ropeTheta.isFinite else {
            throw CheckpointError("config: rope_theta is \(ropeTheta), expected a number above 0")
        }
        guard mlpT || hiddenSize.isMultiple(of: numHeads) else {
            throw CheckpointError("config: hidden_size \(hiddenSize) is not a multiple of num_heads \(numHeads)")
        }
        guard mlpT || posEncodings != .rope || headSize.isMultiple(of: 2) else {
            throw CheckpointError("config: rotary positions need an even head size, found \(headSize)")
        }
        guard mlpT || posEncodings != .rope2D || headSize.isMultiple(of: 4) else {
            throw CheckpointError("config: rotary positions in 2d need a head size in fours, found \(headSize)")
        }
        guard (convolution != .board && posEncodings != .rope2D) || boardSide * boardSide == seqLen else {
            throw CheckpointError("config: seq_len is \(seqLen), expected the cells of a square board")
        }
        guard puzzleEmbNdim <= puzzleSlots * hiddenSize else {
            throw CheckpointError(
                "config: puzzle_emb_ndim \(puzzleEmbNdim) does not fit in \(puzzleSlots) slots (puzzle_emb_len) of "
                    + "\(hiddenSize)")
        }
        guard puzzleEmbNdim == 0 || numPuzzleIdentifiers > 0 else {
            throw CheckpointError("config: puzzle_emb_ndim is \(puzzleEmbNdim) but num_puzzle_identifiers is 0")
        }
    }
}
