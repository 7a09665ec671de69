#include "changebank/base/system/FileFingerprint.h"

#include <fstream>
#include <sstream>

#include "changebank/base/system/Sha256.h"

namespace changebank {

std::string fileFingerprint(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (path.empty() || !file) return {};
    std::ostringstream content;
    // This operator catches the exception of a failing read, for instance of a folder.
    content << file.rdbuf();
    return file.bad() ? std::string() : sha256(content.str());
}

}  // namespace changebank
