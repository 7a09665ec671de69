#pragma once

#include <Poco/TemporaryFile.h>

#include <fstream>
#include <string>

namespace changebank::daemon {

/// A folder of its own for a test, gone with everything in it when the test ends.
class TemporaryFolder {
public:
    TemporaryFolder() { _folder.createDirectories(); }

    std::string path(const std::string& name) const { return _folder.path() + "/" + name; }

    /// Writes a file and returns its path.
    std::string write(const std::string& name, const std::string& content) const {
        std::ofstream(path(name), std::ios::binary) << content;
        return path(name);
    }

private:
    Poco::TemporaryFile _folder;
};

}  // namespace changebank::daemon
