#pragma once

#include <signal.h>

#include <cstddef>

#include "tests/support/ResourceLimit.h"

namespace changebank::tests {

/// Files end here while it lives, as on a full disk.
class FullDisk {
public:
    explicit FullDisk(std::size_t size) : _limit(RLIMIT_FSIZE, size), _before(::signal(SIGXFSZ, SIG_IGN)) {}
    ~FullDisk() { ::signal(SIGXFSZ, _before); }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    ResourceLimit _limit;
    sighandler_t _before;
};

}  // namespace changebank::tests
