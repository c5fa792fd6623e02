#pragma once

#include <pthread.h>

#include <new>

// Readers that do not wait keep no writer waiting for ever: a waiting writer goes first.
class Turns {
public:
    Turns() {
        pthread_rwlockattr_t attributes;
        pthread_rwlockattr_init(&attributes);
#if defined(__GLIBC__)
        pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
#endif
        int failure = pthread_rwlock_init(&lock, &attributes);
        pthread_rwlockattr_destroy(&attributes);
        if (failure != 0) throw std::bad_alloc();
    }
    ~Turns() { pthread_rwlock_destroy(&lock); }
    Turns(const Turns &) = delete;
    Turns &operator=(const Turns &) = delete;

    bool tryRead() { return pthread_rwlock_tryrdlock(&lock) == 0; }
    void write() { pthread_rwlock_wrlock(&lock); }
    void end() { pthread_rwlock_unlock(&lock); }

private:
    pthread_rwlock_t lock;
};

// Gives a turn back at the end of a scope.
struct Turn {
    Turns &turns;
    ~Turn() { turns.end(); }
};
