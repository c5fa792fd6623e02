// The tiles of 1 to ROWS rows, by DENSE_TILE of the including file, whose activations are of type INPUT.
DENSE_TILE(1)
DENSE_TILE(2)
DENSE_TILE(3)
#if ROWS >= 4
DENSE_TILE(4)
#endif
#if ROWS >= 5
DENSE_TILE(5)
#endif
#if ROWS >= 6
DENSE_TILE(6)
#endif
#if ROWS >= 7
DENSE_TILE(7)
#endif
#if ROWS >= 8
DENSE_TILE(8)
#endif

static void tile(
    size_t rows, const INPUT *x, size_t xs, const INPUT *b, size_t depth, const lanes *bias,
    encoder_activation activation, float *y, size_t ys, size_t columns) {
    switch (rows) {
    case 1: dense_1(x, xs, b, depth, bias, activation, y, ys, columns); break;
    case 2: dense_2(x, xs, b, depth, bias, activation, y, ys, columns); break;
    case 3: dense_3(x, xs, b, depth, bias, activation, y, ys, columns); break;
#if ROWS >= 4
    case 4: dense_4(x, xs, b, depth, bias, activation, y, ys, columns); break;
#endif
#if ROWS >= 5
    case 5: dense_5(x, xs, b, depth, bias, activation, y, ys, columns); break;
#endif
#if ROWS >= 6
    case 6: dense_6(x, xs, b, depth, bias, activation, y, ys, columns); break;
#endif
#if ROWS >= 7
    case 7: dense_7(x, xs, b, depth, bias, activation, y, ys, columns); break;
#endif
#if ROWS >= 8
    case 8: dense_8(x, xs, b, depth, bias, activation, y, ys, columns); break;
#endif
    default: break;
    }
}
