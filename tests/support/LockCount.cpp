#include "tests/support/LockCount.h"

#include <dlfcn.h>
#include <pthread.h>

#include <atomic>

namespace {

thread_local bool counted = false;
std::atomic<std::size_t> locks{0};

}  // namespace

#ifndef CHANGEBANK_SANITIZED
namespace {

template <typename Lock>
int countAndCall(const char* name, Lock* lock) {
    if (counted) ++locks;
    return reinterpret_cast<int (*)(Lock*)>(::dlsym(RTLD_NEXT, name))(lock);
}

}  // namespace

extern "C" {
int pthread_mutex_lock(pthread_mutex_t* mutex) {
    return countAndCall("pthread_mutex_lock", mutex);
}
int pthread_mutex_trylock(pthread_mutex_t* mutex) {
    return countAndCall("pthread_mutex_trylock", mutex);
}
int pthread_rwlock_rdlock(pthread_rwlock_t* lock) {
    return countAndCall("pthread_rwlock_rdlock", lock);
}
int pthread_rwlock_wrlock(pthread_rwlock_t* lock) {
    return countAndCall("pthread_rwlock_wrlock", lock);
}
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
