#include "changebank/daemon/logging/LogOutput.h"

#include <Poco/Exception.h>
#include <Poco/FormattingChannel.h>
#include <Poco/PatternFormatter.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "changebank/daemon/logging/JsonLineFormatter.h"
#include "changebank/daemon/logging/StandardErrorChannel.h"

namespace changebank::daemon {

namespace {

constexpr std::array<const char*, 3> sourceNames{"changebank", "access", "audit"};

/// syslog(3) instead of Poco::SyslogChannel, whose destructor closes the connection of its successor on a
/// reload.
class SyslogChannel : public Poco::Channel {
public:
    SyslogChannel() { ::openlog("changebankd", LOG_PID, LOG_DAEMON); }

    void log(const Poco::Message& message) override {
        ::syslog(std::min<int>(message.getPriority(), LOG_DEBUG), "%s", message.getText().c_str());
    }
};

/// The journal and syslog add their own time and level.
const char* linePattern(LogTarget::Kind target) {
    const bool isDated =
        target == LogTarget::Kind::syslog ||
        (target == LogTarget::Kind::standardError && StandardErrorChannel::isJournal(STDERR_FILENO));
    return isDated ? "%s: %t" : "%Y-%m-%dT%H:%M:%S.%iZ %p %s: %t";
}

Poco::AutoPtr<Poco::Channel> channelTo(LogTarget::Kind target, const Poco::AutoPtr<LogFile>& file) {
    if (file) return file;
    if (target == LogTarget::Kind::syslog) return new SyslogChannel;
    return new StandardErrorChannel;
}

}  // namespace

LogOutput::Ptr LogOutput::of(const Settings& settings) {
    const auto& target = settings.logTarget;
    auto output = std::make_shared<LogOutput>();
    if (target.kind == LogTarget::Kind::file) output->_file = new LogFile(target.path);
    Poco::AutoPtr<Poco::Formatter> formatter;
    if (settings.logJson) {
        formatter = new JsonLineFormatter;
    } else {
        formatter = new Poco::PatternFormatter(linePattern(target.kind));
    }
    output->_channel = new Poco::FormattingChannel(formatter, channelTo(target.kind, output->_file));
    output->_level = settings.logLevel;
    output->_isJson = settings.logJson;
    return output;
}

LogOutput::Ptr LogOutput::withLevel(Poco::Message::Priority level) const {
    auto output = std::make_shared<LogOutput>(*this);
    output->_level = level;
    return output;
}

void LogOutput::write(LogSource source, Poco::Message message) const {
    message.setSource(sourceNames.at(static_cast<std::size_t>(source)));
    if (!_channel) throw Poco::IllegalStateException("no channel to log to", message.getSource());
    auto channel = _channel;
    channel->log(message);
}

void LogOutput::reopenFile() const {
    if (auto file = _file) file->reopen();
}

LogOutput::Ptr LogOutput::to(const Poco::AutoPtr<Poco::Channel>& channel, int level, bool json) {
    auto output = std::make_shared<LogOutput>();
    output->_channel = channel;
    output->_level = level;
    output->_isJson = json;
    return output;
}

}  // namespace changebank::daemon
