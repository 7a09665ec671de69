#include "daemon/StartPages.h"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <span>

namespace changebank::daemon {

namespace {

using Segments = std::span<const ElfW(Phdr)>;

/// Whether the dynamic linker wrote into segments that are for reading alone; then the file has other bytes.
bool hasTextRelocations(const dl_phdr_info& object, Segments segments) {
    for (const auto& segment : segments) {
        if (segment.p_type != PT_DYNAMIC) continue;
        // Where the linker has put what the object says of itself.
        const auto* entry = reinterpret_cast<const ElfW(Dyn)*>(object.dlpi_addr + segment.p_vaddr);  // NOLINT
        for (; entry->d_tag != DT_NULL; ++entry) {
            if (entry->d_tag == DT_TEXTREL) return true;
            if (entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_TEXTREL) != 0) return true;
        }
    }
    return false;
}

int releaseObject(dl_phdr_info* object, std::size_t, void*) {
    const Segments segments(object->dlpi_phdr, object->dlpi_phnum);
    if (hasTextRelocations(*object, segments)) return 0;
    const auto pageSize = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    for (const auto& segment : segments) {
        if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
        const auto begin = (object->dlpi_addr + segment.p_vaddr) & ~(pageSize - 1);
        const auto end = object->dlpi_addr + segment.p_vaddr + segment.p_filesz;
        // What the kernel maps by itself (the vDSO) it does not give up; nothing is lost by that.
        ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);  // NOLINT
    }
    return 0;
}

}  // namespace

void releaseStartPages() noexcept {
    ::dl_iterate_phdr(releaseObject, nullptr);
}

}  // namespace changebank::daemon
