// The template's primitives for bfloat16 activations with AVX-512 BF16; a word is a pair of bfloat16, the lower half first.

#include <immintrin.h>

#define LANES 16
#define PAIR 2
#define fused(a, b, c) _mm512_fmadd_ps(a, b, c)

typedef __m512 vf;
typedef __m512bh vword;
typedef uint16_t element;
typedef uint32_t word;

#define PRIMITIVE static inline __attribute__((always_inline))

PRIMITIVE vf splat(float value) { return _mm512_set1_ps(value); }
PRIMITIVE vf load(const float *from) { return _mm512_loadu_ps(from); }
PRIMITIVE void store(float *to, vf value) { _mm512_storeu_ps(to, value); }
PRIMITIVE vf maximum(vf a, vf b) { return _mm512_max_ps(a, b); }

PRIMITIVE vword load_words(const word *from) { return (vword)_mm512_loadu_si512(from); }
PRIMITIVE vword splat_word(const word *from) { return (vword)_mm512_set1_epi32((int)*from); }
PRIMITIVE vf multiply_add(vf sum, vword a, vword b) { return _mm512_dpbf16_ps(sum, b, a); }

PRIMITIVE vf load_elements(const element *from) {
    __m512i wide = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)from));
    return (vf)_mm512_slli_epi32(wide, 16);
}
PRIMITIVE void store_elements(element *to, vf value) {
    _mm256_storeu_si256((__m256i *)to, (__m256i)_mm512_cvtneps_pbh(value));
}
PRIMITIVE vf load_paired(const element *from, ptrdiff_t odd) {
    __m512i words = _mm512_loadu_si512(from);
    return (vf)(odd ? _mm512_and_si512(words, _mm512_set1_epi32((int)0xFFFF0000)) : _mm512_slli_epi32(words, 16));
}
PRIMITIVE void store_paired(element *to, vf even, vf odd) {
    const __m512i order = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6,
                                           21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
    __m512i both = (__m512i)_mm512_cvtne2ps_pbh(odd, even);
    _mm512_storeu_si512(to, _mm512_permutexvar_epi16(order, both));
}
PRIMITIVE element narrow(float value) {
    uint32_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    if (value != value) return (element)(bits >> 16 | 0x40);
    return (element)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

PRIMITIVE void transpose_words(const word *from, ptrdiff_t from_step, word *to, ptrdiff_t to_step) {
    for (int r = 0; r < LANES; r++) {
        for (int c = 0; c < LANES; c++) to[c * to_step + r] = from[r * from_step + c];
    }
}

/// e^x to about 2^-17, more than a bfloat16 holds, and 2^-125 at least: a much smaller result would not be a normal number,
/// and takes a CPU a hundred cycles. NaN stays NaN.
PRIMITIVE vf exponential(vf x) {
    vf t = x * splat(1.44269504088896341f);
    t = _mm512_max_ps(_mm512_set1_ps(-125), t);
    vf f = _mm512_reduce_ps(t, 0);
    // Minimax for 2^f on [-1/2, 1/2], relative error 2^-18.4.
    vf p = fused(splat(9.58285e-3f), f, splat(5.590643e-2f));
    p = fused(p, f, splat(2.4024099e-1f));
    p = fused(p, f, splat(6.9312419e-1f));
    p = fused(p, f, splat(1));
    return _mm512_scalef_ps(p, t - f);
}

PRIMITIVE vf sigmoid(vf x) { return _mm512_rcp14_ps(splat(1) + exponential(-x)); }
