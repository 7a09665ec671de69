#pragma once

#include <optional>
#include <string>

/// Whether this process could use files that settings name. All of these look only: nothing is opened,
/// created or changed.
namespace changebank::daemon {

/// Why a file cannot be read, if so, as the end of a sentence that begins with its name. A pipe is refused,
/// since opening it would wait for a writer.
std::optional<std::string> faultOfReading(const std::string& path);

/// Why a file cannot be appended to or created, if so, as a sentence.
std::optional<std::string> faultOfAppending(const std::string& path);

/// Why a file cannot be replaced or created by a rename in its folder, if so, as a sentence.
std::optional<std::string> faultOfReplacing(const std::string& path);

/// Why files cannot be created in the folder of this path, if so, as a sentence.
std::optional<std::string> faultOfFolder(const std::string& path);

/// Whether two paths name one file, which need not exist.
bool isOneFile(const std::string& one, const std::string& other);

}  // namespace changebank::daemon
