#include "tests/support/LockCount.h"

#include <dlfcn.h>
#include <pthread.h>

#include <atomic>

namespace {

thread_local bool counted = false;
std::atomic<std::size_t> locks{0};

}  // namespace

#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
extern "C" int pthread_mutex_lock(pthread_mutex_t* mutex) {
    using Lock = int (*)(pthread_mutex_t*);
    static const auto next = reinterpret_cast<Lock>(::dlsym(RTLD_NEXT, "pthread_mutex_lock"));
    if (counted) ++locks;
    return next(mutex);
}
#endif

namespace changebank::tests {

void LockCount::includeThisThread() noexcept {
    counted = true;
}

std::size_t LockCount::now() noexcept {
    return locks;
}

}  // namespace changebank::tests
