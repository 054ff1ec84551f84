import Benchmark
import Checkpoints
import StepBenchmarking
import TRM

// Supervision steps of one rollout on one thread, for each shape and instruction set that this CPU runs. Rates are
// only comparable within a run; `ptrmd bench` prints the share of the CPU's peak.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .throughput], warmupIterations: 1, maxDuration: .seconds(3), maxIterations: 10_000)
    kernelBenchmarks()
    for isa in InstructionSet.allCases where isa.isSupported {
        for shape in BenchmarkShape.allCases {
            Benchmark("step \(shape.rawValue) \(isa.rawValue)") { benchmark in
                let checkpoint = try Checkpoint.random(shape.config, seed: 1)
                let model = try TRMModel(checkpoint, instructionSet: isa)
                let workspace = model.makeWorkspace()
                let tokens = [Int32](repeating: 1, count: model.config.seqLen)
                let noise = StepNoise(seed: 1, rollout: 1, step: 1, sigma: 0.2, target: .zL)
                let embedding = try model.embed(tokens: tokens)
                var slots = [StepSlot(carry: model.makeCarry(), embedding: embedding, noise: noise)]
                benchmark.startMeasurement()
                for _ in benchmark.scaledIterations { model.step(&slots, in: workspace) }
                benchmark.stopMeasurement()
                blackHole(slots)
            }
        }
    }
}
