import CKernels
import Testing

/// The rule by which a CPU's instruction set is chosen, for CPUs that this machine is not.
@Suite struct ChoiceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var vendor = ""
        var family = 6
        var avx2 = true
        var avx512 = false
        var avx512bf16 = false
        var amx = false
        var vnni = false
        var takesInt8 = false
        var choice: ptrm_isa
        var testDescription: String { name }

        var cpu: ptrm_cpu {
            var cpu = ptrm_cpu()
            withUnsafeMutableBytes(of: &cpu.vendor) { $0.copyBytes(from: vendor.utf8.prefix(12)) }
            (cpu.family, cpu.avx2, cpu.avx512) = (Int32(family), avx2, avx512)
            (cpu.avx512bf16, cpu.amx) = (avx512bf16, amx)
            (cpu.avxvnni, cpu.avx512vnni) = (vnni, vnni && avx512)
            return cpu
        }
    }

    static let (intel, amd) = ("GenuineIntel", "AuthenticAMD")
    static let cases = [
        Case(name: "Arm", family: 0, avx2: false, choice: PTRM_ISA_GENERIC),
        Case(name: "Nehalem", vendor: intel, avx2: false, choice: PTRM_ISA_GENERIC),
        Case(name: "Haswell", vendor: intel, choice: PTRM_ISA_AVX2),
        Case(name: "Alder Lake", vendor: intel, vnni: true, takesInt8: true, choice: PTRM_ISA_AVX2),
        Case(name: "Zen 2", vendor: amd, family: 0x17, choice: PTRM_ISA_AVX2),
        Case(name: "Zen 3", vendor: amd, family: 0x19, choice: PTRM_ISA_AVX2),
        Case(name: "Skylake server", vendor: intel, avx512: true, choice: PTRM_ISA_AVX512),
        Case(
            name: "Cooper Lake", vendor: intel, avx512: true, avx512bf16: true, vnni: true, takesInt8: true,
            choice: PTRM_ISA_AVX512),
        Case(
            name: "Sapphire Rapids", vendor: intel, avx512: true, avx512bf16: true, amx: true, vnni: true,
            choice: PTRM_ISA_AMX),
        Case(
            name: "Emerald Rapids without AMX", vendor: intel, avx512: true, avx512bf16: true, vnni: true,
            takesInt8: true, choice: PTRM_ISA_AVX512),
        Case(
            name: "Zen 4", vendor: amd, family: 0x19, avx512: true, avx512bf16: true, vnni: true,
            takesInt8: true, choice: PTRM_ISA_AVX512BF16),
        Case(
            name: "Zen 5", vendor: amd, family: 0x1A, avx512: true, avx512bf16: true, vnni: true,
            takesInt8: true, choice: PTRM_ISA_AVX512BF16),
        Case(name: "another maker", vendor: "x", family: 7, avx512: true, avx512bf16: true, choice: PTRM_ISA_AVX512),
    ]

    @Test(arguments: cases)
    func choice(_ test: Case) {
        var cpu = test.cpu
        let choice = ptrm_choose(&cpu)
        #expect(choice.isa == test.choice)
        #expect(!String(cString: choice.reason).isEmpty)
        let int8 = ptrm_choose_int8(&cpu, choice.isa)
        #expect(int8.is_taken == test.takesInt8)
        #expect(!String(cString: int8.reason).isEmpty)
    }

    @Test("This CPU runs what is chosen for it, and every unit that is listed does something")
    func thisCPU() {
        var cpu = ptrm_this_cpu()
        #expect(ptrm_isa_supported(ptrm_choose(&cpu).isa))
        let room = Int(PTRM_MOST_UNITS)
        let units = [ptrm_unit](unsafeUninitializedCapacity: room) { units, count in
            if let base = units.baseAddress { count = ptrm_list_units(base) }
        }
        #expect((1...room).contains(units.count))
        #expect(Set(units.map { String(cString: $0.name) }).count == units.count)
        for unit in units { #expect(unit.peak(1000) > 0) }
    }
}
