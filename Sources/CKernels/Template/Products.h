// Matrix products with fused epilogues. Included once per table by an instruction set's file, which defines before:
//
//   LANES, TILE_ROWS, PAIR       lanes of a vector, rows of the largest register tile, elements in a word
//   vf, element, word            float vector; storage types of an activation and of a word
//   splat, multiply_add          see Float32.h for the plain versions of these and of the following
//   load_words, splat_word, load_elements, store_elements, load_paired, store_paired, exponential, sigmoid
//   NAME(x)                      x with the table's suffix
//
// The register tile is `rows` x 2 vectors: two loads of the right operand and `rows` broadcasts of the left one feed
// 2 * rows multiply-adds. An instruction set that has products of whole matrices defines MATRIX_TILES and `multiply` of
// its own (Tiles.h); its tile's sums come through memory.

#include "Coming.h"

#define UNROLL _Pragma("clang loop unroll(full)")
#ifdef MATRIX_TILES
#define UNROLL_ROWS
#else
#define INNER_STEP 1
#define ROWS_AT_ONCE 128
#define UNROLL_ROWS UNROLL
#define RELEASE_TILES()
/// Steps of a row tile's words: to the next row and along the inner dimension.
#define ROW_TILE_STEPS(rows, inner) 1, rows
#endif

/// Calls `body(rows, ...)` with `rows` as a constant, so that the tile's sums stay in registers.
#define CASE(n, body, ...)      \
    case n:                     \
        body(n, __VA_ARGS__);   \
        break;
#if TILE_ROWS == 4
#define WITH_CONSTANT_ROWS(rows, body, ...)                              \
    switch (rows) {                                                      \
        CASE(1, body, __VA_ARGS__) CASE(2, body, __VA_ARGS__)            \
        CASE(3, body, __VA_ARGS__) CASE(4, body, __VA_ARGS__)            \
    }
#elif TILE_ROWS == 6
#define WITH_CONSTANT_ROWS(rows, body, ...)                              \
    switch (rows) {                                                      \
        CASE(1, body, __VA_ARGS__) CASE(2, body, __VA_ARGS__)            \
        CASE(3, body, __VA_ARGS__) CASE(4, body, __VA_ARGS__)            \
        CASE(5, body, __VA_ARGS__) CASE(6, body, __VA_ARGS__)            \
    }
#elif defined(MATRIX_TILES)
#define WITH_CONSTANT_ROWS(rows, body, ...) body((int)(rows), __VA_ARGS__);
#elif TILE_ROWS == 12
#define WITH_CONSTANT_ROWS(rows, body, ...)                              \
    switch (rows) {                                                      \
        CASE(1, body, __VA_ARGS__) CASE(2, body, __VA_ARGS__)            \
        CASE(3, body, __VA_ARGS__) CASE(4, body, __VA_ARGS__)            \
        CASE(5, body, __VA_ARGS__) CASE(6, body, __VA_ARGS__)            \
        CASE(7, body, __VA_ARGS__) CASE(8, body, __VA_ARGS__)            \
        CASE(9, body, __VA_ARGS__) CASE(10, body, __VA_ARGS__)           \
        CASE(11, body, __VA_ARGS__) CASE(12, body, __VA_ARGS__)          \
    }
#endif

/// Number of tiles for a range, and the range of one of them: heights differ by one word at most, the higher ones first,
/// so that no tile is left with a row or two, and no word of two positions is split.
INLINE ptrdiff_t tiles_of(ptrm_range range) {
    ptrdiff_t words = (range.upper - range.lower + PAIR - 1) / PAIR;
    return (words + TILE_ROWS / PAIR - 1) / (TILE_ROWS / PAIR);
}

