// One path's functions, written once over vectors of LANES floats. The including file defines
//   LANES    floats in a vector
//   VECTORS  vectors in a row of a panel of weights
//   ROWS     most rows of a tile: ROWS * VECTORS sums stay in registers
// and, around the inclusion, the instruction set. Everything is static: the file exports its table of functions.

typedef float lanes __attribute__((vector_size(LANES * 4), may_alias));
typedef float loose_lanes __attribute__((vector_size(LANES * 4), aligned(4), may_alias));
typedef uint32_t words __attribute__((vector_size(LANES * 4)));

#define PANEL ((size_t)(LANES * VECTORS))
#define LOAD(pointer) (*(const loose_lanes *)(pointer))
#define STORE(pointer, value) (*(loose_lanes *)(pointer) = (value))
#define SPLAT(value) ((lanes){0} + (value))
#define CHOOSE(mask, yes, no) ((lanes)(((words)(mask) & (words)(yes)) | (~(words)(mask) & (words)(no))))
#define UNROLLED _Pragma("clang loop unroll(full)")

// e^x for x <= 0: 2^n times a Taylor polynomial of degree 6 on [-ln 2 / 2, ln 2 / 2]. Adding 1.5 * 2^23 leaves n in the
// lowest bits of the sum.
static inline lanes exponential(lanes x) {
    x = CHOOSE(x < -87.0f, SPLAT(-87.0f), x);
    lanes sum = x * 1.44269504f + 12582912.0f;
    lanes n = sum - 12582912.0f;
    lanes r = x - n * 0.693359375f;
    r = r + n * 2.12194440e-4f;
    lanes y = r * 1.38888889e-3f + 8.33333333e-3f;
    y = y * r + 4.16666667e-2f;
    y = y * r + 1.66666667e-1f;
    y = y * r + 0.5f;
    y = y * r + 1.0f;
    y = y * r + 1.0f;
    return y * (lanes)(((words)sum << 23) + 0x3F800000u);
}

// erf(z) = z P(z^2) / Q(z^2) on [-3.95, 3.95], P and Q fitted for the least largest error (1.8e-8 before rounding);
// beyond that it is taken as constant.
static inline lanes gelu(lanes x) {
    lanes z = x * 0.707106781f;
    z = CHOOSE(z > 3.95f, SPLAT(3.95f), z);
    z = CHOOSE(z < -3.95f, SPLAT(-3.95f), z);
    lanes t = z * z;
    lanes p = t * 2.0117381609452423e-06f + 0.00028760117129422724f;
    p = p * t + 0.003917341120541096f;
    p = p * t + 0.05320712924003601f;
    p = p * t + 0.19403623044490814f;
    p = p * t + 1.128378987312317f;
    lanes q = t * 3.7839694414287806e-05f + 0.0011982065625488758f;
    q = q * t + 0.015270747244358063f;
    q = q * t + 0.11559097468852997f;
    q = q * t + 0.5052916407585144f;
    q = q * t + 1.0f;
    return x * 0.5f * (1.0f + z * p / q);
}

// Sums of a tile: acc[r][v] += x[r][k] * b[k][v] for all k. N vectors wide; b's rows are `stride` floats apart.
#define SUM_TILE(R, N)                                                                                                \
    for (size_t k = 0; k < depth; k++) {                                                                              \
        const float *row = b + k * stride;                                                                            \
        lanes w[N];                                                                                                   \
        UNROLLED for (int v = 0; v < N; v++) w[v] = LOAD(row + v * LANES);                                            \
        UNROLLED for (int r = 0; r < R; r++) {                                                                        \
            lanes factor = SPLAT(x[r * xs + k]);                                                                      \
            UNROLLED for (int v = 0; v < N; v++) acc[r][v] += factor * w[v];                                          \
        }                                                                                                             \
    }

