// Token mixing in whole numbers: the weights are the left operand, a row tile of them being [inner word][rows of the tile], then the
// rows' scales, then their starts. A column of activations, the positions of one channel, has its scale.

/// Rows of weights into a tile of `rows` + `more` rows, the later ones from row `second` on.
static word *NAME(pack_whole_rows)(const float *weight, ptrdiff_t inputs, ptrdiff_t rows, ptrdiff_t second,
                                   ptrdiff_t more, word *out) {
    const ptrdiff_t words = (inputs + 3) / 4, height = rows + more;
    int8_t *bytes = (int8_t *)out;
    for (ptrdiff_t r = 0; r < height; r++) {
        const float *row = weight + (r < rows ? r : second + r - rows) * inputs;
        vi greatest = splat_whole(0);
        for (ptrdiff_t i = 0; i < inputs; i++) {
            greatest = __builtin_elementwise_max(greatest, magnitude(splat(row[i])));
        }
        const vf inverse = inverse_scale(greatest);
        int32_t sum = 0;
        for (ptrdiff_t i = 0; i < words * 4; i++) {
            const int8_t value = i < inputs ? (int8_t)((numeral(splat(row[i]), inverse)[0] & 0xFF) - ZERO) : 0;
            bytes[(i / 4 * height + r) * 4 + i % 4] = value;
            sum += value;
        }
        out[words * height + r] = scale_of(greatest)[0];
        const int32_t start = -ZERO * sum;
        __builtin_memcpy(out + (words + 1) * height + r, &start, sizeof start);
    }
    return out + (words + 2) * height;
}

static void NAME(pack_whole_row_tiles)(const float *weight, ptrdiff_t inputs, ptrdiff_t rows, bool gated,
                                       ptrdiff_t up_offset, void *words) {
    word *out = words;
    const ptrm_range range = {0, rows};
    const ptrdiff_t step = TILE_ROWS / 2, tiles = gated ? (rows + step - 1) / step : tiles_of(range);
    for (ptrdiff_t t = 0; t < tiles; t++) {
        const ptrdiff_t end = (t + 1) * step < rows ? (t + 1) * step : rows;
        const ptrm_range tile = gated ? (ptrm_range){t * step, end} : tile_range(range, t, tiles);
        const ptrdiff_t height = tile.upper - tile.lower;
        out = NAME(pack_whole_rows)(weight + tile.lower * inputs, inputs, height, up_offset, gated ? height : 0, out);
    }
}

/// A block of PANEL columns of `rows` numbers, `step` apart, as words of four neighbouring rows; sets the columns' scales.
INLINE void round_columns(const float *x, ptrdiff_t rows, ptrdiff_t step, word *words, vf scales[2]) {
    UNROLL for (int v = 0; v < 2; v++) {
        const float *column = x + v * LANES;
        vi greatest = splat_whole(0);
        for (ptrdiff_t l = 0; l < rows; l++) {
            greatest = __builtin_elementwise_max(greatest, magnitude(load(column + l * step)));
        }
        const vf inverse = inverse_scale(greatest);
        word *out = words + v * LANES;
        ptrdiff_t l = 0;
        for (; l + 4 <= rows; l += 4, out += PANEL) {
            const float *four = column + l * step;
            store_whole(out, join(numeral(load(four), inverse), numeral(load(four + step), inverse),
                                  numeral(load(four + 2 * step), inverse), numeral(load(four + 3 * step), inverse)));
        }
        if (l < rows) {
            vi rest[4];
            for (ptrdiff_t i = 0; i < 4; i++) {
                rest[i] = l + i < rows ? numeral(load(column + (l + i) * step), inverse) : splat_whole(ZERO);
            }
            store_whole(out, join(rest[0], rest[1], rest[2], rest[3]));
        }
        scales[v] = scale_of(greatest);
    }
}

/// sums[r][v] = sum over k of weights[r][k] * x[k][v], in floats.
INLINE void multiply_row_tile(const int rows, const word *weights, const word *x, ptrdiff_t inner, const vf scales[2],
                              vf sums[TILE_ROWS][2]) {
    const word *row_scales = weights + inner * rows, *starts = row_scales + rows;
    vi whole[TILE_ROWS][2];
    UNROLL for (int r = 0; r < rows; r++) whole[r][0] = whole[r][1] = splat_whole_word(starts + r);
    multiply_onto_columns(rows, weights, 1, rows, x, PANEL, inner, nothing_beside(x), whole);
    UNROLL for (int r = 0; r < rows; r++) {
        UNROLL for (int v = 0; v < 2; v++) sums[r][v] = to_floats(whole[r][v]) * scales[v] * splat(row_scales[r]);
    }
}

/// Gate rows first, their up rows after them.
INLINE void mix_gate_tile(const int rows, const word *weights, const word *x, ptrdiff_t inner, const vf scales[2],
                          float *hidden) {
    vf sums[TILE_ROWS][2];
    multiply_row_tile(rows, weights, x, inner, scales, sums);
    const int gates = rows / 2;
    UNROLL for (int v = 0; v < 2; v++) {
        UNROLL for (int r = 0; r < gates; r++) {
            store(hidden + r * PANEL + v * LANES, sums[r][v] * sigmoid(sums[r][v]) * sums[gates + r][v]);
        }
    }
}

INLINE void mix_down_tile(const int rows, const word *weights, const word *hidden, ptrdiff_t inner, const vf scales[2],
                          float *sums_out) {
    vf sums[TILE_ROWS][2];
    multiply_row_tile(rows, weights, hidden, inner, scales, sums);
    UNROLL for (int r = 0; r < rows; r++) {
        store(sums_out + r * PANEL, sums[r][0]);
        store(sums_out + r * PANEL + LANES, sums[r][1]);
    }
}

static void NAME(mix_tokens)(const ptrm_token_mixing *shape, const void *x, ptrm_range columns, void *hidden,
                             float *sums, void *out) {
    const ptrdiff_t positions = shape->positions, channels = shape->channels, gates = shape->gate_up.rows;
    const ptrdiff_t step = TILE_ROWS / 2, inner = shape->gate_up.inner, down_inner = shape->down.inner;
    const ptrm_range rows = {0, shape->down.rows};
    const ptrdiff_t tiles = tiles_of(rows);
    word *whole = (word *)hidden + gates * PANEL;
    for (ptrdiff_t column = columns.lower; column < columns.upper; column += PANEL) {
        // The sums are not needed before the second product: until then their memory holds the block's numerals.
        word *b = (word *)sums;
        vf scales[2];
        round_columns((const float *)x + column, positions, channels, b, scales);
        const word *a = (const word *)shape->gate_up.words;
        for (ptrdiff_t g = 0; g < gates; g += step) {
            const ptrdiff_t height = 2 * (gates - g < step ? gates - g : step);
            WITH_CONSTANT_ROWS(height, mix_gate_tile, a, b, inner, scales, (float *)hidden + g * PANEL)
            a += height * (inner + 2);
        }
        round_columns((const float *)hidden, gates, PANEL, whole, scales);
        a = (const word *)shape->down.words;
        for (ptrdiff_t t = 0; t < tiles; t++) {
            ptrm_range tile = tile_range(rows, t, tiles);
            const ptrdiff_t height = tile.upper - tile.lower;
            WITH_CONSTANT_ROWS(height, mix_down_tile, a, whole, down_inner, scales, sums + tile.lower * PANEL)
            a += height * (down_inner + 2);
        }
        norm_columns(shape, x, column, sums, out);
    }
}
