#pragma once

#include <boost/test/unit_test.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/integration/DaemonProcess.h"

namespace changebank::tests {

/// What a run of `changebankctl token` came to.
struct TokenResult {
    int status;
    std::string output;
    std::string errors;

    std::vector<std::string> lines() const {
        std::vector<std::string> all;
        std::istringstream stream(output);
        for (std::string line; std::getline(stream, line);)
            all.push_back(line);
        return all;
    }
};

/// Runs `changebankctl token` with these arguments and that standard input.
inline TokenResult runTokenTool(std::vector<std::string> arguments, const std::string& input = {}) {
    arguments.insert(arguments.begin(), "token");
    Process process(changebankctl, arguments, {}, input);
    const auto status = process.wait(std::chrono::minutes(2));
    BOOST_REQUIRE(status.has_value());
    return {*status, process.output(), process.errors()};
}

}  // namespace changebank::tests
