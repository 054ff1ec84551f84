// The template's primitives for fp32 activations in vector extensions; the instruction set's file defines LANES,
// TILE_ROWS and `fused` (a * b + c, with or without an intermediate rounding).

#define PAIR 1
typedef float vf __attribute__((vector_size(4 * LANES)));
typedef int32_t vi __attribute__((vector_size(4 * LANES)));
typedef uint32_t u_lanes __attribute__((vector_size(4 * LANES)));
typedef float vf_unaligned __attribute__((vector_size(4 * LANES), aligned(4)));
typedef vf vword;
typedef float element;
typedef float word;

/// Subtracting zero changes no bits, so the compiler drops it (adding zero it must keep: -0 + 0 is 0).
static inline __attribute__((always_inline)) vf splat(float value) { return value - (vf){0}; }
static inline __attribute__((always_inline)) vf load(const float *from) { return *(const vf_unaligned *)from; }
static inline __attribute__((always_inline)) void store(float *to, vf value) { *(vf_unaligned *)to = value; }
/// `a` where the mask is all ones, `b` where it is zero.
static inline __attribute__((always_inline)) vf choose(vi mask, vf a, vf b) {
    return (vf)(((vi)a & mask) | ((vi)b & ~mask));
}
static inline __attribute__((always_inline)) vf maximum(vf a, vf b) { return choose(a > b, a, b); }

#define load_words load
#define load_elements load
#define store_elements store
#define splat_word(from) splat(*(from))
#define multiply_add(sum, a, b) fused(a, b, sum)
#define load_paired(from, odd) load(from)
#define store_paired(to, even, odd) ((void)(odd), store(to, even))
#define narrow(value) (value)

static inline __attribute__((always_inline)) void transpose_words(const word *from, ptrdiff_t from_step, word *to,
                                                                  ptrdiff_t to_step) {
    for (int r = 0; r < LANES; r++) {
        for (int c = 0; c < LANES; c++) to[c * to_step + r] = from[r * from_step + c];
    }
}

/// e^x to about one unit in the last place; x is clamped to what a normal float can hold; NaN stays NaN.
static inline __attribute__((always_inline)) vf exponential(vf x) {
    const vf low = splat(-87.0f), high = splat(88.0f), magic = splat(0x1.8p23f);
    x = choose(x < low, low, x);
    x = choose(x > high, high, x);
    vf rounded = fused(x, splat(1.44269504088896341f), magic), n = rounded - magic;
    vf r = fused(n, splat(-0.693359375f), x);
    r = fused(n, splat(2.12194440e-4f), r);
    vf p = fused(splat(1.9875691500e-4f), r, splat(1.3981999507e-3f));
    p = fused(p, r, splat(8.3334519073e-3f));
    p = fused(p, r, splat(4.1665795894e-2f));
    p = fused(p, r, splat(1.6666665459e-1f));
    p = fused(p, r, splat(5.0000001201e-1f));
    p = fused(p * r, r, r) + splat(1);
    return p * (vf)(((vi)rounded << 23) + (127 << 23));
}

// Products of whole numbers have a sigmoid and a peak of their own.
#ifndef WHOLE_NUMBERS
static inline __attribute__((always_inline)) vf sigmoid(vf x) { return splat(1) / (splat(1) + exponential(-x)); }

/// Multiply-adds that never leave the registers.
static double NAME(peak)(int64_t iterations) {
    enum { chains = TILE_ROWS < 6 ? 14 : 2 * TILE_ROWS };  // enough to hide the latency of a multiply and an add
    vf sums[chains], factor = splat(0.5f), addend = splat(1e-3f);
    for (int i = 0; i < chains; i++) sums[i] = splat((float)i);
    for (int64_t n = 0; n < iterations; n++) {
        _Pragma("clang loop unroll(full)") for (int i = 0; i < chains; i++) {
            sums[i] = fused(sums[i], factor, addend);
            __asm__ volatile("" : REGISTER(sums[i]));
        }
    }
    return (double)iterations * chains * LANES * 2;
}
#endif
