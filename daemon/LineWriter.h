#pragma once

#include <string>

namespace changebank::daemon {

/// Writes lines to an open descriptor, each with one call where the kernel takes it whole. Not usable from
/// two threads at once.
class LineWriter {
public:
    /// Writes the text and a line's end. Returns 0, or the error number; a line of which a part was written
    /// then ends before the next one begins.
    int write(int descriptor, std::string line);

private:
    bool _torn = false;
};

}  // namespace changebank::daemon
