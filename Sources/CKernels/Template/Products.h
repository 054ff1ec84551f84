// Matrix products with fused epilogues, over the register tiles of Registers.h. Besides these the instruction set's file
// has included, before:
//
//   left_rows                    how rows of activations are multiplied (PlainRows.h: as they are; Int8.h)
//   prepare_rows, left_of        brings them into that form, and finds one of them
//   multiply_panel, panel_at     their product with a panel of weights, and where a panel begins
//   PANEL_TAIL                   rows of words behind a panel's own

/// Brings the rows of all rollouts into the form in which they are multiplied.
INLINE void prepare_all(const ptrm_operands *rollouts, ptrdiff_t count, ptrm_range rows, ptrm_panels weights) {
    for (ptrdiff_t n = 0; n < count; n++) prepare_rows(rollouts[n].x, rollouts[n].room, rows, weights);
}

// MARK: SwiGLU

#ifdef MATRIX_TILES
#include "TiledSwiGLU.h"
#else

INLINE void gate_up_tile(const int rows, left_rows x, const word *b, ptrdiff_t inner, weights_part coming,
                         element *hidden, ptrdiff_t hidden_step) {
    vf sums[TILE_ROWS][2];
    multiply_panel(rows, x, b, inner, coming, sums);
    UNROLL_ROWS for (int r = 0; r < rows; r++) {
        store_elements(hidden + r * hidden_step, sums[r][0] * sigmoid(sums[r][0]) * sums[r][1]);
    }
}

static void NAME(gate_up)(const ptrm_operands *rollouts, ptrdiff_t count, ptrm_range rows, ptrm_panels weights) {
    const ptrdiff_t inner = weights.inner, columns = weights.panels * LANES, tiles = tiles_of(rows);
    prepare_all(rollouts, count, rows, weights);
    for (ptrdiff_t p = 0; p < weights.panels; p++) {
        const word *b = panel_at(weights, p);
        for (ptrdiff_t i = 0; i < count * tiles; i++) {
            const ptrm_operands *rollout = &rollouts[i / tiles];
            ptrm_range tile = tile_range(rows, i % tiles, tiles);
            const weights_part coming = part_of_next(b, inner + PANEL_TAIL, p + 1 < weights.panels, i, count * tiles);
            const left_rows a = left_of(rollout->x, rollout->room, rows, tile.lower, inner);
            element *h = (element *)rollout->out + tile.lower * columns + p * LANES;
            WITH_CONSTANT_ROWS(tile.upper - tile.lower, gate_up_tile, a, b, inner, coming, h, columns)
        }
    }
    RELEASE_TILES();
}

#endif

// MARK: Residual and norm

INLINE void residual_tile(const int rows, left_rows x, const word *b, ptrdiff_t inner, weights_part coming,
                          const element *residual, float *sums_out, ptrdiff_t step) {
    vf sums[TILE_ROWS][2];
    multiply_panel(rows, x, b, inner, coming, sums);
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
    prepare_all(rollouts, count, rows, weights);
    for (ptrdiff_t p = 0; p < weights.panels; p++) {
        const word *b = panel_at(weights, p);
        for (ptrdiff_t i = 0; i < count * tiles; i++) {
            const ptrm_operands *rollout = &rollouts[i / tiles];
            ptrm_range tile = tile_range(rows, i % tiles, tiles);
            const weights_part coming = part_of_next(b, inner + PANEL_TAIL, p + 1 < weights.panels, i, count * tiles);
            const left_rows a = left_of(rollout->x, rollout->room, rows, tile.lower, inner);
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

INLINE void product_tile(const int rows, left_rows x, const word *b, ptrdiff_t inner, weights_part coming,
                         float *products) {
    vf sums[TILE_ROWS][2];
    multiply_panel(rows, x, b, inner, coming, sums);
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
    prepare_rows(x, convolution->room, rows, weights);
    for (ptrdiff_t p = panels.lower; p < panels.upper; p++) {
        const word *b = panel_at(weights, p);
        for (ptrdiff_t t = 0; t < tiles; t++) {
            ptrm_range tile = tile_range(rows, t, tiles);
            const weights_part coming = part_of_next(b, inner + PANEL_TAIL, p + 1 < panels.upper, t, tiles);
            const left_rows a = left_of(x, convolution->room, rows, tile.lower, inner);
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
