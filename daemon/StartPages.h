#pragma once

namespace changebank::daemon {

/// Takes the pages of the program and its libraries that were there for the start alone, such as the tables
/// of the dynamic linker, out of this process: half of what it has resident when it begins to wait. Pages
/// that are needed again come back by themselves, as a rule from the kernel's page cache. Concerns what the
/// kernel maps from files and nobody wrote: a debugger's breakpoints, text relocations and text that was
/// moved to large pages stay. Where the kernel does not tell what is whose, all stays. Other threads may run
/// meanwhile.
void releaseStartPages() noexcept;

}  // namespace changebank::daemon
