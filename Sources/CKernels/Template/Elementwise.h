// Packing of weights, conversions and elementwise work over whole latents.

static void NAME(pack_panels)(const float *weight, ptrdiff_t inputs, const int32_t *output_map, ptrdiff_t columns,
                              const int32_t *input_map, ptrdiff_t inner, void *words) {
    element *out = words;
    for (ptrdiff_t p = 0; p < columns; p += PANEL) {
        for (ptrdiff_t k = 0; k < inner; k += PAIR) {
            for (ptrdiff_t c = p; c < p + PANEL; c++) {
                for (ptrdiff_t i = k; i < k + PAIR; i++) {
                    const bool empty = output_map[c] < 0 || i >= inner || input_map[i] < 0;
                    *out++ = narrow(empty ? 0 : weight[output_map[c] * inputs + input_map[i]]);
                }
            }
        }
    }
}

#ifndef WHOLE_NUMBERS

INLINE void set_word(element *out, const ptrdiff_t row_step, const ptrdiff_t inner_step, ptrdiff_t row, ptrdiff_t inner,
                     ptrdiff_t half, element value) {
    out[(row * row_step + inner * inner_step) * PAIR + half] = value;
}

static element *NAME(pack_rows)(const float *weight, ptrdiff_t inputs, ptrdiff_t rows, ptrdiff_t second,
                                ptrdiff_t more, element *out) {
    const ptrdiff_t words = whole_steps((inputs + PAIR - 1) / PAIR), height = rows + more;
    for (ptrdiff_t k = 0; k < words * PAIR; k++) {
        for (ptrdiff_t r = 0; r < height; r++) {
            const float *row = weight + (r < rows ? r : second + r - rows) * inputs;
            const element value = narrow(k < inputs ? row[k] : 0);
            set_word(out, ROW_TILE_STEPS(height, words), r, k / PAIR, k % PAIR, value);
        }
    }
    return out + words * PAIR * height;
}

static void NAME(pack_row_tiles)(const float *weight, ptrdiff_t inputs, ptrdiff_t rows, bool gated,
                                 ptrdiff_t up_offset, void *words) {
    element *out = words;
    if (gated) {
        for (ptrdiff_t g = 0; g < rows; g += TILE_ROWS / 2) {
            const ptrdiff_t height = rows - g < TILE_ROWS / 2 ? rows - g : TILE_ROWS / 2;
            out = NAME(pack_rows)(weight + g * inputs, inputs, height, up_offset, height, out);
        }
        return;
    }
    const ptrm_range range = {0, rows};
    const ptrdiff_t tiles = tiles_of(range);
    for (ptrdiff_t t = 0; t < tiles; t++) {
        ptrm_range tile = tile_range(range, t, tiles);
        out = NAME(pack_rows)(weight + tile.lower * inputs, inputs, tile.upper - tile.lower, 0, 0, out);
    }
}

#endif

static void NAME(from_float)(const float *values, ptrdiff_t count, void *elements) {
    for (ptrdiff_t i = 0; i < count; i += LANES) store_elements((element *)elements + i, load(values + i));
}

static void NAME(to_float)(const void *elements, ptrdiff_t count, float *values) {
    for (ptrdiff_t i = 0; i < count; i += LANES) store(values + i, load_elements((const element *)elements + i));
}

static bool NAME(all_finite)(const void *elements, ptrdiff_t count) {
    // x - x is 0 for finite x and NaN for all others; a NaN stays in the sum.
    vf sum = splat(0);
    for (ptrdiff_t i = 0; i < count; i += LANES) {
        vf x = load_elements((const element *)elements + i);
        sum += x - x;
    }
    return sum_lanes(sum) == 0;
}

static float NAME(dot)(const void *elements, const float *weights, ptrdiff_t count) {
    vf sum = splat(0);
    for (ptrdiff_t i = 0; i < count; i += LANES) {
        sum = fused(load_elements((const element *)elements + i), load(weights + i), sum);
    }
    return sum_lanes(sum);
}