INLINE ptrm_range tile_range(ptrm_range range, ptrdiff_t index, ptrdiff_t tiles) {
    ptrdiff_t words = (range.upper - range.lower + PAIR - 1) / PAIR;
    ptrdiff_t height = words / tiles, higher = words % tiles;
    ptrdiff_t first = height * index + (index < higher ? index : higher);
    ptrdiff_t upper = range.lower + PAIR * (first + height + (index < higher));
    return (ptrm_range){range.lower + PAIR * first, upper < range.upper ? upper : range.upper};
}

/// Words of an inner dimension as products take them: what is missing is zero.
INLINE ptrdiff_t whole_steps(ptrdiff_t words) { return (words + INNER_STEP - 1) / INNER_STEP * INNER_STEP; }

#ifndef MATRIX_TILES

/// Where the rows of one half of a tile are: from a pointer to the first, with three distances that stay in registers
/// (x86 adds a register times 1, 2, 4 or 8 to an address for nothing). Left alone, compilers compute a pointer for every
/// row anew in each step, and keep vectors on the stack to have registers for them.
typedef struct row_steps {
    ptrdiff_t one, three, five;  // bytes
} row_steps;

INLINE row_steps steps_of(ptrdiff_t row_step) {
    const ptrdiff_t one = row_step * (ptrdiff_t)sizeof(word);
    row_steps steps = {one, 3 * one, 5 * one};
    // Opaque: each is to be a value of its own.
    __asm__("" : "+r"(steps.one), "+r"(steps.three), "+r"(steps.five));
    return steps;
}

INLINE const word *row_at(const char *first, row_steps steps, const int row) {
    switch (row) {
        case 0: return (const word *)first;
        case 1: return (const word *)(first + steps.one);
        case 2: return (const word *)(first + 2 * steps.one);
        case 3: return (const word *)(first + steps.three);
        case 4: return (const word *)(first + 4 * steps.one);
        case 5: return (const word *)(first + steps.five);
        default: return (const word *)(first + 2 * steps.three);
    }
}

/// One step along the inner dimension; `low` and `high` lead to the first and to the middle row of the tile.
INLINE void multiply_once(const int rows, const char *low, const char *high, row_steps steps, const word *b,
                          vf sums[TILE_ROWS][2]) {
    const int middle = (rows + 1) / 2;
    const vword left = load_words(b), right = load_words(b + LANES);
    UNROLL for (int r = 0; r < rows; r++) {
        const vword value = splat_word(r < middle ? row_at(low, steps, r) : row_at(high, steps, r - middle));
        sums[r][0] = multiply_add(sums[r][0], value, left);
        sums[r][1] = multiply_add(sums[r][1], value, right);
    }
}

/// sums[r][v] = sum over k of a[r][k] * b[k][v]; steps in words. Asks for `coming` meanwhile.
INLINE void multiply(const int rows, const word *a, ptrdiff_t row_step, ptrdiff_t inner_step, const word *b,
                     ptrdiff_t b_step, ptrdiff_t inner, weights_part coming, vf sums[TILE_ROWS][2]) {
    UNROLL for (int r = 0; r < rows; r++) {
        sums[r][0] = splat(0);
        sums[r][1] = splat(0);
    }
    const char *next = ask_for(coming.next, coming.at_once);
    const char *low = (const char *)a, *high = (const char *)(a + (rows + 1) / 2 * row_step);
    const row_steps steps = steps_of(row_step);
    const ptrdiff_t step = inner_step * (ptrdiff_t)sizeof(word);
    // Opaque: the compiler would compute this pointer anew from the other one in every step.
    __asm__("" : "+r"(high));
    ptrdiff_t k = inner;
    for (; k >= WORDS_AT_ONCE; k -= WORDS_AT_ONCE) {
        UNROLL for (int i = 0; i < WORDS_AT_ONCE; i++) {
            multiply_once(rows, low + i * step, high + i * step, steps, b + i * b_step, sums);
        }
        next = ask_for(next, 1);
        low += WORDS_AT_ONCE * step;
        high += WORDS_AT_ONCE * step;
        b += WORDS_AT_ONCE * b_step;
    }
    for (; k > 0; k--) {
        multiply_once(rows, low, high, steps, b, sums);
        low += step;
        high += step;
        b += b_step;
    }
}

