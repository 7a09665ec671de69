#pragma once

#include <Poco/Net/HTTPRequestHandler.h>

#include <cstddef>

namespace changebank::handlers {

/// A handler in memory that its thread keeps for the next one. POCO's interface has a handler made by `new`
/// for each request and dropped by `delete`; of a handler that derives from this class, at most `roomSize`
/// octets large, neither asks the general heap while requests come one after another. A thread keeps one such
/// room until it ends. A handler may be dropped by another thread than made it. Under a sanitizer each has
/// memory of its own, so that a use after the end is found.
class RecycledHandler : public Poco::Net::HTTPRequestHandler {
public:
    static constexpr std::size_t roomSize = 64;
#ifdef CHANGEBANK_SANITIZED
    static constexpr bool isRecycling = false;
#else
    static constexpr bool isRecycling = true;
#endif

    // The delete that belongs to it is the sized one, which clang-tidy does not count.
    static void* operator new(std::size_t size);  // NOLINT(misc-new-delete-overloads,cert-dcl54-cpp)
    static void operator delete(void* memory, std::size_t size) noexcept;
};

}  // namespace changebank::handlers
