#include "changebank/daemon/logging/LogOutput.h"

#include <Poco/Exception.h>
#include <Poco/Formatter.h>
#include <Poco/PatternFormatter.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "changebank/daemon/logging/FileSink.h"
#include "changebank/daemon/logging/JournalEntry.h"
#include "changebank/daemon/logging/JournalSink.h"
#include "changebank/daemon/logging/JsonLineFormatter.h"
#include "changebank/daemon/logging/StandardErrorSink.h"
#include "changebank/daemon/logging/SyslogSink.h"

namespace changebank::daemon {

namespace {

constexpr std::array<const char*, 3> sourceNames{"changebank", "access", "audit"};

/// The journal takes the priority of a line from its beginning (sd-daemon(3)).
std::string journalPrefix(Poco::Message::Priority priority) {
    return "<" + std::to_string(syslogPriority(priority)) + ">";
}

/// The fields of an entry whose text is that of the line.
std::string journalEntry(const LogLine& line, const Poco::Message& message) {
    JournalEntry entry;
    entry.add("MESSAGE", line.text)
        .add("PRIORITY", std::to_string(syslogPriority(line.priority)))
        .add("SYSLOG_IDENTIFIER", "changebankd");
    return entry.fields() + message.get(JournalEntry::fieldsParameter, "");
}

Poco::AutoPtr<Poco::Formatter> formatterOf(bool isJson, bool isDated) {
    if (isJson) return new JsonLineFormatter;
    return new Poco::PatternFormatter(isDated ? "%s: %t" : "%Y-%m-%dT%H:%M:%S.%iZ %p %s: %t");
}

std::string nameOf(const LogTarget& target) {
    switch (target.kind) {
        case LogTarget::Kind::file:
            return target.path;
        case LogTarget::Kind::syslog:
            return "syslog";
        case LogTarget::Kind::journal:
            return "the journal";
        case LogTarget::Kind::standardError:
            break;
    }
    return "standard error";
}

std::unique_ptr<LineSink> sinkTo(const LogTarget& target) {
    switch (target.kind) {
        case LogTarget::Kind::file:
            return std::make_unique<FileSink>(target.path);
        case LogTarget::Kind::syslog:
            return std::make_unique<SyslogSink>();
        case LogTarget::Kind::journal:
            return std::make_unique<JournalSink>();
        case LogTarget::Kind::standardError:
            break;
    }
    return std::make_unique<StandardErrorSink>();
}

}  // namespace

class LogOutput::Format {
public:
    explicit Format(const Settings& settings)
        : _kind(settings.logTarget.kind),
          _isStreamOfJournal(_kind == LogTarget::Kind::standardError &&
                             StandardErrorSink::isJournal(STDERR_FILENO)),
          // The journal and syslog add their own time and level.
          _formatter(formatterOf(settings.logJson, _isStreamOfJournal || _kind == LogTarget::Kind::syslog ||
                                                       _kind == LogTarget::Kind::journal)) {}

    LogLine lineOf(LogSource source, Poco::Message message) const {
        message.setSource(sourceNames.at(static_cast<std::size_t>(source)));
        LogLine line{{}, message.getPriority()};
        auto formatter = _formatter;
        formatter->format(message, line.text);
        if (_isStreamOfJournal) line.text.insert(0, journalPrefix(line.priority));
        if (_kind == LogTarget::Kind::journal) line.text = journalEntry(line, message);
        return line;
    }

    LogLine lossOf(std::uint64_t lines) const {
        const auto text = std::to_string(lines) + (lines == 1 ? " log line was" : " log lines were") +
                          " lost here, since the log could not be written in time";
        return lineOf(LogSource::daemon, {{}, text, Poco::Message::PRIO_WARNING});
    }

private:
    LogTarget::Kind _kind;
    /// Standard error is the journal's.
    bool _isStreamOfJournal;
    Poco::AutoPtr<Poco::Formatter> _formatter;
};

std::shared_ptr<LogOutput> LogOutput::withoutQueue(const Settings& settings) {
    auto output = std::make_shared<LogOutput>();
    output->_target = settings.logTarget;
    output->_format = std::make_shared<Format>(settings);
    output->_capacity = settings.logBuffer;
    output->_level = settings.logLevel;
    output->_isJson = settings.logJson;
    return output;
}

LogOutput::Ptr LogOutput::of(const Settings& settings, const Ptr& current) {
    auto output = withoutQueue(settings);
    if (current && current->_queue && current->_target == settings.logTarget) {
        current->reopenFile();
        output->_queue = current->_queue;
        output->_lostBefore = current->_lostBefore;
    } else {
        output->_queue = std::make_shared<LineQueue>(nameOf(settings.logTarget), sinkTo(settings.logTarget),
                                                     settings.logBuffer);
        output->_lostBefore = current ? current->lost() : 0;
    }
    return output;
}

LogOutput::Ptr LogOutput::through(std::unique_ptr<LineSink> sink, const Settings& settings) {
    auto output = withoutQueue(settings);
    output->_queue = std::make_shared<LineQueue>("the test's sink", std::move(sink), settings.logBuffer);
    return output;
}

LogOutput::Ptr LogOutput::withLevel(Poco::Message::Priority level) const {
    auto output = std::make_shared<LogOutput>(*this);
    output->_level = level;
    return output;
}

void LogOutput::write(LogSource source, Poco::Message message) const {
    if (_queue) {
        _queue->push(_format->lineOf(source, std::move(message)));
    } else {
        write(source, std::move(message), std::chrono::milliseconds(0));
    }
}

void LogOutput::write(LogSource source, Poco::Message message, std::chrono::milliseconds patience) const {
    if (_queue) {
        _queue->write(_format->lineOf(source, std::move(message)), patience);
        return;
    }
    auto channel = _channel;
    if (!channel) throw Poco::IllegalStateException("no channel to log to", message.getText());
    message.setSource(sourceNames.at(static_cast<std::size_t>(source)));
    channel->log(message);
}

void LogOutput::reopenFile() const {
    if (_target.kind == LogTarget::Kind::file) _queue->replaceSink(sinkTo(_target));
}

void LogOutput::configureQueue() const {
    if (!_queue) return;
    _queue->setCapacity(_capacity);
    _queue->setLossReport([format = _format](std::uint64_t lines) { return format->lossOf(lines); });
}

void LogOutput::flush() const {
    if (_queue) _queue->flush();
}

std::uint64_t LogOutput::lost() const {
    return _lostBefore + (_queue ? _queue->lost() : 0);
}

LogOutput::Ptr LogOutput::to(const Poco::AutoPtr<Poco::Channel>& channel, int level, bool json) {
    auto output = std::make_shared<LogOutput>();
    output->_channel = channel;
    output->_level = level;
    output->_isJson = json;
    return output;
}

}  // namespace changebank::daemon
