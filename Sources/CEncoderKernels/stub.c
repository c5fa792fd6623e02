#include "CEncoderKernels.h"
