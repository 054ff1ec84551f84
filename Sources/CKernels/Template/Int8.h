// Products in whole numbers of eight bits. An output channel's weights have one scale, so has a row of activations, which is
// found when the row is multiplied; sums are of 32 bits, and exact. All that is rounded is written in operations that every CPU
// rounds alike, in 16 lanes whatever the CPU's vectors are: a step has the same bytes on all tables that are made of this.
//
//   numeral   a number of -127...127, times its row's or channel's scale; of activations, 128 more: 1...255
//   word      four numerals
//   start     what a channel's sums begin with: -128 times the sum of its weights, for the 128 that activations have too much
//
// The instruction set's file defines `dot(sum, activations, weights)`, which adds the products of four pairs to each lane.

/// Rows of words behind a panel's own: the scales of its columns, then their starts.
#define PANEL_TAIL 2
/// Numbers of a row that go into sixteen words: the first byte of each has the first 16 of them, and so on, for which nothing has
/// to cross lanes.
#define BLOCK (4 * LANES)
#define ZERO 128

typedef vi vi_unaligned __attribute__((aligned(4), may_alias));

INLINE vi load_whole(const void *from) { return *(const vi_unaligned *)from; }
INLINE void store_whole(void *to, vi value) { *(vi_unaligned *)to = value; }
INLINE vi splat_whole(int32_t value) { return value - (vi){0}; }
INLINE vi splat_whole_word(const void *from) {
    int32_t value;
    __builtin_memcpy(&value, from, sizeof value);
    return splat_whole(value);
}
INLINE vf to_floats(vi value) { return __builtin_convertvector(value, vf); }

// Activations are the left operand in products over channels, and the right one in those over positions.
#define MULTIPLY(x) x##_rows
#define SUM vi
#define NOTHING splat_whole(0)
#define WORDS vi
#define LOAD_WORDS(from) load_whole(from)
#define SPLAT_WORD(from) splat_whole_word(from)
#define MULTIPLY_ADD(sum, a, b) dot(sum, a, b)
#include "Multiply.h"

#define MULTIPLY(x) x##_columns
#define SUM vi
#define NOTHING splat_whole(0)
#define WORDS vi
#define LOAD_WORDS(from) load_whole(from)
#define SPLAT_WORD(from) splat_whole_word(from)
#define MULTIPLY_ADD(sum, a, b) dot(sum, b, a)
#include "Multiply.h"

// MARK: Rounding

/// A number without its sign, as an integer: larger for larger numbers, and more for an infinity and most for a NaN, so the
/// maximum tells of one.
INLINE vi magnitude(vf x) { return (vi)x & 0x7FFFFFFF; }

INLINE int32_t greatest_lane(vi vector) {
    int32_t lanes[LANES], greatest = 0;
    store_whole(lanes, vector);
    UNROLL for (int i = 0; i < LANES; i++) greatest = lanes[i] > greatest ? lanes[i] : greatest;
    return greatest;
}

/// The scale of numbers of which `greatest` is the greatest magnitude. Not finite if one of them is not.
INLINE vf scale_of(vi greatest) { return (vf)greatest * splat(1 / 127.0f); }

/// What a number is multiplied with to be a multiple of its scale; 0 where all are too small to matter, or not finite.
INLINE vf inverse_scale(vi greatest) {
    const vf least = splat(0x1p-100f), value = (vf)greatest;
    return (vf)((vi)(splat(127) / value) & (value >= least));
}

/// The numeral in the lowest byte; what is above it means nothing.
INLINE vi numeral(vf x, vf inverse) { return (vi)fused(x, inverse, splat(0x1.8p23f + ZERO)); }

INLINE vi join(vi a, vi b, vi c, vi d) {
    return (a & 0xFF) | ((b << 8) & 0xFF00) | ((c << 16) & 0xFF0000) | (vi)((u_lanes)d << 24);
}

// MARK: Rows

/// Some rows of words, and their scales.
typedef struct left_rows {
    const word *words;
    const float *scales;
} left_rows;

/// The scales stand behind the words of all rows.
INLINE left_rows left_of(const void *x, const void *room, ptrm_range prepared, ptrdiff_t row, ptrdiff_t inner) {
    (void)x;
    const word *words = room;
    const ptrdiff_t at = row - prepared.lower, count = prepared.upper - prepared.lower;
    return (left_rows){words + at * inner, words + count * inner + at};
}

/// One row of `channels` numbers, a multiple of 32; returns its scale.
INLINE float round_row(const float *x, ptrdiff_t channels, word *words) {
    vi first = splat_whole(0), second = splat_whole(0);
    for (ptrdiff_t c = 0; c < channels; c += 2 * LANES) {
        first = __builtin_elementwise_max(first, magnitude(load(x + c)));
        second = __builtin_elementwise_max(second, magnitude(load(x + c + LANES)));
    }
    const vi greatest = splat_whole(greatest_lane(__builtin_elementwise_max(first, second)));
    const vf inverse = inverse_scale(greatest);
    ptrdiff_t c = 0;
    for (; c + BLOCK <= channels; c += BLOCK, words += LANES) {
        store_whole(words, join(numeral(load(x + c), inverse), numeral(load(x + c + LANES), inverse),
                                numeral(load(x + c + 2 * LANES), inverse), numeral(load(x + c + 3 * LANES), inverse)));
    }
    if (c < channels) {
        const vi nothing = splat_whole(ZERO);
        store_whole(words,
                    join(numeral(load(x + c), inverse), numeral(load(x + c + LANES), inverse), nothing, nothing));
    }
    return scale_of(greatest)[0];
}

