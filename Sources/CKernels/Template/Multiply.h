// A register tile's product, once for each kind of number. Included with these defined, and undefined behind it:
//
//   MULTIPLY(x)                   the name of a function
//   SUM, NOTHING                  a vector of sums, and one of zeros
//   WORDS, LOAD_WORDS, SPLAT_WORD a vector of words: of neighbouring columns, or one word in all lanes
//   MULTIPLY_ADD(sum, a, b)       `sum` with the products of a row's word and of words of the right operand

/// One step along the inner dimension; `low` and `high` lead to the first and to the middle row of the tile.
INLINE void MULTIPLY(multiply_once)(const int rows, const char *low, const char *high, row_steps steps, const word *b,
                                    SUM sums[TILE_ROWS][2]) {
    const int middle = (rows + 1) / 2;
    const WORDS left = LOAD_WORDS(b), right = LOAD_WORDS(b + LANES);
    UNROLL for (int r = 0; r < rows; r++) {
        const WORDS value = SPLAT_WORD(r < middle ? row_at(low, steps, r) : row_at(high, steps, r - middle));
        sums[r][0] = MULTIPLY_ADD(sums[r][0], value, left);
        sums[r][1] = MULTIPLY_ADD(sums[r][1], value, right);
    }
}

/// sums[r][v] += sum over k of a[r][k] * b[k][v]; steps in words. Asks for `coming` meanwhile.
INLINE void MULTIPLY(multiply_onto)(const int rows, const word *a, ptrdiff_t row_step, ptrdiff_t inner_step,
                                    const word *b, ptrdiff_t b_step, ptrdiff_t inner, weights_part coming,
                                    SUM sums[TILE_ROWS][2]) {
    const char *next = ask_for(coming.next, coming.at_once);
    const char *low = (const char *)a, *high = (const char *)(a + (rows + 1) / 2 * row_step);
    const row_steps steps = steps_of(row_step);
    const ptrdiff_t step = inner_step * (ptrdiff_t)sizeof(word);
    // Opaque: the compiler would compute this pointer anew from the other one in every step.
    __asm__("" : "+r"(high));
    ptrdiff_t k = inner;
    for (; k >= WORDS_AT_ONCE; k -= WORDS_AT_ONCE) {
        UNROLL for (int i = 0; i < WORDS_AT_ONCE; i++) {
            MULTIPLY(multiply_once)(rows, low + i * step, high + i * step, steps, b + i * b_step, sums);
        }
        next = ask_for(next, 1);
        low += WORDS_AT_ONCE * step;
        high += WORDS_AT_ONCE * step;
        b += WORDS_AT_ONCE * b_step;
    }
    for (; k > 0; k--) {
        MULTIPLY(multiply_once)(rows, low, high, steps, b, sums);
        low += step;
        high += step;
        b += b_step;
    }
}

/// sums[r][v] = sum over k of a[r][k] * b[k][v], as `multiply_onto` does it.
INLINE void MULTIPLY(multiply)(const int rows, const word *a, ptrdiff_t row_step, ptrdiff_t inner_step, const word *b,
                               ptrdiff_t b_step, ptrdiff_t inner, weights_part coming, SUM sums[TILE_ROWS][2]) {
    UNROLL for (int r = 0; r < rows; r++) {
        sums[r][0] = NOTHING;
        sums[r][1] = NOTHING;
    }
    MULTIPLY(multiply_onto)(rows, a, row_step, inner_step, b, b_step, inner, coming, sums);
}

#undef MULTIPLY
#undef SUM
#undef NOTHING
#undef WORDS
#undef LOAD_WORDS
#undef SPLAT_WORD
#undef MULTIPLY_ADD
