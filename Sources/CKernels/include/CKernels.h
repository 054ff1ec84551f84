// The arithmetic of a Tiny Recursive Model on a CPU: matrix products with fused epilogues, softmax attention, noise.
//
// One table of functions per (instruction set, activation type), all made from one template (Template/) and the few
// primitives that each instruction set's file defines. No compiler flags are needed: the x86 files carry their own
// target attributes, and the caller chooses a table at run time by what the CPU says it can do.
//
// Terms used below:
//   element   one activation: float, or bfloat16 bits (uint16_t) in the bf16 table
//   word      what one multiply-add step consumes along the inner dimension: one float, or a pair of bfloat16
//   row-major [position][channel], elements; rows are `channels` elements apart
//   paired    the same numbers as words of neighbouring positions: [position / pair][channel][pair]. With one element
//             per word this is row-major. A missing last odd position is stored as zeros.
//             (int8: four weights of eight bits; see Template/Int8.h)
//   panel     weights as the right operand: [panel][inner word][panel_width], zero-padded
//   row tile  weights as the left operand: [tile][inner word][rows of the tile], or [tile][row][inner word] where whole
//             matrices are multiplied (amx)
//
// Every output element's sum runs over the inner dimension in the same order whatever the tile, the range of rows or
// the number of threads, so results never depend on how a caller splits the work.

#ifndef PTRM_CKERNELS_H
#define PTRM_CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if __has_feature(nullability)
#pragma clang assume_nonnull begin
#endif

typedef enum ptrm_isa {
    PTRM_ISA_GENERIC = 0,
    PTRM_ISA_AVX2 = 1,
    PTRM_ISA_AVX512 = 2,
    PTRM_ISA_AVX512BF16 = 3,
    PTRM_ISA_AMX = 4,
} ptrm_isa;

/// What a CPU is and has, as far as the operating system lets it be used.
typedef struct ptrm_cpu {
    /// As the CPU says it ("GenuineIntel"), ending in a zero; empty on other architectures than x86.
    char vendor[13];
    int family, model;
    /// `avx512` is F with BW, DQ and VL.
    bool avx2, avxvnni, avx512, avx512bf16, avx512fp16, avx512vnni, amx, amxint8;
} ptrm_cpu;

/// An instruction set, whether it is taken, and why, in a few words.
typedef struct ptrm_choice {
    ptrm_isa isa;
    bool is_taken;
    const char *reason;
} ptrm_choice;

/// What an arithmetic unit multiplies. bf16 is added up in fp32, int8 in int32, fp16 in fp16.
typedef enum ptrm_arithmetic { PTRM_INT8, PTRM_FP16, PTRM_BF16, PTRM_FP32 } ptrm_arithmetic;

/// A unit of this CPU and the loop that shows what it can do, as `ptrm_kernels.peak` does.
typedef struct ptrm_unit {
    const char *name;
    ptrm_arithmetic arithmetic;
    double (*peak)(int64_t iterations);
} ptrm_unit;

/// Weights packed as the right operand of a product.
typedef struct ptrm_panels {
    const void *words;
    /// Inner dimension in words.
    ptrdiff_t inner;
    /// Number of panels; output columns are `panels * panel_width`, or half of that for a gated product.
    ptrdiff_t panels;
    /// Elements of a row that it is multiplied with.
    ptrdiff_t inputs;
} ptrm_panels;

/// How the weights of products are packed.
typedef struct ptrm_format {
    /// Bytes of a weight.
    int size;
    /// Weights along the inner dimension are padded to a multiple of this, in panels and in row tiles.
    int panel_step, row_step;
    /// Bytes that an output channel takes besides its weights.
    int tail;
} ptrm_format;

/// Weights packed as the left operand of a product.
typedef struct ptrm_row_tiles {
    const void *words;
    ptrdiff_t inner;
    /// Output rows (for a gated product: gate rows, each with its up row in the same tile).
    ptrdiff_t rows;
} ptrm_row_tiles;

/// Half-open range of rows, columns or whatever the function says.
typedef struct ptrm_range {
    ptrdiff_t lower, upper;
} ptrm_range;

/// One rollout's token mixing (MLP variant): x <- norm_over_positions(x + down(silu(gate x) * up x)).
typedef struct ptrm_token_mixing {
    ptrdiff_t positions, channels;
    ptrm_row_tiles gate_up, down;
    float epsilon;
} ptrm_token_mixing;

/// Shapes of one rollout's attention. A head's channels are padded to `head_width`, a multiple of panel_width.
typedef struct ptrm_attention {
    ptrdiff_t positions, heads, head_width;
    /// 1 / sqrt(true head width).
    float scale;
} ptrm_attention;

