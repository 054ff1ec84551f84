// Normal deviates from counters: Philox 4x32-10 and Box-Muller with this file's own logarithm, sine and cosine.
// Written in 16-lane vectors that the compiler splits as the instruction set needs; multiplication and addition are
// never contracted, so every instruction set computes the same bits.

typedef uint32_t u16x __attribute__((vector_size(64)));
typedef int32_t i16x __attribute__((vector_size(64)));
typedef uint64_t w16x __attribute__((vector_size(128)));
typedef float f16x __attribute__((vector_size(64)));

/// Ten rounds on 16 counters, in place.
static inline __attribute__((always_inline)) void philox(u16x *x0, u16x *x1, u16x *x2, u16x *x3, uint32_t key0,
                                                         uint32_t key1) {
    for (int round = 0; round < 10; round++) {
        w16x product0 = __builtin_convertvector(*x0, w16x) * 0xD2511F53u;
        w16x product1 = __builtin_convertvector(*x2, w16x) * 0xCD9E8D57u;
        u16x high0 = __builtin_convertvector(product0 >> 32, u16x), low0 = *x0 * 0xD2511F53u;
        u16x high1 = __builtin_convertvector(product1 >> 32, u16x), low1 = *x2 * 0xCD9E8D57u;
        *x0 = high1 ^ *x1 ^ key0;
        *x1 = low1;
        *x2 = high0 ^ *x3 ^ key1;
        *x3 = low0;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
}

/// Two independent N(0, 1) from two uniform words.
static inline __attribute__((always_inline)) void box_muller(const u16x *first, const u16x *second,
                                                             f16x *cosine_part, f16x *sine_part) {
    // u in (0, 1]: 31 bits, moved off zero by half a step.
    f16x u = (__builtin_convertvector((i16x)(*first >> 1), f16x) + 0.5f) * 0x1p-31f;
    // log u = exponent * log 2 + log m, m in [sqrt 1/2, sqrt 2); polynomial of Cephes' logf.
    i16x exponent = ((i16x)u - 0x3F3504F3) >> 23;
    f16x f = (f16x)((i16x)u - (exponent << 23)) - 1.0f, e = __builtin_convertvector(exponent, f16x);
    f16x p = f * 7.0376836292e-2f - 1.1514610310e-1f;
    p = p * f + 1.1676998740e-1f;
    p = p * f - 1.2420140846e-1f;
    p = p * f + 1.4249322787e-1f;
    p = p * f - 1.6668057665e-1f;
    p = p * f + 2.0000714765e-1f;
    p = p * f - 2.4999993993e-1f;
    p = p * f + 3.3333331174e-1f;
    f16x square = f * f;
    f16x tail = p * f * square + e * -2.12194440e-4f - 0.5f * square;
    f16x log = e * 0.693359375f + (f + tail);
    f16x radius = __builtin_elementwise_sqrt(-2.0f * log);

    // A turn in 2^24 steps: nearest quarter turn plus a rest of at most an eighth; polynomials of Cephes' sinf, cosf.
    i16x turn = (i16x)(*second >> 8), quarter = (turn + (1 << 21)) >> 22;
    f16x x = __builtin_convertvector(turn - (quarter << 22), f16x) * (0x1p-22f * 1.57079632679489662f);
    f16x z = x * x;
    f16x sine = ((z * -1.9515295891e-4f + 8.3321608736e-3f) * z - 1.6666654611e-1f) * z * x + x;
    f16x cosine = ((z * 2.443315711809948e-5f - 1.388731625493765e-3f) * z + 4.166664568298827e-2f) * (z * z)
        - 0.5f * z + 1.0f;
    i16x swap = -(quarter & 1), flip_cosine = ((quarter + 1) & 2) << 30, flip_sine = (quarter & 2) << 30;
    i16x c = (((i16x)cosine & ~swap) | ((i16x)sine & swap)) ^ flip_cosine;
    i16x s = (((i16x)sine & ~swap) | ((i16x)cosine & swap)) ^ flip_sine;
    *cosine_part = radius * (f16x)c;
    *sine_part = radius * (f16x)s;
}

/// 64 deviates: those of the counters `first` ... `first` + 15, four each.
static void normals_block(uint64_t seed, uint32_t first, uint32_t step, uint32_t rollout, uint32_t stream,
                          float out[64]) {
    const u16x lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, zero = {0};
    u16x x0 = lane + first, x1 = zero + step, x2 = zero + rollout, x3 = zero + stream;
    philox(&x0, &x1, &x2, &x3, (uint32_t)seed, (uint32_t)(seed >> 32));
    f16x values[4];
    box_muller(&x0, &x1, &values[0], &values[1]);
    box_muller(&x2, &x3, &values[2], &values[3]);
    for (int i = 0; i < 16; i++) {
        for (int j = 0; j < 4; j++) out[4 * i + j] = values[j][i];
    }
}