// Writes a tile of which only the first `columns` count.
static void store_tile(const lanes *sums, int rows, int vectors, float *y, size_t ys, size_t columns) {
    for (int r = 0; r < rows; r++) {
        size_t done = 0;
        for (int v = 0; v < vectors && done < columns; v++) {
            size_t count = columns - done < LANES ? columns - done : LANES;
            if (count == LANES) {
                STORE(y + r * ys + done, sums[r * vectors + v]);
            } else {
                for (size_t i = 0; i < count; i++) y[r * ys + done + i] = sums[r * vectors + v][i];
            }
            done += count;
        }
    }
}

// The biases of a panel's columns, zeros beyond the last.
static inline void panel_bias(const float *bias, size_t columns, lanes to[VECTORS]) {
    for (int v = 0; v < VECTORS; v++) {
        size_t first = (size_t)v * LANES;
        if (first + LANES <= columns) {
            to[v] = LOAD(bias + first);
        } else {
            to[v] = SPLAT(0.0f);
            for (size_t i = 0; first + i < columns; i++) to[v][i] = bias[first + i];
        }
    }
}

// How many rows the next tile takes so that the tiles of `left` rows are about equal.
static inline size_t tile_rows(size_t left) {
    size_t tiles = (left + ROWS - 1) / ROWS;
    return (left + tiles - 1) / tiles;
}

// y = x b, one vector of columns wide: what attention is made of.
#define NARROW_TILE(R)                                                                                                \
    static void narrow_##R(                                                                                           \
        const float *x, size_t xs, const float *b, size_t stride, size_t depth, float *y, size_t ys,                  \
        size_t columns) {                                                                                             \
        lanes acc[R][1];                                                                                              \
        UNROLLED for (int r = 0; r < R; r++) acc[r][0] = SPLAT(0.0f);                                                 \
        SUM_TILE(R, 1)                                                                                                \
        if (columns >= LANES) {                                                                                       \
            UNROLLED for (int r = 0; r < R; r++) STORE(y + r * ys, acc[r][0]);                                        \
        } else {                                                                                                      \
            store_tile(acc[0], R, 1, y, ys, columns);                                                                 \
        }                                                                                                             \
    }
NARROW_TILE(1)
NARROW_TILE(2)
NARROW_TILE(3)
NARROW_TILE(4)
NARROW_TILE(5)
NARROW_TILE(6)
NARROW_TILE(7)
NARROW_TILE(8)
#define NARROW_ROWS 8

static void narrow(
    size_t rows, const float *x, size_t xs, const float *b, size_t stride, size_t depth, float *y, size_t ys,
    size_t columns) {
    switch (rows) {
    case 1: narrow_1(x, xs, b, stride, depth, y, ys, columns); break;
    case 2: narrow_2(x, xs, b, stride, depth, y, ys, columns); break;
    case 3: narrow_3(x, xs, b, stride, depth, y, ys, columns); break;
    case 4: narrow_4(x, xs, b, stride, depth, y, ys, columns); break;
    case 5: narrow_5(x, xs, b, stride, depth, y, ys, columns); break;
    case 6: narrow_6(x, xs, b, stride, depth, y, ys, columns); break;
    case 7: narrow_7(x, xs, b, stride, depth, y, ys, columns); break;
    default: narrow_8(x, xs, b, stride, depth, y, ys, columns); break;
    }
}

static size_t attend_scratch(size_t longest, size_t head) {
    size_t columns = encoder_round_up(longest, LANES), padded = encoder_round_up(head, LANES);
    return (head * columns + longest * padded + NARROW_ROWS * columns) * sizeof(float);
}

// Row by row: exponentials of the scaled scores less their maximum, divided by their sum. Columns from `length` to the
// next multiple of LANES become 0.
static void softmax(float *scores, size_t rows, size_t stride, size_t length, float scale) {
    size_t columns = encoder_round_up(length, LANES);
    for (size_t r = 0; r < rows; r++) {
        float *row = scores + r * stride;
        float largest = row[0];
        for (size_t j = length; j < columns; j++) row[j] = -3e38f;
        lanes largests = SPLAT(-3e38f);
        for (size_t j = 0; j < columns; j += LANES) {
            lanes here = LOAD(row + j);
            largests = CHOOSE(here > largests, here, largests);
        }
        for (int i = 0; i < LANES; i++) largest = largests[i] > largest ? largests[i] : largest;
        lanes sums = SPLAT(0.0f);
        for (size_t j = 0; j < columns; j += LANES) {
            lanes here = exponential((LOAD(row + j) - largest) * scale);
            STORE(row + j, here);
            sums += here;
        }
        float sum = 0;
        for (int i = 0; i < LANES; i++) sum += sums[i];
        // What stands beyond `length` is e^-87 at most: nothing in float32.
        lanes inverse = SPLAT(1.0f / sum);
        for (size_t j = 0; j < columns; j += LANES) STORE(row + j, LOAD(row + j) * inverse);
    }
}