/// What a product reads and writes of one rollout.
typedef struct ptrm_operands {
    const void *x;
    /// Added before a norm, row-major.
    const void *_Nullable residual;
    /// rows * channels floats for the sums that a norm is taken of.
    float *_Nullable sums;
    void *out;
    /// Where rows are brought into the form in which they are multiplied; see `row_room`. Null where they are in it.
    void *_Nullable room;
} ptrm_operands;

/// A rollout's input of attention, row-major, and its queries, keys and values (see `project_qkv`).
typedef struct ptrm_qkv {
    const void *x;
    void *q, *k, *v;
    /// As that of `ptrm_operands`.
    void *_Nullable room;
} ptrm_qkv;

/// A convolution of each column by itself over neighbouring rows, of the gates and values of a SwiGLU.
typedef struct ptrm_convolution {
    ptrdiff_t positions;
    /// Rows before this one are left alone.
    ptrdiff_t first;
    /// [position][tap]: the row of each neighbour, -1 where there is none.
    const int32_t *neighbours;
    ptrdiff_t taps;
    /// [panel][tap][panel_width], and each panel's biases behind its taps; columns as those of the gated product.
    const float *weights;
    /// As that of `ptrm_operands`, for all rows.
    void *_Nullable room;
} ptrm_convolution;

/// Which noise: Philox key, the last three counter words, and the scale.
typedef struct ptrm_noise {
    uint64_t seed;
    uint32_t step, rollout, stream;
    float sigma;
} ptrm_noise;

/// A latent and seven others: the most that is added up at once.
enum { PTRM_MOST_ADDENDS = 8 };

typedef struct ptrm_kernels {
    const char *name;
    /// Bytes of an element (2 or 4) and elements in a word (2 or 1).
    int element_size, pair;
    /// Columns of a panel, rows of the largest tile, lanes of a vector.
    int panel_width, tile_rows, lanes;
    /// The words of an inner dimension are a multiple of this; what is missing is zero.
    int inner_step;
    /// Rows that go through a panel of weights together, of one rollout or of several: what they give stays in the
    /// second-level cache, and more would do no good where the products take longer than the weights' way here.
    int rows_at_once;
    /// What products multiply.
    ptrm_arithmetic arithmetic;
    /// How their weights are packed. A panel of int8 takes rows of `inner` words and a float: its scale.
    ptrm_format weights;

    // Packing. `weight` is row-major [outputs][inputs] as stored by PyTorch. The maps say which output (input) goes to
    // each packed place; -1 leaves zeros.
    void (*pack_panels)(const float *weight, ptrdiff_t inputs, const int32_t *output_map, ptrdiff_t columns,
                        const int32_t *input_map, ptrdiff_t inner, void *words);
    /// The same for the head, whose weights are elements in every table: see `project`.
    void (*pack_head)(const float *weight, ptrdiff_t inputs, const int32_t *output_map, ptrdiff_t columns,
                      const int32_t *input_map, ptrdiff_t inner, void *words);
    /// `gated`: `rows` gate rows with their up rows `up_offset` rows further down in `weight`.
    void (*pack_row_tiles)(const float *weight, ptrdiff_t inputs, ptrdiff_t rows, bool gated, ptrdiff_t up_offset,
                           void *words);

    // Elementwise. Counts and channels are multiples of 32.
    void (*from_float)(const float *values, ptrdiff_t count, void *elements);
    void (*to_float)(const void *elements, ptrdiff_t count, float *values);
    bool (*all_finite)(const void *elements, ptrdiff_t count);
    float (*dot)(const void *elements, const float *weights, ptrdiff_t count);
    /// out = addends[0] + (addends[1] + (... + extra)) over the rows of `positions`; there are PTRM_MOST_ADDENDS
    /// `addends` at most, and `extra` may be null.
    void (*combine)(const void *_Nonnull const *_Nonnull addends, ptrdiff_t addend_count, const float *_Nullable extra,
                    ptrm_range positions, ptrdiff_t count, ptrdiff_t channels, bool paired, void *out);
    /// z[i] += sigma * normal(i) for the elements of `elements` (the lower bound is a multiple of 64).
    void (*add_noise)(void *z, ptrm_range elements, ptrm_noise noise);

    // Products over the rows of `rows` of each of `count` rollouts: a panel of weights is read once for all of them.
    /// out = silu(x W_gate) * (x W_up), row-major.
    void (*gate_up)(const ptrm_operands *rollouts, ptrdiff_t count, ptrm_range rows, ptrm_panels weights);
    /// out = rms_norm(residual + x W), row-major or paired. A rollout has `positions` rows in all.
    void (*project_norm)(const ptrm_operands *rollouts, ptrdiff_t count, ptrm_range rows, ptrdiff_t positions,
                         ptrm_panels weights, float epsilon, bool paired);
    /// q, k: row-major [position][heads * head_width] with rotary position encoding when `cosines` is not null
    /// ([position][head_width / 2] of cos and of sin); v: paired [head][panel][position / pair][panel_width][pair], where
    /// position / pair is rounded up to inner_step; what is beyond the positions must be zero and stays so.
    void (*project_qkv)(const ptrm_attention *shape, const ptrm_qkv *rollouts, ptrdiff_t count, ptrm_range rows,
                        ptrm_panels weights, const float *_Nullable cosines, const float *_Nullable sines);

    // Products over the rows or columns of one rollout.
    /// out = silu(c(x W_gate)) * c(x W_up) for all rows and the panels of `panels`, where c is the convolution; row-major.
    /// `products` holds positions * panel_width floats.
    void (*gate_up_convolved)(const ptrm_convolution *convolution, const void *x, ptrm_range panels, ptrm_panels weights,
                              float *products, void *out);
    /// out[row][column] = (x W)[row][column], floats, for column < columns; weights of `pack_head`.
    void (*project)(const void *x, ptrm_range rows, ptrm_panels weights, ptrdiff_t columns, float *out);
    /// Columns of `columns` (multiples of panel_width) of one rollout; x paired, out row-major.
    /// `hidden` holds panel_width * gate rows elements (int8: and as many bytes), `sums` panel_width * max(positions, gate_up.inner) floats.
    void (*mix_tokens)(const ptrm_token_mixing *shape, const void *x, ptrm_range columns, void *hidden, float *sums,
                       void *out);

    // Attention of one rollout.
    /// Rearranges k of the heads in `heads` to [head][position panel][head_width / pair words][panel_width].
    void (*transpose_keys)(const ptrm_attention *shape, ptrm_range heads, const void *k, void *transposed);
    /// out = softmax(q k^T * scale) v for the query rows of `rows`, all heads; row-major [position][heads * head_width].
    /// `scores` holds tile_rows * padded positions floats, `weights` as many elements.
    void (*attend)(const ptrm_attention *shape, ptrm_range rows, const void *q, const void *keys, const void *v,
                   float *scores, void *weights, void *out);

    /// Register-only multiply-adds for about `iterations` rounds: the most this core can do. Returns the
    /// floating-point operations done.
    double (*peak)(int64_t iterations);
} ptrm_kernels;

