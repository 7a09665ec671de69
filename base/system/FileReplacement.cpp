#include "changebank/base/system/FileReplacement.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include "changebank/base/system/ErrnoText.h"
#include "changebank/base/system/FileDescriptor.h"
#include "changebank/base/system/WriteAll.h"

namespace changebank {

std::optional<std::string> replaceFile(const std::string& path, std::string_view text) {
    const std::string fresh = path + ".new";
    const auto giveUp = [&fresh](const std::string& subject) {
        auto reason = subject + ": " + errnoText();
        ::unlink(fresh.c_str());
        return reason;
    };
    {
        const FileDescriptor file(
            ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (!file) return fresh + ": " + errnoText();
        // One that was left over may have another mode.
        if (::fchmod(file.get(), 0600) != 0 || !writeAll(file.get(), text) || ::fsync(file.get()) != 0)
            return giveUp(fresh);
    }
    if (std::rename(fresh.c_str(), path.c_str()) != 0) return giveUp(path);
    return std::nullopt;
}

}  // namespace changebank
