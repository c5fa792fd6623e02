#include "paths.h"

// The vectors are passed between static functions of this file only.
#pragma clang diagnostic ignored "-Wpsabi"

#define LANES 16
#define VECTORS 1
#define ROWS 3
#define INPUT float
#include "lanes.h"
#include "dense.h"
#include "tiles.h"
#include "apply.h"

const encoder_functions encoder_portable_functions = FUNCTIONS;
