#include "changebank/daemon/process/SocketActivation.h"

#include <Poco/Environment.h>
#include <Poco/NumberParser.h>
#include <Poco/StringTokenizer.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>

#include "changebank/daemon/http/socket/Listener.h"

namespace changebank::daemon {

namespace {

/// SD_LISTEN_FDS_START of sd_listen_fds(3).
constexpr int firstPassedDescriptor = 3;

}  // namespace

int passedDescriptors() {
    int process = 0;
    int count = 0;
    const bool forUs = Poco::NumberParser::tryParse(Poco::Environment::get("LISTEN_PID", ""), process) &&
                       process == ::getpid() &&
                       Poco::NumberParser::tryParse(Poco::Environment::get("LISTEN_FDS", ""), count);
    return forUs && count > 0 ? count : 0;
}

std::vector<PassedListener> adoptListeners() {
    std::vector<PassedListener> listeners;
    const int count = passedDescriptors();
    const Poco::StringTokenizer names(Poco::Environment::get("LISTEN_FDNAMES", ""), ":");
    for (const char* name : {"LISTEN_PID", "LISTEN_PIDFDID", "LISTEN_FDS", "LISTEN_FDNAMES"})
        ::unsetenv(name);
    for (int i = 0; i < count; ++i) {
        const auto place = static_cast<std::size_t>(i);
        listeners.push_back({place < names.count() ? names[place] : "unknown",
                             http::adoptListener(firstPassedDescriptor + i)});
    }
    return listeners;
}

}  // namespace changebank::daemon
