#pragma once

#include <stdexcept>
#include <string>

namespace changebank::daemon {

/// A failed start: the reason, for the user, and the exit status.
class StartFailure : public std::runtime_error {
public:
    StartFailure(int exitStatus, const std::string& why) : std::runtime_error(why), _exitStatus(exitStatus) {}

    int exitStatus() const noexcept { return _exitStatus; }

private:
    int _exitStatus;
};

}  // namespace changebank::daemon
