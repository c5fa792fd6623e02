#include "paths.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define LANES 8
#define VECTORS 2
#define ROWS 6
#define INPUT float
#include "lanes.h"
#include "dense.h"
#include "tiles.h"
#include "apply.h"

#pragma clang attribute pop

const encoder_functions encoder_avx2_functions = FUNCTIONS;
#endif
