#pragma once

#include "tests/integration/DaemonProcess.h"

namespace changebank::tests {

/// A program that has run to its end.
struct Ended {
    int status = -1;
    std::string output;
    std::string errors;
};

inline Ended runToEnd(const std::string& program, const std::vector<std::string>& arguments,
                      const Process::Environment& environment = {}, const std::string& input = {}) {
    Process process(program, arguments, environment, input);
    const auto status = process.wait();
    return {status.value_or(-1), process.output(), process.errors()};
}

/// changebankctl, asking a daemon.
inline Ended control(const DaemonProcess& daemon, std::vector<std::string> arguments) {
    arguments.push_back("--socket=" + daemon.adminSocket());
    return runToEnd(changebankctl, arguments);
}

}  // namespace changebank::tests
