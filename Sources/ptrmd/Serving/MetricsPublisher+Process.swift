import CoreMetrics
import LineProtocol
import Platform
import Threading

extension MetricsPublisher {
    /// What every Prometheus client library tells of its process, by the same names, and what the program is.
    func updateProcess(_ version: VersionInfo) {
        let usage = ProcessUsage()
        func set(_ name: String, _ value: Int?) { if let value { Meter(label: name).set(Double(value)) } }
        set("process_resident_memory_bytes", usage.residentBytes)
        set("process_virtual_memory_bytes", usage.virtualBytes)
        set("process_open_fds", usage.openDescriptors)
        set("process_max_fds", usage.maxDescriptors)
        Meter(label: "process_start_time_seconds").set(startTime)
        Meter(
            label: "ptrmd_build_info",
            dimensions: [("version", version.version), ("instruction_set", version.instructionSet)]
        ).set(1)
        if let seconds = usage.cpuSeconds {
            let last = lastCPUSeconds.withLock { last in
                defer { last = seconds }
                return last
            }
            FloatingPointCounter(label: "process_cpu_seconds_total").increment(by: max(0, seconds - last))
        }
    }
}
