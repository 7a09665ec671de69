#pragma once

namespace changebank::daemon {

/// Takes the pages of the program and its libraries that were there for the start alone, such as the tables
/// of the dynamic linker, out of this process: half of what it has resident when it begins to wait. Pages
/// that are needed again come back by themselves, from the kernel's page cache and not from the disk.
/// Concerns what the kernel maps from files and nobody writes; other threads may run meanwhile.
void releaseStartPages() noexcept;

}  // namespace changebank::daemon
