#include "daemon/Logging.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "security/Json.h"

namespace changebank::daemon {

namespace {

std::atomic<LogOutput::Ptr>& current() {
    static std::atomic<LogOutput::Ptr> output(LogOutput::to({}, 0));
    return output;
}

bool isControl(char c) {
    return static_cast<unsigned char>(c) < 0x20;
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
        // There is nowhere left to say so.
        return;
    }
}

std::string oneLine(std::string text) {
    if (std::none_of(text.begin(), text.end(), isControl)) return text;
    auto quoted = security::quoteJson(text);
    return quoted.substr(1, quoted.size() - 2);
}

}  // namespace changebank::daemon