/// This CPU; asks the system for what it gives only on demand.
ptrm_cpu ptrm_this_cpu(void);

/// The instruction set that is the fastest on `cpu`, in the precision of its own that it is fastest in.
ptrm_choice ptrm_choose(const ptrm_cpu *cpu);

/// Whether `cpu` is faster by products of int8 than by `isa`'s others.
ptrm_choice ptrm_choose_int8(const ptrm_cpu *cpu, ptrm_isa isa);

enum { PTRM_MOST_UNITS = 9 };

/// Writes this CPU's units to `units`, which has room for PTRM_MOST_UNITS; returns their number.
ptrdiff_t ptrm_list_units(ptrm_unit *units);

/// Whether this CPU and operating system run the instruction set; asks the system for what it gives only on demand.
bool ptrm_isa_supported(ptrm_isa isa);

/// The table for fp32 activations; null when this build has no such instruction set.
const ptrm_kernels *_Nullable ptrm_kernels_fp32(ptrm_isa isa);

/// The table for fp32 activations whose products are of int8: null where the CPU has no instruction for them, but for
/// `generic`. All have the same bytes.
const ptrm_kernels *_Nullable ptrm_kernels_int8(ptrm_isa isa);

/// The table for bf16 activations; null where the instruction set has no bf16 arithmetic.
const ptrm_kernels *_Nullable ptrm_kernels_bf16(ptrm_isa isa);

/// For each row of logits the index of its first greatest value and that value's softmax probability.
void ptrm_top1(const float *logits, ptrdiff_t rows, ptrdiff_t columns, int32_t *indices, float *probabilities);

/// One block of Philox 4x32-10 (Salmon et al., SC 2011).
void ptrm_philox4x32(const uint32_t counter[_Nonnull 4], const uint32_t key[_Nonnull 2], uint32_t out[_Nonnull 4]);

#if __has_feature(nullability)
#pragma clang assume_nonnull end
#endif

#endif
