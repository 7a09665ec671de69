#pragma once

#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <fstream>
#include <system_error>

#include "changebank/base/system/FileDescriptor.h"

namespace changebank::tests {

/// A soft limit of this process, which is what it was before when this object goes.
/// Throws std::system_error if the kernel does not set it.
class ResourceLimit {
public:
    using Resource = decltype(RLIMIT_NOFILE);

    ResourceLimit(Resource resource, rlim_t soft) : _resource(resource), _before(limits(resource)) {
        const rlimit changed{soft, _before.rlim_max};
        if (::setrlimit(_resource, &changed) != 0)
            throw std::system_error(errno, std::generic_category(), "setrlimit");
    }
    ~ResourceLimit() { ::setrlimit(_resource, &_before); }
    ResourceLimit(const ResourceLimit&) = delete;
    ResourceLimit& operator=(const ResourceLimit&) = delete;

    /// That many file descriptors can be opened beside those that are open, if there are no gaps among these.
    static ResourceLimit moreDescriptors(rlim_t count) {
        const FileDescriptor next(::dup(STDIN_FILENO));
        return {RLIMIT_NOFILE, static_cast<rlim_t>(next.get()) + count};
    }

    /// That many octets of address space can be had beside those in use.
    static ResourceLimit moreAddressSpace(rlim_t octets) {
        rlim_t pages = 0;
        std::ifstream("/proc/self/statm") >> pages;
        return {RLIMIT_AS, pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + octets};
    }

    /// The most that a soft limit can be: the hard one.
    static rlim_t most(Resource resource) { return limits(resource).rlim_max; }

private:
    static rlimit limits(Resource resource) {
        rlimit limits{};
        if (::getrlimit(resource, &limits) != 0)
            throw std::system_error(errno, std::generic_category(), "getrlimit");
        return limits;
    }

    Resource _resource;
    rlimit _before;
};

}  // namespace changebank::tests
