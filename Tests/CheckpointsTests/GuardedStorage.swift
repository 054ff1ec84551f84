import Tensors

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Bytes that end at a page which may not be touched, so that reading one byte too far ends the test run.
///
/// `@unchecked Sendable`: the bytes are written before `init` returns and never again.
final class GuardedStorage: TensorStorage, @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer
    private let region: UnsafeMutableRawBufferPointer

    init?(_ contents: [UInt8]) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let readable = (contents.count + page) / page * page
        let size = readable + 2 * page
        guard let address = mmap(nil, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), address != MAP_FAILED else {
            return nil
        }
        // A page in front may not be touched either.
        guard mprotect(address + page, readable, PROT_READ | PROT_WRITE) == 0 else {
            munmap(address, size)
            return nil
        }
        region = UnsafeMutableRawBufferPointer(start: address, count: size)
        let start = page + readable - contents.count
        let target = UnsafeMutableRawBufferPointer(rebasing: region[start..<page + readable])
        target.copyBytes(from: contents)
        bytes = UnsafeRawBufferPointer(target)
    }

    deinit { munmap(region.baseAddress, region.count) }
}