INLINE void prepare_rows(const void *x, void *room, ptrm_range rows, ptrm_panels weights) {
    word *words = room, *scales = words + (rows.upper - rows.lower) * weights.inner;
    for (ptrdiff_t row = rows.lower; row < rows.upper; row++, words += weights.inner) {
        *scales++ = round_row((const float *)x + row * weights.inputs, weights.inputs, words);
    }
}

INLINE const word *panel_at(ptrm_panels weights, ptrdiff_t panel) {
    return (const word *)weights.words + panel * (weights.inner + PANEL_TAIL) * PANEL;
}

/// sums[r][v] = sum over k of x[r][k] * b[k][v], in floats.
INLINE void multiply_panel(const int rows, left_rows x, const word *b, ptrdiff_t inner, weights_part coming,
                           vf sums[TILE_ROWS][2]) {
    const word *scales = b + inner * PANEL, *starts = scales + PANEL;
    vi whole[TILE_ROWS][2];
    UNROLL for (int r = 0; r < rows; r++) {
        whole[r][0] = load_whole(starts);
        whole[r][1] = load_whole(starts + LANES);
    }
    multiply_onto_rows(rows, x.words, inner, 1, b, PANEL, inner, coming, whole);
    const vf left = load(scales), right = load(scales + LANES);
    UNROLL for (int r = 0; r < rows; r++) {
        const vf scale = splat(x.scales[r]);
        sums[r][0] = to_floats(whole[r][0]) * scale * left;
        sums[r][1] = to_floats(whole[r][1]) * scale * right;
    }
}

// MARK: SwiGLU

/// 1 / (1 + e^-x) to about 2^-18. Nothing in it takes a CPU's own estimate of a reciprocal, which differs between makers, nor
/// a division, for which there is one slow unit.
INLINE vf sigmoid(vf x) {
    const vf low = splat(-87), high = splat(80), base = splat(-1.44269504088896341f), magic = splat(0x1.8p23f);
    x = choose(x < low, low, x);
    x = choose(x > high, high, x);
    const vf rounded = fused(x, base, magic), f = fused(x, base, magic - rounded);
    // Minimax for 2^f on [-1/2, 1/2], relative error 2^-18.4.
    vf p = fused(splat(9.58285e-3f), f, splat(5.590643e-2f));
    p = fused(p, f, splat(2.4024099e-1f));
    p = fused(p, f, splat(6.9312419e-1f));
    p = fused(p, f, splat(1));
    const vf sum = splat(1) + (vf)((vi)p + ((vi)rounded << 23));
    // An eighth off at most, then by the third power, then by the second.
    vf inverse = (vf)(0x7EF311C3 - (vi)sum), rest = fused(-sum, inverse, splat(1));
    inverse = fused(inverse, fused(rest, rest, rest), inverse);
    rest = fused(-sum, inverse, splat(1));
    return fused(inverse, rest, inverse);
}

// MARK: Packing


static void NAME(pack_whole_panels)(const float *weight, ptrdiff_t inputs, const int32_t *output_map, ptrdiff_t columns,
                                    const int32_t *input_map, ptrdiff_t inner, void *words) {
    const ptrdiff_t blocks = (inner + BLOCK - 1) / BLOCK, panel_words = (blocks * LANES + PANEL_TAIL) * PANEL;
    int8_t numerals[BLOCK];
    for (ptrdiff_t column = 0; column < columns; column++) {
        word *panel = (word *)words + column / PANEL * panel_words;
        const ptrdiff_t place = column % PANEL;
        int8_t *bytes = (int8_t *)(panel + place);
        const float *row = weight + (output_map[column] < 0 ? 0 : output_map[column]) * inputs;
        // The whole column's scale first, then a block at a time.
        vi greatest = splat_whole(0);
        for (ptrdiff_t i = 0; i < inner && output_map[column] >= 0; i++) {
            if (input_map[i] < 0) continue;
            greatest = __builtin_elementwise_max(greatest, magnitude(splat(row[input_map[i]])));
        }
        const vf inverse = inverse_scale(greatest);
        int32_t sum = 0;
        for (ptrdiff_t block = 0; block < blocks; block++) {
            for (ptrdiff_t i = 0; i < BLOCK; i++) {
                const ptrdiff_t at = block * BLOCK + i;
                const bool empty = output_map[column] < 0 || at >= inner || input_map[at] < 0;
                numerals[i] = empty ? 0 : (int8_t)((numeral(splat(row[input_map[at]]), inverse)[0] & 0xFF) - ZERO);
                sum += numerals[i];
                bytes[((block * LANES + i % LANES) * PANEL) * 4 + i / LANES] = numerals[i];
            }
        }
        panel[blocks * LANES * PANEL + place] = scale_of(greatest)[0];
        const int32_t start = -ZERO * sum;
        __builtin_memcpy(panel + (blocks * LANES + 1) * PANEL + place, &start, sizeof start);
    }
}