static void attend(
    const float *qkv, const int32_t *lengths, size_t sequences, size_t width, size_t heads, float *y, void *scratch) {
    size_t head = width / heads, padded = encoder_round_up(head, LANES), stride = 3 * width;
    float scale = 1.0f / __builtin_sqrtf((float)head);
    for (size_t s = 0; s < sequences; s++) {
        size_t length = (size_t)lengths[s], columns = encoder_round_up(length, LANES);
        float *keys = scratch, *values = keys + head * columns, *scores = values + length * padded;
        for (size_t h = 0; h < heads; h++) {
            const float *query = qkv + h * head, *key = query + width, *value = key + width;
            for (size_t j = 0; j < length; j++) {
                for (size_t c = 0; c < head; c++) keys[c * columns + j] = key[j * stride + c];
                __builtin_memcpy(values + j * padded, value + j * stride, head * sizeof(float));
                for (size_t c = head; c < padded; c++) values[j * padded + c] = 0;
            }
            for (size_t c = 0; c < head; c++) {
                for (size_t j = length; j < columns; j++) keys[c * columns + j] = 0;
            }
            for (size_t i = 0; i < length; i += NARROW_ROWS) {
                size_t rows = length - i < NARROW_ROWS ? length - i : NARROW_ROWS;
                for (size_t j = 0; j < columns; j += LANES) {
                    narrow(rows, query + i * stride, stride, keys + j, columns, head, scores + j, columns, LANES);
                }
                softmax(scores, rows, columns, length, scale);
                for (size_t c = 0; c < head; c += LANES) {
                    narrow(
                        rows, scores, columns, values + c, padded, length, y + i * width + h * head + c, width,
                        head - c);
                }
            }
        }
        qkv += length * stride;
        y += length * width;
    }
}

static void add_norm(
    float *x, const float *residual, size_t rows, size_t width, const float *gain, const float *bias, float epsilon) {
    size_t whole = width / LANES * LANES;
    for (size_t r = 0; r < rows; r++) {
        float *row = x + r * width;
        lanes sums = SPLAT(0.0f);
        float sum = 0;
        if (residual) {
            const float *other = residual + r * width;
            for (size_t i = 0; i < whole; i += LANES) STORE(row + i, LOAD(row + i) + LOAD(other + i));
            for (size_t i = whole; i < width; i++) row[i] += other[i];
        }
        for (size_t i = 0; i < whole; i += LANES) sums += LOAD(row + i);
        for (size_t i = whole; i < width; i++) sum += row[i];
        for (int i = 0; i < LANES; i++) sum += sums[i];
        float mean = sum / (float)width;
        lanes squares = SPLAT(0.0f);
        float square = 0;
        for (size_t i = 0; i < whole; i += LANES) {
            lanes off = LOAD(row + i) - mean;
            squares += off * off;
        }
        for (size_t i = whole; i < width; i++) square += (row[i] - mean) * (row[i] - mean);
        for (int i = 0; i < LANES; i++) square += squares[i];
        float inverse = 1.0f / __builtin_sqrtf(square / (float)width + epsilon);
        for (size_t i = 0; i < whole; i += LANES) {
            STORE(row + i, (LOAD(row + i) - mean) * inverse * LOAD(gain + i) + LOAD(bias + i));
        }
        for (size_t i = whole; i < width; i++) row[i] = (row[i] - mean) * inverse * gain[i] + bias[i];
    }
}
