#include "changebank/daemon/settings/sources/SettingsFolder.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "changebank/base/text/ForeignText.h"

namespace changebank::daemon {

namespace {

constexpr std::string_view ending = ".properties";

bool isPiece(std::string_view name) {
    return !name.starts_with('.') && name.ends_with(ending);
}

bool isReadable(const std::string& path) {
    return ::access(path.c_str(), R_OK) == 0;
}

/// Whether a folder that cannot be read counts like an empty one.
bool mayFail(Pieces needed, std::error_code error) {
    return needed == Pieces::readable ||
           (needed == Pieces::optional && error == std::errc::no_such_file_or_directory);
}

}  // namespace

std::vector<std::string> settingsPieces(const std::string& folder, Pieces needed,
                                        std::vector<SettingFault>& faults) {
    std::vector<std::string> paths;
    std::error_code error;
    std::filesystem::directory_iterator each(folder, error);
    for (const std::filesystem::directory_iterator end; !error && each != end; each.increment(error)) {
        const auto& path = each->path();
        if (!isPiece(path.filename().native())) continue;
        if (needed != Pieces::readable || isReadable(path)) paths.push_back(path.string());
    }
    if (error && !mayFail(needed, error))
        faults.push_back({oneLine(folder), "", "cannot be read: " + error.message()});
    if (paths.size() > maxSettingsPieces)
        faults.push_back(
            {oneLine(folder), "", "has more than " + std::to_string(maxSettingsPieces) + " pieces"});
    if (error || paths.size() > maxSettingsPieces) return {};
    std::sort(paths.begin(), paths.end());
    return paths;
}

}  // namespace changebank::daemon
