import Checkpoints

/// How a head's channels are laid out: padded to whole panels, and for queries and keys split into two halves that
/// share a panel, so that rotary position encoding finds both channels of a rotation in one register tile.
struct HeadMaps {
    var qkv: [Int32] = []
    var output: [Int32] = []

    init(_ config: ModelConfig, width: Int, lanes: Int) {
        let size = config.headSize
        let half = (size + 1) / 2
        for section in 0..<3 {
            for head in 0..<config.numHeads {
                let base = section * config.hiddenSize + head * size
                for column in 0..<width {
                    let (block, lane) = column.quotientAndRemainder(dividingBy: lanes)
                    let channel: Int
                    if section == 2 {
                        channel = column < size ? column : -1
                    } else {
                        let place = block / 2 * lanes + lane
                        channel =
                            block % 2 == 0 ? (place < half ? place : -1) : (place < size - half ? half + place : -1)
                    }
                    qkv.append(channel < 0 ? -1 : Int32(base + channel))
                }
            }
        }
        for head in 0..<config.numHeads {
            for column in 0..<width { output.append(column < size ? Int32(head * size + column) : -1) }
        }
    }

    /// Channels of a head after padding.
    static func width(_ config: ModelConfig, lanes: Int) -> Int {
        ((config.headSize + 1) / 2 + lanes - 1) / lanes * lanes * 2
    }
}
