#include "paths.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,fma"))), apply_to = function)

#define LANES 16
#define VECTORS 3
#define ROWS 8
#define INPUT float
#include "lanes.h"
#include "dense.h"
#include "tiles.h"
#include "apply.h"

#pragma clang attribute pop

const encoder_functions encoder_avx512_functions = FUNCTIONS;
#endif