#endif

/// Sum of a vector's lanes, halves onto halves: one fixed order for all tables with the same number of lanes.
INLINE float sum_lanes(vf vector) {
    float lanes[LANES];
    __builtin_memcpy(lanes, &vector, sizeof lanes);
    UNROLL for (int half = LANES / 2; half > 0; half /= 2) {
        UNROLL for (int i = 0; i < half; i++) lanes[i] += lanes[i + half];
    }
    return lanes[0];
}

INLINE float max_lanes(vf vector) {
    float lanes[LANES];
    __builtin_memcpy(lanes, &vector, sizeof lanes);
    UNROLL for (int half = LANES / 2; half > 0; half /= 2) {
        UNROLL for (int i = 0; i < half; i++) lanes[i] = lanes[i] > lanes[i + half] ? lanes[i] : lanes[i + half];
    }
    return lanes[0];
}

// MARK: SwiGLU

#ifdef MATRIX_TILES
#include "TiledSwiGLU.h"
#else

INLINE void gate_up_tile(const int rows, const word *x, const word *b, ptrdiff_t inner, weights_part coming,
                         element *hidden, ptrdiff_t hidden_step) {
    vf sums[TILE_ROWS][2];
    multiply(rows, x, inner, 1, b, PANEL, inner, coming, sums);
    UNROLL_ROWS for (int r = 0; r < rows; r++) {
        store_elements(hidden + r * hidden_step, sums[r][0] * sigmoid(sums[r][0]) * sums[r][1]);
    }
}

static void NAME(gate_up)(const ptrm_operands *rollouts, ptrdiff_t count, ptrm_range rows, ptrm_panels weights) {
    const ptrdiff_t inner = weights.inner, columns = weights.panels * LANES, tiles = tiles_of(rows);
    for (ptrdiff_t p = 0; p < weights.panels; p++) {
        const word *b = (const word *)weights.words + p * inner * PANEL;
        for (ptrdiff_t i = 0; i < count * tiles; i++) {
            const ptrm_operands *rollout = &rollouts[i / tiles];
            ptrm_range tile = tile_range(rows, i % tiles, tiles);
            const weights_part coming = part_of_next(b, inner, p + 1 < weights.panels, i, count * tiles);
            const word *a = (const word *)rollout->x + tile.lower * inner;
            element *h = (element *)rollout->out + tile.lower * columns + p * LANES;
            WITH_CONSTANT_ROWS(tile.upper - tile.lower, gate_up_tile, a, b, inner, coming, h, columns)
        }
    }
    RELEASE_TILES();
}

#endif

// MARK: Residual and norm

INLINE void residual_tile(const int rows, const word *x, const word *b, ptrdiff_t inner, weights_part coming,
                          const element *residual, float *sums_out, ptrdiff_t step) {
    vf sums[TILE_ROWS][2];
    multiply(rows, x, inner, 1, b, PANEL, inner, coming, sums);
    UNROLL_ROWS for (int r = 0; r < rows; r++) {
        store(sums_out + r * step, load_elements(residual + r * step) + sums[r][0]);
        store(sums_out + r * step + LANES, load_elements(residual + r * step + LANES) + sums[r][1]);
    }
}

/// 1 / sqrt(mean(row^2) + epsilon)
INLINE float row_scale(const float *row, ptrdiff_t channels, float epsilon) {
    vf first = splat(0), second = splat(0);
    for (ptrdiff_t c = 0; c < channels; c += PANEL) {
        vf a = load(row + c), b = load(row + c + LANES);
        first = fused(a, a, first);
        second = fused(b, b, second);
    }
    return 1 / __builtin_sqrtf(sum_lanes(first + second) / (float)channels + epsilon);
}

