#include "changebank/daemon/logging/Logging.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/Json.h"

namespace changebank::daemon {

namespace {

std::atomic<LogOutput::Ptr>& current() {
    static std::atomic<LogOutput::Ptr> output(LogOutput::to({}, 0));
    return output;
}

}  // namespace

LogOutput::Ptr logOutput() {
    return current().load();
}

void useLogOutput(LogOutput::Ptr output) {
    current().store(std::move(output));
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
