#pragma once

#include <Poco/Util/OptionSet.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "changebank/base/text/Json.h"
#include "changebank/daemon/command_line/CommandLine.h"

namespace changebank::daemon {

/// A command's request to a running daemon, and how to show the response.
struct DaemonQuestion {
    using Show = std::function<std::string(const Json& response)>;
    using Complete = std::function<std::optional<UsageFault>(DaemonQuestion&, const CommandLine&)>;

    std::string name;
    std::string usage;
    std::string help;
    std::string method;
    std::string target;
    /// The response as text for people; empty: as it is.
    Show show;
    /// Completes the request by the command line; empty: there must be no operands.
    Complete complete{};
    /// Beside --socket, --pid, --json and --help.
    Poco::Util::OptionSet options{};
    std::string body{};
    /// Of a process without an admin socket, which then gets a SIGHUP.
    bool fallsBackToSighup = false;
    /// The exit status after a response that is no error; empty: 0.
    std::function<int(const Json& response)> statusOf{};
    /// What to do with the admin socket instead of asking once; returns the exit status of the command.
    std::function<int(const std::string& socketPath, bool asJson)> run{};

    /// Parses a command's arguments, asks the daemon, and prints the response or the fault. Returns the exit
    /// status of the command, see ControlCommand.h.
    int ask(const std::vector<std::string>& arguments) const;
};

}  // namespace changebank::daemon