INLINE void store_rows(const float *rows, const float *scales, ptrdiff_t position, ptrdiff_t count,
                       ptrdiff_t channels, bool paired, element *out) {
    if (PAIR == 1 || !paired) {
        for (ptrdiff_t c = 0; c < channels; c += LANES) {
            store_elements(out + position * channels + c, load(rows + c) * splat(scales[0]));
        }
        return;
    }
    const bool alone = position + 1 == count;
    for (ptrdiff_t c = 0; c < channels; c += LANES) {
        vf even = load(rows + c) * splat(scales[0]);
        vf odd = alone ? splat(0) : load(rows + channels + c) * splat(scales[1]);
        store_paired(out + position * channels + c * PAIR, even, odd);
    }
}

/// The norms of `rows` of one rollout, whose sums begin at `sums`.
INLINE void norm_rows(const float *sums, ptrm_range rows, ptrdiff_t positions, ptrdiff_t channels, float epsilon,
                      bool paired, element *out) {
    const ptrdiff_t step = paired ? PAIR : 1;
    for (ptrdiff_t row = rows.lower; row < rows.upper; row += step) {
        const float *values = sums + (row - rows.lower) * channels;
        float scales[2] = {row_scale(values, channels, epsilon), 0};
        if (step == 2 && row + 1 < positions) scales[1] = row_scale(values + channels, channels, epsilon);
        store_rows(values, scales, row, positions, channels, paired, out);
    }
}

static void NAME(project_norm)(const ptrm_operands *rollouts, ptrdiff_t count, ptrm_range rows, ptrdiff_t positions,
                               ptrm_panels weights, float epsilon, bool paired) {
    const ptrdiff_t inner = weights.inner, channels = weights.panels * PANEL, tiles = tiles_of(rows);
    for (ptrdiff_t p = 0; p < weights.panels; p++) {
        const word *b = (const word *)weights.words + p * inner * PANEL;
        for (ptrdiff_t i = 0; i < count * tiles; i++) {
            const ptrm_operands *rollout = &rollouts[i / tiles];
            ptrm_range tile = tile_range(rows, i % tiles, tiles);
            const weights_part coming = part_of_next(b, inner, p + 1 < weights.panels, i, count * tiles);
            const word *a = (const word *)rollout->x + tile.lower * inner;
            const element *r = (const element *)rollout->residual + tile.lower * channels + p * PANEL;
            float *s = rollout->sums + (tile.lower - rows.lower) * channels + p * PANEL;
            WITH_CONSTANT_ROWS(tile.upper - tile.lower, residual_tile, a, b, inner, coming, r, s, channels)
        }
    }
    for (ptrdiff_t n = 0; n < count; n++) {
        norm_rows(rollouts[n].sums, rows, positions, channels, epsilon, paired, rollouts[n].out);
    }
    RELEASE_TILES();
}

// MARK: SwiGLU with a convolution

INLINE void product_tile(const int rows, const word *x, const word *b, ptrdiff_t inner, weights_part coming,
                         float *products) {
    vf sums[TILE_ROWS][2];
    multiply(rows, x, inner, 1, b, PANEL, inner, coming, sums);
    UNROLL_ROWS for (int r = 0; r < rows; r++) {
        store(products + r * PANEL, sums[r][0]);
        store(products + r * PANEL + LANES, sums[r][1]);
    }
}

/// Gates and values of one row, after the convolution with a panel's `weights`.
INLINE void convolve_row(const ptrm_convolution *convolution, const float *products, const float *weights,
                         ptrdiff_t row, vf out[2]) {
    const int32_t *neighbours = convolution->neighbours + row * convolution->taps;
    const float *bias = weights + convolution->taps * PANEL;
    for (int v = 0; v < 2; v++) out[v] = load(bias + v * LANES);
    for (ptrdiff_t tap = 0; tap < convolution->taps; tap++) {
        if (neighbours[tap] < 0) continue;
        const float *neighbour = products + neighbours[tap] * PANEL;
        for (int v = 0; v < 2; v++) {
            out[v] = fused(load(neighbour + v * LANES), load(weights + tap * PANEL + v * LANES), out[v]);
        }
    }
}

