#include "changebank/daemon/logging/Logging.h"

#include <algorithm>
#include <atomic>

#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/Json.h"

namespace changebank::daemon {

namespace {

std::atomic<LogOutput::Ptr>& current() {
    // Never destroyed, since a thread whose sink stalls may use it at the end of the program.
    static auto& output = *new std::atomic<LogOutput::Ptr>(LogOutput::to({}, 0));
    return output;
}

}  // namespace

LogOutput::Ptr logOutput() {
    return current().load();
}

void useLogOutput(const LogOutput::Ptr& output) {
    output->configureQueue();
    const auto before = current().exchange(output);
    if (!output->sharesQueueWith(*before)) before->flush();
}

bool isLogged(Poco::Message::Priority priority) noexcept {
    return logOutput()->takes(priority);
}

void log(Poco::Message::Priority priority, const std::string& text) noexcept {
    try {
        const auto output = logOutput();
        if (!output->takes(priority)) return;
        output->write(LogSource::daemon, Poco::Message({}, oneLine(text), priority));
    } catch (...) {
        // This cannot be reported anywhere else.
        return;
    }
}

}  // namespace changebank::daemon
