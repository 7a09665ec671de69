#include "daemon/StartPages.h"

#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "security/FileDescriptor.h"

namespace changebank::daemon {

namespace {

using Address = std::uintptr_t;

/// What the kernel says of the pages of this process (/proc/pid/pagemap).
class PageMap {
public:
    PageMap() : _file(::open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC)) {}

    /// Releases what lies between and is mapped from a file; nothing where the kernel does not tell.
    void release(Address begin, Address end) const {
        std::array<std::uint64_t, 512> entries;
        while (begin < end) {
            const auto wanted =
                std::min<std::size_t>(entries.size(), (end - begin + _pageSize - 1) / _pageSize);
            const auto octets = ::pread(_file.get(), entries.data(), wanted * sizeof(std::uint64_t),
                                        static_cast<off_t>(begin / _pageSize * sizeof(std::uint64_t)));
            const auto count = octets < 0 ? 0 : static_cast<std::size_t>(octets) / sizeof(std::uint64_t);
            if (count == 0) return;
            release(begin, std::span(entries).first(count));
            begin += count * _pageSize;
        }
    }

    Address pageSize() const { return _pageSize; }

private:
    /// A page that somebody wrote to is this process's own and no longer the file's.
    static bool isOfFile(std::uint64_t entry) { return (entry >> 61U & 1U) != 0; }

    void release(Address begin, std::span<const std::uint64_t> entries) const {
        for (auto first = entries.begin(); first != entries.end();) {
            first = std::find_if(first, entries.end(), isOfFile);
            const auto last = std::find_if_not(first, entries.end(), isOfFile);
            const auto from = begin + static_cast<Address>(first - entries.begin()) * _pageSize;
            const auto length = static_cast<Address>(last - first) * _pageSize;
            // What the kernel maps by itself (the vDSO) it does not give up; nothing is lost by that.
            if (length > 0) ::madvise(reinterpret_cast<void*>(from), length, MADV_DONTNEED);  // NOLINT
            first = last;
        }
    }

    const security::FileDescriptor _file;
    const Address _pageSize = static_cast<Address>(::sysconf(_SC_PAGESIZE));
};

int releaseObject(dl_phdr_info* object, std::size_t, void* pageMap) {
    auto& pages = *static_cast<PageMap*>(pageMap);
    for (const auto& segment : std::span(object->dlpi_phdr, object->dlpi_phnum)) {
        if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
        const auto begin = (object->dlpi_addr + segment.p_vaddr) & ~(pages.pageSize() - 1);
        pages.release(begin, object->dlpi_addr + segment.p_vaddr + segment.p_filesz);
    }
    return 0;
}

}  // namespace

void releaseStartPages() noexcept {
    PageMap pages;
    ::dl_iterate_phdr(releaseObject, &pages);
}

}  // namespace changebank::daemon