static void NAME(gate_up_convolved)(const ptrm_convolution *convolution, const void *x, ptrm_range panels,
                                    ptrm_panels weights, float *products, void *out) {
    const ptrdiff_t inner = weights.inner, columns = weights.panels * LANES, positions = convolution->positions;
    const ptrm_range rows = {0, positions};
    const ptrdiff_t tiles = tiles_of(rows);
    for (ptrdiff_t p = panels.lower; p < panels.upper; p++) {
        const word *b = (const word *)weights.words + p * inner * PANEL;
        for (ptrdiff_t t = 0; t < tiles; t++) {
            ptrm_range tile = tile_range(rows, t, tiles);
            const weights_part coming = part_of_next(b, inner, p + 1 < panels.upper, t, tiles);
            const word *a = (const word *)x + tile.lower * inner;
            WITH_CONSTANT_ROWS(tile.upper - tile.lower, product_tile, a, b, inner, coming, products + tile.lower * PANEL)
        }
        const float *kernel = convolution->weights + p * (convolution->taps + 1) * PANEL;
        for (ptrdiff_t l = 0; l < positions; l++) {
            vf row[2] = {load(products + l * PANEL), load(products + l * PANEL + LANES)};
            if (l >= convolution->first) convolve_row(convolution, products, kernel, l, row);
            store_elements((element *)out + l * columns + p * LANES, row[0] * sigmoid(row[0]) * row[1]);
        }
    }
    RELEASE_TILES();
}

// MARK: Plain product

INLINE void plain_tile(const int rows, const word *x, const word *b, ptrdiff_t inner, weights_part coming, float *out,
                       ptrdiff_t step, ptrdiff_t columns) {
    vf sums[TILE_ROWS][2];
    multiply(rows, x, inner, 1, b, PANEL, inner, coming, sums);
    UNROLL_ROWS for (int r = 0; r < rows; r++) {
        float values[PANEL];
        store(values, sums[r][0]);
        store(values + LANES, sums[r][1]);
        for (ptrdiff_t c = 0; c < columns; c++) out[r * step + c] = values[c];
    }
}

static void NAME(project)(const void *x, ptrm_range rows, ptrm_panels weights, ptrdiff_t columns, float *out) {
    const ptrdiff_t inner = weights.inner, tiles = tiles_of(rows);
    for (ptrdiff_t p = 0; p < weights.panels; p++) {
        const word *b = (const word *)weights.words + p * inner * PANEL;
        const ptrdiff_t left = columns - p * PANEL;
        for (ptrdiff_t t = 0; t < tiles; t++) {
            ptrm_range tile = tile_range(rows, t, tiles);
            const weights_part coming = part_of_next(b, inner, p + 1 < weights.panels, t, tiles);
            const word *a = (const word *)x + tile.lower * inner;
            float *o = out + tile.lower * columns + p * PANEL;
            WITH_CONSTANT_ROWS(tile.upper - tile.lower, plain_tile, a, b, inner, coming, o, columns,
                               left < PANEL ? left : PANEL)
        }
    }
    RELEASE_TILES();
}

// MARK: Token mixing

/// Gate rows first, their up rows after them; the hidden values are stored as the words of the next product.
INLINE void mix_gate_tile(const int rows, const word *weights, const word *x, ptrdiff_t inner, element *hidden) {
    vf sums[TILE_ROWS][2];
    multiply(rows, weights, ROW_TILE_STEPS(rows, inner), x, PANEL, inner, nothing_beside(x), sums);
    const int gates = rows / 2;
    UNROLL for (int v = 0; v < 2; v++) {
        UNROLL_ROWS for (int r = 0; r < gates; r += PAIR) {
            vf values[2];
            UNROLL for (int i = 0; i < PAIR; i++) {
                values[i] = sums[r + i][v] * sigmoid(sums[r + i][v]) * sums[gates + r + i][v];
            }
            store_paired(hidden + r * PANEL + v * LANES * PAIR, values[0], values[PAIR - 1]);
        }
    }
}

