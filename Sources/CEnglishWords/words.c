// The word lists as they are in the files, one word a line, sorted by bytes; searched in place.

#include "CEnglishWords.h"

#include <string.h>

#pragma clang diagnostic ignored "-Wc23-extensions"

// Debian's scowl in lower case, ASCII letters only, three at least: words of sizes 10 to 70, proper names and words with
// capitals of sizes 10 to 60, American, British, Canadian and Australian with first variants. See COPYRIGHT.scowl.
static const unsigned char words[] = {
#embed "words.txt"
};

// Names of products, terms of the trade and drugs that SCOWL lacks; kept by hand.
static const unsigned char names[] = {
#embed "names.txt"
};

/// Compares a word with the line that begins at `line` and ends at the next line feed.
static int compare(const unsigned char *word, size_t count, const unsigned char *line, const unsigned char *end) {
    const unsigned char *feed = memchr(line, '\n', (size_t)(end - line));
    size_t length = (size_t)((feed ? feed : end) - line);
    int order = memcmp(word, line, count < length ? count : length);
    if (order != 0) return order;
    return count < length ? -1 : count > length;
}

static bool contains(const unsigned char *list, size_t size, const unsigned char *word, size_t count) {
    size_t low = 0, high = size; // always at the beginning of a line, or the end
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        while (middle > low && list[middle - 1] != '\n') middle--;
        int order = compare(word, count, list + middle, list + size);
        if (order == 0) return true;
        if (order < 0) {
            high = middle;
        } else {
            const unsigned char *feed = memchr(list + middle, '\n', size - middle);
            low = feed ? (size_t)(feed - list) + 1 : size;
        }
    }
    return false;
}

bool english_words_contain(const unsigned char *word, size_t count) {
    if (count == 0 || memchr(word, '\n', count)) return false;
    return contains(words, sizeof words, word, count) || contains(names, sizeof names, word, count);
}
