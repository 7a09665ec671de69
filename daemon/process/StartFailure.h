#pragma once

#include <stdexcept>
#include <string>

namespace changebank::daemon {

/// Why a program cannot start, for the user, and the status it ends with.
class StartFailure : public std::runtime_error {
public:
    StartFailure(int exitStatus, const std::string& why) : std::runtime_error(why), _exitStatus(exitStatus) {}

    int exitStatus() const noexcept { return _exitStatus; }

private:
    int _exitStatus;
};

}  // namespace changebank::daemon
