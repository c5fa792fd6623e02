// Dense layers in float32 over the vectors of lanes.h. A panel is PANEL columns of the transposed weights: for each
// input, the weights of PANEL outputs side by side, zeros beyond the last. The including file defines the tiles that
// ROWS allows by DENSE_TILES.

static size_t packed_bytes(size_t inputs, size_t outputs) {
    return encoder_round_up(outputs, PANEL) * inputs * sizeof(float);
}

static void pack(const float *weights, size_t inputs, size_t outputs, void *packed) {
    float *to = packed;
    for (size_t first = 0; first < outputs; first += PANEL) {
        for (size_t k = 0; k < inputs; k++) {
            for (size_t c = 0; c < PANEL; c++) {
                *to++ = first + c < outputs ? weights[(first + c) * inputs + k] : 0;
            }
        }
    }
}

static size_t apply_scratch(size_t inputs, size_t rows) { return 0; }

#define DENSE_TILE(R)                                                                                                 \
    static void dense_##R(                                                                                            \
        const float *x, size_t xs, const float *b, size_t depth, const lanes *bias, encoder_activation activation,    \
        float *y, size_t ys, size_t columns) {                                                                        \
        const size_t stride = PANEL;                                                                                  \
        lanes acc[R][VECTORS];                                                                                        \
        UNROLLED for (int r = 0; r < R; r++) {                                                                        \
            UNROLLED for (int v = 0; v < VECTORS; v++) acc[r][v] = bias[v];                                           \
        }                                                                                                             \
        SUM_TILE(R, VECTORS)                                                                                          \
        if (activation == encoder_gelu) {                                                                             \
            UNROLLED for (int r = 0; r < R; r++) {                                                                    \
                UNROLLED for (int v = 0; v < VECTORS; v++) acc[r][v] = gelu(acc[r][v]);                               \
            }                                                                                                         \
        }                                                                                                             \
        store_tile(acc[0], R, VECTORS, y, ys, columns);                                                               \
    }
