// The reference parser of the scanner's tests: simdjson's DOM, and a writer of its own.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    CSIMDJSON_ACCEPTED = 0,
    // Not JSON, or a string that is not UTF-8.
    CSIMDJSON_REJECTED = 1,
    // A number beyond double, which simdjson does not read.
    CSIMDJSON_NUMBER = 2,
    // More nesting than the limit given.
    CSIMDJSON_DEPTH = 3,
} csimdjson_verdict;

// Parses `length` bytes. When they are accepted and `written` is not null, `*written` becomes the value written anew, which
// the caller frees with csimdjson_free: members sorted by the bytes of their names (equal names stay in their order),
// strings as plain bytes with a length before them, numbers as i<integer>, u<integer> or d<bits of the double>.
csimdjson_verdict csimdjson_parse(
    const uint8_t *bytes, size_t length, size_t max_depth, uint8_t **written, size_t *written_length);

void csimdjson_free(uint8_t *written);

#ifdef __cplusplus
}
#endif
