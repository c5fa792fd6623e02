// Whether a word is one of English, as spell checkers know it, or a name that people write in lower case.
#ifndef CENGLISHWORDS_H
#define CENGLISHWORDS_H

#include <stdbool.h>
#include <stddef.h>

/// Whether the lists have `count` bytes at `word`, in lower case; binary search, O(log words), nothing is allocated.
///
/// Any thread; the lists never change.
bool english_words_contain(const unsigned char *word, size_t count);

#endif