INLINE void mix_down_tile(const int rows, const word *weights, const word *hidden, ptrdiff_t inner, float *sums_out) {
    vf sums[TILE_ROWS][2];
    multiply(rows, weights, ROW_TILE_STEPS(rows, inner), hidden, PANEL, inner, nothing_beside(hidden), sums);
    UNROLL_ROWS for (int r = 0; r < rows; r++) {
        store(sums_out + r * PANEL, sums[r][0]);
        store(sums_out + r * PANEL + LANES, sums[r][1]);
    }
}

static void NAME(mix_tokens)(const ptrm_token_mixing *shape, const void *x, ptrm_range columns, void *hidden,
                             float *sums, void *out) {
    const ptrdiff_t positions = shape->positions, channels = shape->channels, words = (positions + PAIR - 1) / PAIR;
    const ptrdiff_t gates = shape->gate_up.rows, step = TILE_ROWS / 2;
    const ptrm_range rows = {0, shape->down.rows};
    const ptrdiff_t tiles = tiles_of(rows);
    for (ptrdiff_t column = columns.lower; column < columns.upper; column += PANEL) {
        // Rows of x are a large power of two apart and would fall on a few sets of the first-level cache. The sums are
        // not needed before the second product, so their memory holds a copy of this block until then.
        word *b = (word *)sums;
        for (ptrdiff_t k = 0; k < words; k++) {
            __builtin_memcpy(b + k * PANEL, (const word *)x + k * channels + column, PANEL * sizeof(word));
        }
        __builtin_memset(b + words * PANEL, 0, (shape->gate_up.inner - words) * PANEL * sizeof(word));
        const word *a = (const word *)shape->gate_up.words;
        for (ptrdiff_t g = 0; g < gates; g += step) {
            const ptrdiff_t height = 2 * (gates - g < step ? gates - g : step);
            element *h = (element *)hidden + g * PANEL;
            WITH_CONSTANT_ROWS(height, mix_gate_tile, a, b, shape->gate_up.inner, h)
            a += height * shape->gate_up.inner;
        }
        a = (const word *)shape->down.words;
        for (ptrdiff_t t = 0; t < tiles; t++) {
            ptrm_range tile = tile_range(rows, t, tiles);
            const ptrdiff_t height = tile.upper - tile.lower;
            WITH_CONSTANT_ROWS(height, mix_down_tile, a, (const word *)hidden, shape->down.inner,
                               sums + tile.lower * PANEL)
            a += height * shape->down.inner;
        }
        vf squares[2] = {splat(0), splat(0)};
        for (ptrdiff_t l = 0; l < positions; l++) {
            const element *residual = (const element *)x + (l / PAIR * channels + column) * PAIR;
            UNROLL for (int v = 0; v < 2; v++) {
                vf y = load(sums + l * PANEL + v * LANES) + load_paired(residual + v * LANES * PAIR, l % PAIR);
                squares[v] = fused(y, y, squares[v]);
                store(sums + l * PANEL + v * LANES, y);
            }
        }
        UNROLL for (int v = 0; v < 2; v++) {
            vf mean = squares[v] / splat((float)positions) + splat(shape->epsilon);
            vf scale = splat(1) / __builtin_elementwise_sqrt(mean);
            for (ptrdiff_t l = 0; l < positions; l++) {
                store_elements((element *)out + l * channels + column + v * LANES,
                               load(sums + l * PANEL + v * LANES) * scale);
            }
        }
    }
    RELEASE_TILES();
}
