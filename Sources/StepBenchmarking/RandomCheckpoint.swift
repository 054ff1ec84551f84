package import Checkpoints
import JSON
import Tensors

extension Checkpoint {
    /// A model of `config` with random weights of the reference's initial scale, for measuring speed: the same tensors
    /// for the same seed.
    package static func random(_ config: ModelConfig, seed: UInt64) throws(CheckpointError) -> Checkpoint {
        var state = seed
        func uniform() -> Float {
            // SplitMix64; a uniform number of unit variance serves as well as a normal one here.
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return (Float((z ^ (z >> 31)) >> 40) * 0x1p-24 - 0.5) * 3.4641016
        }
        var tensors: [String: Tensor] = [:]
        for (name, shape) in config.expectedShapes.sorted(by: { $0.key < $1.key }) {
            let scale = 1 / Float(shape.last ?? 1).squareRoot()
            let values = (0..<shape.reduce(1, *)).map { _ in uniform() * (shape.count == 1 ? 1 : scale) }
            do { tensors[name] = try Tensor(values, shape: shape) } catch {
                throw CheckpointError("tensor \(name): \(error)")
            }
        }
        let bytes = SafetensorsWriter.bytes(tensors: tensors, metadata: ["trm.config": config.json.text])
        return try load(bytes.withUnsafeBytes { AlignedStorage(copying: $0) }, name: "random weights")
    }
}
