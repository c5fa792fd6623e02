#include "paths.h"

// The vectors are passed between static functions of this file only.
#pragma clang diagnostic ignored "-Wpsabi"

#define LANES 16
#define VECTORS 1
// SSE has 16 registers of four floats, NEON has 32.
#if defined(__aarch64__)
#define ROWS 4
#else
#define ROWS 2
#endif
#define INPUT float
#include "lanes.h"
#include "dense.h"
#include "tiles.h"
#include "apply.h"

const encoder_functions encoder_portable_functions = FUNCTIONS;