INLINE vf combined(const element *const *addends, const ptrdiff_t addend_count, const float *extra, ptrdiff_t at) {
    vf sum = load_elements(addends[addend_count - 1] + at);
    if (extra) sum += load(extra + at);
    for (ptrdiff_t i = addend_count - 2; i >= 0; i--) sum = load_elements(addends[i] + at) + sum;
    return sum;
}

INLINE void combine_rows(const element *const *addends, const ptrdiff_t addend_count, const float *extra,
                         ptrm_range positions, ptrdiff_t count, ptrdiff_t channels, bool paired, element *out) {
    if (PAIR == 1 || !paired) {
        for (ptrdiff_t i = positions.lower * channels; i < positions.upper * channels; i += LANES) {
            store_elements(out + i, combined(addends, addend_count, extra, i));
        }
        return;
    }
    for (ptrdiff_t l = positions.lower; l < positions.upper; l += PAIR) {
        for (ptrdiff_t c = 0; c < channels; c += LANES) {
            const ptrdiff_t at = l * channels + c;
            vf odd = l + 1 < count ? combined(addends, addend_count, extra, at + channels) : splat(0);
            store_paired(out + l * channels + c * PAIR, combined(addends, addend_count, extra, at), odd);
        }
    }
}

static void NAME(combine)(const void *const *addends, ptrdiff_t addend_count, const float *extra, ptrm_range positions,
                          ptrdiff_t count, ptrdiff_t channels, bool paired, void *out) {
    // Copied, so that the compiler knows that no store changes them.
    const element *own[PTRM_MOST_ADDENDS];
    for (ptrdiff_t i = 0; i < addend_count; i++) own[i] = addends[i];
    if (addend_count == 2) {
        combine_rows(own, 2, extra, positions, count, channels, paired, out);
    } else {
        combine_rows(own, addend_count, extra, positions, count, channels, paired, out);
    }
}

static void NAME(add_noise)(void *z, ptrm_range elements, ptrm_noise noise) {
    for (ptrdiff_t i = elements.lower; i < elements.upper; i += 64) {
        float normals[64];
        normals_block(noise.seed, (uint32_t)(i / 4), noise.step, noise.rollout, noise.stream, normals);
        for (ptrdiff_t j = i; j < i + 64 && j < elements.upper; j += LANES) {
            // Product and sum are rounded separately: the same values with and without fused multiply-add.
            vf step = splat(noise.sigma) * load(normals + (j - i));
            store_elements((element *)z + j, load_elements((element *)z + j) + step);
        }
    }
}

const ptrm_kernels NAME(table) = {
    .name = TABLE_NAME,
    .element_size = sizeof(element),
    .pair = PAIR,
    .panel_width = PANEL,
    .tile_rows = TILE_ROWS,
    .lanes = LANES,
    .inner_step = INNER_STEP,
    .rows_at_once = ROWS_AT_ONCE,
#ifdef WHOLE_NUMBERS
    .arithmetic = PTRM_INT8,
    .weights = {.size = 1, .panel_step = BLOCK, .row_step = 4, .tail = 8},
    .pack_panels = NAME(pack_whole_panels),
    .pack_row_tiles = NAME(pack_whole_row_tiles),
#else
    .arithmetic = PAIR == 2 ? PTRM_BF16 : PTRM_FP32,
    .weights = {.size = sizeof(element), .panel_step = PAIR, .row_step = PAIR * INNER_STEP, .tail = 0},
    .pack_panels = NAME(pack_panels),
    .pack_row_tiles = NAME(pack_row_tiles),
#endif
    .pack_head = NAME(pack_panels),
    .from_float = NAME(from_float),
    .to_float = NAME(to_float),
    .all_finite = NAME(all_finite),
    .dot = NAME(dot),
    .combine = NAME(combine),
    .add_noise = NAME(add_noise),
    .gate_up = NAME(gate_up),
    .gate_up_convolved = NAME(gate_up_convolved),
    .project_norm = NAME(project_norm),
    .project = NAME(project),
    .mix_tokens = NAME(mix_tokens),
    .project_qkv = NAME(project_qkv),
    .transpose_keys = NAME(transpose_keys),
    .attend = NAME(attend),
    .peak = NAME(peak),
};
