#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

// Threading holds what code outside Swift's cooperative pool needs: threads of our own, a lock they can sleep on, and
// the clock that their deadlines are in.

/// A thread of our own, outside Swift's cooperative pool, that runs `body` to its end.
///
///     guard let thread = DedicatedThread(name: "ptrm-example", { work() }) else { return }
///     thread.join()
package struct DedicatedThread: Sendable {
    /// The pthread handle's bits: a pointer on some systems, an integer on others.
    private let handle: UInt

    /// Starts the thread. Nil when the system has no thread to give.
    package init?(name: String, stackSize: Int = 1 << 20, _ body: @escaping @Sendable () -> Void) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, stackSize)
        defer { pthread_attr_destroy(&attributes) }
        let box = Unmanaged.passRetained(Box(name: name, body: body))
        #if canImport(Darwin)
            var handle: pthread_t?
        #else
            var handle = pthread_t()
        #endif
        let status = pthread_create(&handle, &attributes, { Self.main($0) }, box.toOpaque())
        guard status == 0 else {
            box.release()
            return nil
        }
        #if canImport(Darwin)
            self.handle = UInt(bitPattern: handle)
        #else
            self.handle = UInt(handle)
        #endif
    }

    /// Waits until the body has returned; to be called once.
    package func join() {
        #if canImport(Darwin)
            if let handle = pthread_t(bitPattern: handle) { pthread_join(handle, nil) }
        #else
            pthread_join(pthread_t(handle), nil)
        #endif
    }

    /// Nobody will `join`: the system takes the thread back when its body has returned.
    package func detach() {
        #if canImport(Darwin)
            if let handle = pthread_t(bitPattern: handle) { pthread_detach(handle) }
        #else
            pthread_detach(pthread_t(handle))
        #endif
    }

    private static func main(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let argument else { return nil }
        let box = Unmanaged<Box>.fromOpaque(argument).takeRetainedValue()
        #if canImport(Darwin)
            pthread_setname_np(box.name)
        #else
            // Glibc's module hides pthread_setname_np; the kernel's file does the same. It keeps 15 characters.
            let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
            if file >= 0 {
                _ = box.name.utf8.withContiguousStorageIfAvailable { write(file, $0.baseAddress, min(15, $0.count)) }
                close(file)
            }
            takeNicenessOfProcess()
        #endif
        box.body()
        return nil
    }

    #if !canImport(Darwin)
        /// Linux keeps a niceness for each thread, new ones have that of the thread that starts them, and Swift's pool
        /// sets its own where it may (as root). `nice ptrmd` must apply to the compute threads too.
        private static func takeNicenessOfProcess() {
            let process: Int32 = 0  // PRIO_PROCESS, which Glibc and Musl import as different types
            setpriority(process, 0, getpriority(process, id_t(getpid())))
        }
    #endif

    private final class Box: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
